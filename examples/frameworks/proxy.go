package main

import (
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
)

// proxyTo serves h on a port of its own, and returns a reverse proxy to it. The
// host of the request is kept, as the server compares it with that of the
// page (or allow the page by Config.CORS).
func proxyTo(h http.Handler) http.Handler {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	go func() { log.Fatal(http.Serve(listener, h)) }()
	target := &url.URL{Scheme: "http", Host: listener.Addr().String()}
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.SetXForwarded()
		r.Out.Host = r.In.Host
	}}
}

// Command frameworks serves Socket.IO behind a router of your choice, under
// /api/socket.io/, in a group that has a middleware. With -proxy a reverse
// proxy stands in front of it.
package main

import (
	"context"
	"flag"
	"log"
	"net"
	"net/http"

	"github.com/gosio/sio"
)

// routers put a Socket.IO server into an application. Each has its file.
var routers = map[string]func(io http.Handler) http.Handler{
	"net/http": netHTTP,
	"chi":      chiRouter,
	"gin":      ginRouter,
	"echo":     echoRouter,
}

func main() {
	addr := flag.String("addr", ":3000", "address to listen on")
	with := flag.String("with", "net/http", "the router: net/http, chi, gin or echo")
	proxy := flag.Bool("proxy", false, "put a reverse proxy in front")
	flag.Parse()

	router := routers[*with]
	if router == nil {
		log.Fatalf("no router %q", *with)
	}
	io := sio.NewServer(nil)
	sio.Handle(io, "echo", func(_ context.Context, _ *sio.Socket, text string) (string, error) {
		return text, nil
	})
	handler := router(io)
	if *proxy {
		handler = proxyTo(handler)
	}

	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("open http://localhost:%d", listener.Addr().(*net.TCPAddr).Port)
	log.Fatal(http.Serve(listener, handler))
}

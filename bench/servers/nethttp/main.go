// Command nethttp is the limit for servers behind net/http: WebSocket and
// long polling in the shape of Engine.IO, but without a session's heartbeat
// and without parsing what is sent.
package main

import (
	"log"
	"net/http"
	"strings"

	"github.com/gosio/sio/bench/servers/internal/contract"
)

func main() {
	l, err := contract.Listen()
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		_, sid, _ := strings.Cut(r.URL.RawQuery, "sid=") // cheaper than to parse all of it
		sid, _, _ = strings.Cut(sid, "&")
		switch {
		case r.Header.Get("Upgrade") != "":
			upgrade(w, r, sid)
		case r.Method == http.MethodPost:
			post(w, r, sid)
		case sid == "":
			open(w)
		default:
			poll(w, r, sid)
		}
	})
	go func() { log.Fatal(http.Serve(l, nil)) }()
	contract.Ready(l)
	contract.Serve()
}

// Command hello serves a page that shows a pop-up when the server says hello.
package main

import (
	"embed"
	"flag"
	"io/fs"
	"log"
	"net"
	"net/http"

	"github.com/gosio/sio"
)

//go:embed public
var files embed.FS

func main() {
	addr := flag.String("addr", ":3000", "address to listen on")
	flag.Parse()

	io := sio.NewServer(nil)
	io.OnConnect(func(s *sio.Socket) {
		s.Emit("message", "Hello from Go!")
	})
	public, _ := fs.Sub(files, "public")
	http.Handle("/socket.io/", io)
	http.Handle("/", http.FileServerFS(public))

	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("open http://localhost:%d", listener.Addr().(*net.TCPAddr).Port)
	log.Fatal(http.Serve(listener, nil))
}

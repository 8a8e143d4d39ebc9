// Command chat serves a chat with rooms: who is here, who is typing, and what
// was said before one came. contract.go has the events that the page and the
// server exchange, chat.go what the server does with them.
package main

import (
	"context"
	"embed"
	"errors"
	"flag"
	"io/fs"
	"log"
	"net"
	"net/http"
	"os/signal"
	"syscall"
	"time"

	"github.com/gosio/sio"
)

//go:embed public
var files embed.FS

func main() {
	addr := flag.String("addr", ":3000", "address to listen on")
	flag.Parse()
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("open http://localhost:%d", listener.Addr().(*net.TCPAddr).Port)

	io := sio.NewServer(nil)
	newChat(io)
	public, err := fs.Sub(files, "public")
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/socket.io/", io)
	mux.Handle("/", http.FileServerFS(public))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Fatal(err)
		}
	}()

	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer cancel()
	<-stop.Done()
	end, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := errors.Join(io.Shutdown(end), server.Shutdown(end)); err != nil {
		log.Print(err)
	}
}

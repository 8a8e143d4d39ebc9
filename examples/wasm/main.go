// Command wasm serves a board that all who open the page draw on, and see each other's
// pointers. Server and page are written in Go:
//
//   - board has the events that they exchange, and the drawing that both keep;
//   - server.go is what the server does with them;
//   - page is the program that runs in the browser, over package client: main.go there has
//     the connection, pen.go and canvas.go the drawing;
//   - program.go builds that program when the server starts, and serves it. What else the page
//     needs is in public: HTML and CSS.
//
// A page that has lost its connection goes on drawing. The client keeps what it emits, and
// sends it when the server is back.
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
	newServer(io)
	program := buildProgram()
	public, err := fs.Sub(files, "public")
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/socket.io/", io)
	mux.HandleFunc("GET /board.wasm", program.serveWasm)
	mux.HandleFunc("GET /wasm_exec.js", program.serveExec)
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

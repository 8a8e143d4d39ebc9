// Command sio is our server, as the bench asks for it.
package main

import (
	"context"
	"log"
	"net/http"

	"github.com/gosio/sio"
	"github.com/gosio/sio/bench/servers/internal/contract"
	"github.com/gosio/sio/event"
)

// cast is a broadcast asked for: to a room, or to everybody if that is "".
type cast struct {
	event.Tuple
	Room, Text string
}

func main() {
	io := sio.NewServer(nil)
	sio.On(io, "echo", func(_ context.Context, s *sio.Socket, text string) error {
		return s.Emit("echo", text)
	})
	sio.Handle(io, "call", func(_ context.Context, _ *sio.Socket, text string) (string, error) {
		return text, nil
	})
	sio.On(io, "bin", func(_ context.Context, s *sio.Socket, data event.View) error {
		return s.Emit("bin", data)
	})
	sio.On(io, "join", func(_ context.Context, s *sio.Socket, rooms []string) error {
		s.Join(rooms...)
		return nil
	})
	sio.On(io, "leave", func(_ context.Context, s *sio.Socket, rooms []string) error {
		for _, room := range rooms {
			s.Leave(room)
		}
		return nil
	})
	sio.On(io, "cast", func(_ context.Context, _ *sio.Socket, c cast) error {
		if c.Room == "" {
			return io.Emit("cast", c.Text)
		}
		return io.To(c.Room).Emit("cast", c.Text)
	})
	l, err := contract.Listen()
	if err != nil {
		log.Fatal(err)
	}
	http.Handle("/socket.io/", io)
	go func() { log.Fatal(http.Serve(l, nil)) }()
	contract.Ready(l)
	contract.Serve()
}

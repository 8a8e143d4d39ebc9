package sio_test

import (
	"context"
	"errors"
	"log"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/event"
)

func ExampleNewServer() {
	io := sio.NewServer(nil)
	io.OnConnect(func(s *sio.Socket) {
		_ = s.Emit("message", "welcome")
	})
	http.Handle("/socket.io/", io)
	http.Handle("/", http.FileServer(http.Dir("public")))
	log.Fatal(http.ListenAndServe(":3000", nil))
}

// The argument of an event is decoded into the type that the handler takes.
func ExampleOn() {
	type message struct {
		Room string `json:"room"`
		Text string `json:"text"`
	}
	io := sio.NewServer(nil)
	sio.On(io, "chat", func(_ context.Context, s *sio.Socket, m message) error { // socket.emit("chat", { room, text })
		return s.To(m.Room).Emit("chat", s.ID(), m.Text)
	})
}

// Several arguments are the fields of an event.Tuple.
func ExampleOn_tuple() {
	type move struct {
		event.Tuple
		X, Y int
	}
	io := sio.NewServer(nil)
	sio.On(io, "move", func(_ context.Context, s *sio.Socket, m move) error { // socket.emit("move", 3, 4)
		return s.Broadcast().Emit("move", m)
	})
}

// What the handler returns is the acknowledgement.
func ExampleHandle() {
	type order struct{ Amount int }
	type receipt struct{ Total int }
	io := sio.NewServer(nil)
	sio.Handle(io, "order", func(_ context.Context, _ *sio.Socket, o order) (receipt, error) {
		if o.Amount <= 0 {
			return receipt{}, &sio.Error{Message: "nothing ordered"}
		}
		return receipt{Total: 3 * o.Amount}, nil
	})
}

// A handler can ask its own client, and wait for the answer.
func ExampleCall() {
	io := sio.NewServer(nil)
	sio.Handle(io, "delete", func(ctx context.Context, s *sio.Socket, name string) (bool, error) {
		ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
		defer cancel()
		sure, err := sio.Call[bool](ctx, s, "are you sure?", name)
		if errors.Is(err, sio.ErrTimeout) {
			return false, nil // no answer is an answer
		}
		return sure, err
	})
}

// The untyped form decodes what it wants, when it wants.
func ExampleMessage() {
	io := sio.NewServer(nil)
	io.On("anything", func(_ context.Context, _ *sio.Socket, m *sio.Message) error {
		args, err := m.Args()
		if err != nil {
			return err
		}
		go func() {
			_ = m.Ack(len(args)) // also after the handler has returned
		}()
		return nil
	})
}

func ExampleServer_Use() {
	type user struct{ name string }
	authenticate := func(context.Context, string) (*user, error) { return &user{"anna"}, nil }

	io := sio.NewServer(nil)
	io.Use(func(ctx context.Context, s *sio.Socket) error {
		var auth struct {
			Token string `json:"token"`
		}
		if err := s.Handshake().DecodeAuth(&auth); err != nil {
			return err
		}
		u, err := authenticate(ctx, auth.Token)
		if err != nil {
			return &sio.Error{Message: "not authorized", Data: map[string]any{"retry": false}}
		}
		s.SetData(u)
		return nil
	})
	io.OnConnect(func(s *sio.Socket) {
		u, _ := sio.DataOf[*user](s)
		_ = s.Emit("message", "welcome, "+u.name)
	})
}

// A Broadcast says who gets an event. It is a value, and can be kept.
func ExampleBroadcast() {
	io := sio.NewServer(nil)
	lobby := io.To("lobby").Except("muted")
	_ = lobby.Emit("news", "doors open")
	_ = lobby.Volatile().Emit("position", 3, 4) // who cannot take it now need not have it

	for s := range lobby.Sockets() {
		log.Print(s.ID())
	}
}

// The context of a socket ends when it is disconnected, with the reason.
func ExampleSocket_Context() {
	io := sio.NewServer(nil)
	io.OnConnect(func(s *sio.Socket) {
		go func() {
			tick := time.NewTicker(time.Second)
			defer tick.Stop()
			for {
				select {
				case now := <-tick.C:
					_ = s.Volatile().Emit("time", now)
				case <-s.Context().Done():
					log.Print(context.Cause(s.Context())) // a *sio.DisconnectError
					return
				}
			}
		}()
	})
}

func ExampleServer_Shutdown() {
	io := sio.NewServer(nil)
	http.Handle("/socket.io/", io)
	server := &http.Server{Addr: ":3000"}

	interrupted, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	go func() {
		<-interrupted.Done()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := errors.Join(io.Shutdown(ctx), server.Shutdown(ctx)); err != nil {
			log.Print(err)
		}
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Print(err)
	}
}

// Clients that lose their connection get back what they had, and what they missed.
func ExampleRecovery() {
	io := sio.NewServer(&sio.Config{Recovery: &sio.Recovery{MaxDisconnection: 5 * time.Minute}})
	io.OnConnect(func(s *sio.Socket) {
		if s.Recovered() {
			return // its rooms and data are there already
		}
		s.Join("lobby")
	})
}

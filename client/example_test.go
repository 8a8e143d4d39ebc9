package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"sync/atomic"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/client"
	"github.com/gosio/sio/event"
)

// The contract of the examples, which their server and clients share.
const (
	Chat   event.Name[string]          = "chat"
	Double event.Call[int, int]        = "double"
	Open   event.Call[string, receipt] = "open"
)

type receipt struct {
	Number int    `json:"number"`
	Title  string `json:"title"`
}

// serveExample starts the server that the examples talk to.
func serveExample() (io *sio.Server, url string, stop func()) {
	io = sio.NewServer(nil)
	io.OnConnect(func(s *sio.Socket) { _ = s.Emit("chat", "welcome") })
	sio.On(io, Chat, func(_ context.Context, s *sio.Socket, text string) error { return s.Emit("chat", "you said "+text) })
	sio.Handle(io, Double, func(_ context.Context, _ *sio.Socket, n int) (int, error) { return 2 * n, nil })
	sio.Handle(io, Open, func(_ context.Context, _ *sio.Socket, title string) (receipt, error) {
		if title == "" {
			return receipt{}, &sio.Error{Message: "a title is needed"}
		}
		return receipt{Number: 1, Title: title}, nil
	})
	io.Of("/admin").Use(func(_ context.Context, s *sio.Socket) error {
		if s.Handshake().Auth()["token"] != "secret" {
			return &sio.Error{Message: "not authorized", Data: "try again"}
		}
		return nil
	})
	web := httptest.NewServer(io)
	return io, web.URL, func() {
		_ = io.Close()
		web.Close()
	}
}

// Listeners belong into Setup, so that nothing of what the server says first is missed.
func ExampleDial() {
	_, url, stop := serveExample()
	defer stop()
	heard := make(chan string)
	s, err := client.Dial(context.Background(), url, &client.Config{
		Setup: func(s *client.Socket) {
			client.On(s, "chat", func(_ context.Context, text string) error {
				heard <- text
				return nil
			})
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	fmt.Println(<-heard)
	_ = s.Emit("chat", "hello")
	fmt.Println(<-heard)
	// Output:
	// welcome
	// you said hello
}

// New does not connect yet; what is emitted meanwhile waits for that.
func ExampleNew() {
	_, url, stop := serveExample()
	defer stop()
	s, err := client.New(url, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	heard := make(chan string, 2)
	client.On(s, Chat, func(_ context.Context, text string) error {
		heard <- text
		return nil
	})
	_ = client.Emit(s, Chat, "is there anybody?")
	s.Connect()
	fmt.Println(<-heard)
	fmt.Println(<-heard)
	// Output:
	// welcome
	// you said is there anybody?
}

// The types are those of the contract; an error tells who has failed.
func ExampleCall() {
	_, url, stop := serveExample()
	defer stop()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	s, err := client.Dial(ctx, url, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	four, err := client.Call(ctx, s, Double, 2)
	fmt.Println(four, err)
	opened, err := client.Call(ctx, s, Open, "A question")
	fmt.Println(opened.Number, opened.Title, err)
	_, err = client.Call(ctx, s, Open, "")
	var refused *client.Error
	fmt.Println(errors.As(err, &refused), err)
	soon, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	_, err = client.Call[int](soon, s, "nobody answers this", 0)
	fmt.Println(errors.Is(err, client.ErrTimeout), err)
	// Output:
	// 4 <nil>
	// 1 A question <nil>
	// true a title is needed
	// true operation has timed out
}

// The server may call the client, too.
func ExampleHandle() {
	io, url, stop := serveExample()
	defer stop()
	answers := make(chan string, 1)
	io.OnConnect(func(s *sio.Socket) {
		answer, err := sio.Call[string](s.Context(), s, "name", 7)
		answers <- fmt.Sprint(answer, err)
	})
	s, err := client.Dial(context.Background(), url, &client.Config{Setup: func(s *client.Socket) {
		client.Handle(s, "name", func(_ context.Context, n int) (string, error) { return fmt.Sprintf("agent 00%d", n), nil })
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	fmt.Println(<-answers)
	// Output:
	// agent 007<nil>
}

// Several arguments are the fields of an event.Tuple, on both sides.
func ExampleOn_tuple() {
	io, url, stop := serveExample()
	defer stop()
	type move struct {
		event.Tuple
		X, Y int
	}
	io.OnConnect(func(s *sio.Socket) { _ = s.Emit("move", 3, 4) })
	moves := make(chan move)
	s, err := client.Dial(context.Background(), url, &client.Config{Setup: func(s *client.Socket) {
		client.On(s, "move", func(_ context.Context, m move) error {
			moves <- m
			return nil
		})
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	m := <-moves
	fmt.Println(m.X, m.Y)
	// Output:
	// 3 4
}

// Namespaces share a connection. A refusal by the server says why, and is not repeated by
// itself.
func ExampleSocket_Of() {
	_, url, stop := serveExample()
	defer stop()
	ctx := context.Background()
	s, err := client.Dial(ctx, url, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	admin := s.Of("/admin")
	admin.Connect()
	var refused *client.Error
	if errors.As(admin.WaitConnected(ctx), &refused) {
		fmt.Println(refused.Message+":", refused.Data, admin.State())
	}
	admin.SetAuth(client.StaticAuth(map[string]string{"token": "secret"}))
	admin.Connect()
	fmt.Println(admin.WaitConnected(ctx), admin.State())
	// Output:
	// not authorized: try again idle
	// <nil> connected
}

// The state, whenever it changes.
func ExampleSocket_States() {
	_, url, stop := serveExample()
	defer stop()
	s, err := client.New(url, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for state := range s.States(context.Background()) {
		fmt.Println(state)
		switch state {
		case client.Idle:
			s.Connect()
		case client.Connected:
			go s.Close()
		}
	}
	// Output:
	// idle
	// connecting
	// connected
	// closed
}

// Drain closes when all that was emitted has left, and what was asked is answered.
func ExampleSocket_Drain() {
	io, url, stop := serveExample()
	defer stop()
	var lines atomic.Int32
	done := make(chan struct{})
	sio.On(io, "line", func(context.Context, *sio.Socket, string) error {
		if lines.Add(1) == 1000 {
			close(done)
		}
		return nil
	})
	s, err := client.New(url, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	s.Connect()
	for range 1000 {
		_ = s.Emit("line", "an event that waits for the connection")
	}
	err = s.Drain(context.Background())
	<-done
	fmt.Println(err, lines.Load(), s.Emit("line", "too late"))
	// Output:
	// <nil> 1000 client: closed
}

// What a connection goes through, for metrics and logs.
func ExampleObserver() {
	_, url, stop := serveExample()
	defer stop()
	upgraded := make(chan struct{})
	s, err := client.Dial(context.Background(), url, &client.Config{Observer: client.Observer{
		Opened: func(transport string) { fmt.Println("opened with", transport) },
		Upgraded: func(transport string) {
			fmt.Println("upgraded to", transport)
			close(upgraded)
		},
		Closed: func(reason client.Reason, _ error) { fmt.Println("closed:", reason) },
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	<-upgraded
	s.Close()
	// Output:
	// opened with polling
	// upgraded to websocket
	// closed: forced close
}

// A volatile event is dropped where another would wait.
func ExampleSocket_Volatile() {
	_, url, stop := serveExample()
	defer stop()
	s, err := client.New(url, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	err = s.Volatile().Emit("position", 1, 2) // there is no connection
	fmt.Println(err, s.Buffered())
	_ = s.Emit("position", 3, 4)
	fmt.Println(s.Buffered() > 0)
	// Output:
	// <nil> 0
	// true
}

// The untyped form decodes what it wants, when it wants.
func ExampleMessage() {
	io, url, stop := serveExample()
	defer stop()
	io.OnConnect(func(s *sio.Socket) { _ = s.Emit("anything", "a text", 42, []byte("binary")) })
	done := make(chan struct{})
	s, err := client.Dial(context.Background(), url, &client.Config{Setup: func(s *client.Socket) {
		s.On("anything", func(_ context.Context, m *client.Message) error {
			defer close(done)
			var text string
			var number int
			err := m.Decode(&text, &number) // the third is left as it is
			fmt.Println(m.Len(), text, number, err)
			return err
		})
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	<-done
	// Output:
	// 3 a text 42 <nil>
}

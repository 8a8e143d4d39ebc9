package traffic_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/gosio/sio/client"
	"github.com/gosio/sio/event"
)

// connect returns a Socket of the page's own server, and what comes of an event.
func connect(t *testing.T, mode string, name event.Name[string]) (*client.Socket, <-chan string) {
	t.Helper()
	leavesNothing(t)
	got := make(chan string, 1000)
	cfg := &client.Config{ReconnectionDelay: 50e6, Setup: func(s *client.Socket) {
		client.On(s, name, func(_ context.Context, text string) error {
			got <- text
			return nil
		})
	}}
	if mode != "upgrade" {
		cfg.Transports = []string{mode}
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	s, err := client.Dial(ctx, "", cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, got
}

func emit(t *testing.T, s *client.Socket, name string, args ...any) {
	t.Helper()
	if err := s.Emit(name, args...); err != nil {
		t.Fatal(err)
	}
}

// A server that goes, and comes back: what is emitted meanwhile arrives.
func TestReconnection(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode string) {
		s, echoes := connect(t, mode, "message-back")
		lost := make(chan client.Reason, 10)
		s.OnDisconnect(func(reason client.Reason, _ error) { lost <- reason })
		emit(t, s, "message", "before")
		get(t, "echo", echoes)
		post(t, *control+"/restart")
		if reason := get(t, "loss of the connection", lost); reason != client.TransportClose && reason != client.TransportFailed {
			t.Errorf("the connection is lost by %q", reason)
		}
		for i := range 100 {
			emit(t, s, "message", fmt.Sprint("meanwhile ", i))
		}
		for i := range 100 {
			if got := get(t, "echo", echoes); got != fmt.Sprint("meanwhile ", i) {
				t.Fatalf("in place of echo %d comes %q", i, got)
			}
		}
	})
}

// A server that disconnects the client from a namespace, and one that closes its connection.
func TestDisconnectedByServer(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode string) {
		s, echoes := connect(t, mode, "message-back")
		lost := make(chan client.Reason, 10)
		s.OnDisconnect(func(reason client.Reason, _ error) { lost <- reason })
		emit(t, s, "close me")
		if reason := get(t, "loss of the connection", lost); reason != client.TransportClose && reason != client.ServerDisconnect {
			t.Errorf("the connection is lost by %q", reason)
		}
		s.Connect()
		emit(t, s, "message", "back again")
		get(t, "echo", echoes)
		emit(t, s, "leave me")
		if reason := get(t, "disconnection", lost); reason != client.ServerDisconnect || s.State() != client.Idle {
			t.Errorf("the client is disconnected by %q, and %v", reason, s.State())
		}
	})
}

// Drain waits until large calls are answered.
func TestDrain(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode string) {
		s, _ := connect(t, mode, "none")
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		const count = 20
		text := strings.Repeat("x", 200_000)
		answers := make(chan error, count)
		var emitted sync.WaitGroup
		for range count {
			emitted.Add(1)
			go func() {
				emitted.Done()
				answer, err := client.Call[string](ctx, s, "message-with-ack", text)
				if err == nil && answer != text {
					err = fmt.Errorf("an answer of %d bytes", len(answer))
				}
				answers <- err
			}()
		}
		emitted.Wait()
		if err := s.Drain(ctx); err != nil {
			t.Errorf("Drain: %v", err)
		}
		for range count {
			if err := get(t, "answer", answers); err != nil {
				t.Error(err)
			}
		}
	})
}

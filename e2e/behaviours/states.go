package behaviours

import (
	"context"
	"errors"

	"github.com/gosio/sio/client"
)

var states = []Behaviour{
	{"states: each is told, in order", nil, func(t *T) {
		var allow func()
		s := t.socket("/", holding(&allow))
		told := make(chan client.State, 20)
		s.OnState(func(state client.State) { told <- state })
		t.equal(s.State() == client.Idle, true)
		expect := func(all ...client.State) {
			for _, want := range all {
				if got := receive(t, told, "the state "+want.String()); got != want {
					t.Errorf("%v instead of %v", got, want)
				}
			}
		}
		t.connected(s)
		expect(client.Connecting, client.Connected)
		t.cut(s)
		expect(client.Connecting)
		allow()
		expect(client.Connected)
		s.Disconnect()
		expect(client.Idle)
		s.Close()
		expect(client.Closed)
		t.equal(len(told), 0)
	}},
	{"states: by an iterator", nil, func(t *T) {
		s := t.socket("/")
		var seen []client.State
		for state := range s.States(t.ctx) {
			seen = append(seen, state)
			switch state {
			case client.Idle:
				if len(seen) == 1 {
					s.Connect()
				} else {
					s.Close()
				}
			case client.Connected:
				s.Disconnect()
			}
		}
		t.equal(seen, []client.State{client.Idle, client.Connecting, client.Connected, client.Idle, client.Closed})
	}},
	{"states: hooks in order with events", nil, func(t *T) {
		s := t.socket("/")
		told := make(chan string, 20)
		s.OnConnect(func() { told <- "connect" })
		s.OnDisconnect(func(client.Reason, error) { told <- "disconnect" })
		s.On("auth", func(context.Context, *client.Message) error { told <- "auth"; return nil })
		t.connected(s)
		expect := func(all ...string) {
			for _, want := range all {
				t.equal(receive(t, told, want), want)
			}
		}
		expect("connect", "auth")
		t.cut(s)
		expect("disconnect", "connect", "auth")
		s.Disconnect()
		expect("disconnect")
	}},
	{"states: whoever waits for a connection may stop that", nil, func(t *T) {
		s := t.socket("/")
		stopped := errors.New("stopped")
		ctx, cancel := context.WithCancelCause(t.ctx)
		cancel(stopped)
		if err := s.WaitConnected(ctx); !errors.Is(err, stopped) {
			t.Errorf("%v is not why", err)
		}
	}},
	{"states: the context of a connection", nil, func(t *T) {
		s := t.connect("/")
		first := s.Context()
		t.equal(first.Err(), nil)
		t.cut(s)
		receive(t, first.Done(), "the end of the context")
		lostFor(t, context.Cause(first), client.TransportClose)
		t.connected(s)
		t.equal(s.Context().Err(), nil)
	}},
	{"drain: everything is delivered first", nil, func(t *T) {
		heard := t.connect("/")
		sent := t.collect(heard, "sent", 200)
		s := t.connect("/")
		back := t.collect(s, "message-back", 1)
		t.emit(s, "message", "é")
		for _, n := range numbers(200) {
			t.emit(s, "send", map[string]any{"value": n})
		}
		answer := make(chan error, 1)
		asked := make(chan struct{})
		s.OnAnyOutgoing(func(m *client.Message) {
			if m.Event() == "message-with-ack" {
				close(asked)
			}
		})
		go func() {
			_, err := s.EmitWithAck(t.ctx, "message-with-ack", 1)
			answer <- err
		}()
		receive(t, asked, "the call")
		if err := s.Drain(t.ctx); err != nil {
			t.Errorf("Drain: %v", err)
		}
		t.equal(receive(t, answer, "the acknowledgement"), nil)
		t.equal([]any{s.State() == client.Closed, s.Manager().Transport()}, []any{true, ""})
		t.equal(sent(), numbers(200))
		t.equal(back(), []any{"é"})
		if err := s.Emit("message"); !errors.Is(err, client.ErrClosed) {
			t.Errorf("Emit: %v", err)
		}
	}},
	{"drain: what waits for a connection, of all namespaces", []Need{ours}, func(t *T) { // as with Disconnect
		heard := t.connect("/")
		sent := t.collect(heard, "sent", 10)
		s := t.socket("/")
		custom := s.Of("/custom")
		for _, n := range numbers(10) {
			t.emit(s, "send", map[string]any{"value": n})
		}
		t.emit(custom, "message", 1)
		custom.Connect()
		s.Connect()
		if err := s.Manager().Drain(t.ctx); err != nil {
			t.Errorf("Drain: %v", err)
		}
		t.equal(sent(), numbers(10))
		t.equal([]any{s.State() == client.Closed, custom.State() == client.Closed}, []any{true, true})
	}},
	{"drain: an end to it", nil, func(t *T) {
		s := t.socket("/")
		t.emit(s, "message", 1) // which nothing will send
		stopped := errors.New("stopped")
		ctx, cancel := context.WithCancelCause(t.ctx)
		cancel(stopped)
		if err := s.Drain(ctx); !errors.Is(err, stopped) {
			t.Errorf("Drain: %v", err)
		}
		t.equal(s.State() == client.Closed, true)
	}},
}

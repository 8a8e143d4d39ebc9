package behaviours

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gosio/sio/client"
	"github.com/gosio/sio/event"
)

var events = append(roundTrips, []Behaviour{
	{"events: several arguments, with types", nil, func(t *T) {
		type move struct {
			event.Tuple
			X, Y  int
			Label string
		}
		const message, back event.Name[move] = "message", "message-back"
		s := t.connect("/")
		got := make(chan move, 1)
		client.On(s, back, func(_ context.Context, m move) error { got <- m; return nil })
		want := move{X: 1, Y: -2, Label: "ü"}
		if err := client.Emit(s, message, want); err != nil {
			t.Fatalf("Emit: %v", err)
		}
		t.equal(receive(t, got, "the move") == want, true)
	}},
	{"events: one that nobody listens to is ignored", nil, func(t *T) {
		s := t.connect("/")
		for _, name := range []string{"nobody listens", "", "42", "message "} {
			t.emit(s, name, 1, map[string]any{"a": 1})
		}
		t.emit(s, "message", 1) // answered with one that nobody listens to here
		t.alive(s)
	}},
	{"events: reserved names", nil, func(t *T) {
		s := t.connect("/")
		for _, name := range []string{"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"} {
			if err := s.Emit(name); !errors.Is(err, client.ErrReservedEvent) {
				t.Errorf("%s: %v", name, err)
			}
		}
		t.alive(s)
	}},
	{"events: a handler of the server that panics ends only its event", nil, func(t *T) {
		s := t.connect("/")
		t.emit(s, "panic")
		t.alive(s)
	}},
	{"events: a handler that panics or fails ends only its event", nil, func(t *T) {
		errs := make(chan error, 10)
		s := t.connect("/", func(c *client.Config) { c.OnError = func(err error) { errs <- err } })
		client.On(s, "message-back", func(_ context.Context, text string) error {
			if text == "panic" {
				panic(text)
			}
			return errors.New(text)
		})
		t.emit(s, "message", "panic")
		var panicked *client.PanicError
		if err := receive(t, errs, "the panic"); !errors.As(err, &panicked) || panicked.Value != "panic" {
			t.Errorf("%v is not the panic", err)
		}
		t.emit(s, "message", "fail")
		var failed *client.EventError
		if err := receive(t, errs, "the error"); !errors.As(err, &failed) || failed.Event != "message-back" || failed.Err.Error() != "fail" {
			t.Errorf("%v is not the error", err)
		}
		t.emit(s, "message", 5)
		if err := receive(t, errs, "the error of the argument"); !errors.As(err, &failed) || failed.Event != "message-back" {
			t.Errorf("%v is not that of the argument", err)
		}
		t.alive(s)
	}},
	{"events: listeners come, go, and hear once", nil, func(t *T) {
		s := t.connect("/")
		var mu sync.Mutex
		heard := map[string]int{}
		note := func(who string) func(context.Context, any) error {
			return func(context.Context, any) error {
				mu.Lock()
				defer mu.Unlock()
				heard[who]++
				return nil
			}
		}
		client.On(s, "message-back", note("always"))
		client.Once(s, "message-back", note("once"))
		off := client.On(s, "message-back", note("first"))
		for i := range 3 {
			back := t.next(s, "message-back")
			t.emit(s, "message", i)
			back() // called after the others
			off()
		}
		mu.Lock()
		defer mu.Unlock()
		t.equal(heard, map[string]int{"always": 3, "once": 1, "first": 1})
	}},
	{"events: catch-all listeners see what comes and goes", nil, func(t *T) {
		s := t.socket("/")
		auth := t.next(s, "auth")
		t.connected(s)
		auth()
		type seen struct {
			name string
			args []any
		}
		in, out := make(chan seen, 10), make(chan seen, 10)
		note := func(c chan seen, m *client.Message) {
			args, err := m.Args()
			if err != nil {
				t.Errorf("%s: %v", m.Event(), err)
			}
			c <- seen{m.Event(), args}
		}
		offIn := s.OnAny(func(_ context.Context, m *client.Message) { note(in, m) })
		s.OnAnyOutgoing(func(m *client.Message) { note(out, m) })
		t.emit(s, "message", 1, "é", some(3))
		got := receive(t, in, "the event that comes")
		t.equal([]any{got.name, got.args}, []any{"message-back", []any{1, "é", some(3)}})
		got = receive(t, out, "the event that goes")
		t.equal([]any{got.name, got.args}, []any{"message", []any{1, "é", some(3)}})
		offIn()
		t.alive(s)
		got = receive(t, out, "the event with an acknowledgement")
		t.equal([]any{got.name, got.args}, []any{"message-with-ack", []any{"alive"}})
		t.equal([]any{len(in), len(out)}, []any{0, 0})
	}},
	{"events: interceptors change and drop them", nil, func(t *T) {
		s := t.connect("/")
		s.Intercept(func(_ context.Context, m *client.Message, next func() error) error {
			var n int
			if m.Event() != "message-back" {
				return next()
			}
			if err := m.Decode(&n); err != nil {
				return err
			}
			if n == 1 {
				return nil // dropped
			}
			if err := m.SetArgs(n * 10); err != nil {
				return err
			}
			return next()
		})
		back := t.collect(s, "message-back", 2)
		for i := range 3 {
			t.emit(s, "message", i)
		}
		t.equal(back(), []any{0, 20})
	}},
	{"events: without compression", nil, func(t *T) {
		s := t.connect("/")
		back := t.next(s, "message-back")
		text := strings.Repeat("not compressed ", 500)
		t.emit(s.Compress(false), "message", text)
		t.equal(back()[0], text)
	}},
	{"events: 2 MB of JSON, there and back", nil, func(t *T) {
		type row struct {
			N    int    `json:"n"`
			Text string `json:"text"`
		}
		list := make([]row, 50_000)
		for i := range list {
			list[i] = row{i, "é and some more text"}
		}
		s := t.connect("/")
		got := make(chan []row, 1)
		client.On(s, "message-back", func(_ context.Context, rows []row) error { got <- rows; return nil })
		t.emit(s, "message", list)
		t.equal(slices.Equal(receive(t, got, "the list"), list), true)
	}},
	{"events: a text of 3 MB, and one that is more than the server takes", nil, func(t *T) {
		s := t.connect("/", func(c *client.Config) { c.MaxBuffer = -1 })
		back := t.next(s, "message-back")
		text := strings.Repeat("é", 1_500_000)
		t.emit(s, "message", text)
		t.equal(back()[0] == text, true)
		lost := ended(s)
		t.emit(s, "message", strings.Repeat("x", 5_000_001))
		if reason := receive(t, lost, "the end of the connection"); reason != client.TransportClose && reason != client.TransportFailed {
			t.Errorf("%s", reason)
		}
		t.alive(s) // over another connection
	}},
	{"events: 300 at once are handled in order", nil, func(t *T) {
		s := t.connect("/")
		back := t.collect(s, "message-back", 300)
		for _, n := range numbers(300) {
			t.emit(s, "message", n)
		}
		t.equal(back(), numbers(300))
	}},
	{"events: volatile ones reach a client that listens", nil, func(t *T) {
		s := t.connect("/")
		last := -1.0
		client.On(s, "drop", func(_ context.Context, n float64) error {
			if n <= last {
				t.Errorf("%v after %v", n, last)
			}
			last = n
			return nil
		})
		done := t.next(s, "done")
		t.emit(s, "burst", 50)
		done()
		t.alive(s)
	}},
	{"events: volatile ones are sent over an idle connection, and dropped without one", nil, func(t *T) {
		s := t.connect("/")
		t.alive(s)
		back := t.next(s, "message-back")
		t.until("a volatile event is sent", func() bool { // over polling, while no request is under way
			t.emit(s.Volatile(), "up", 1)
			return len(t.ack(s, "log")[0].([]any)) > 0
		})
		t.emit(s, "message", 1)
		back()
		s.Disconnect()
		t.emit(s.Volatile(), "up", 2)
		t.emit(s, "up", 3)
		s.Connect()
		t.equal(t.ack(s, "log"), []any{[]any{3}})
	}},
	{"events: a time, by which the server counts on", nil, func(t *T) {
		s := t.connect("/")
		at := time.Date(2024, 2, 28, 23, 59, 59, 123e6, time.UTC)
		got, err := client.Call[time.Time](t.ctx, s, "tomorrow", at)
		if err != nil || !got.Equal(at.AddDate(0, 0, 1)) {
			t.Errorf("%v: %v", got, err)
		}
	}},
}...)

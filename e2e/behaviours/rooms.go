package behaviours

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/gosio/sio/client"
)

var rooms = []Behaviour{
	{"rooms: join and leave, and the room of one's own id", nil, func(t *T) {
		s := t.connect("/")
		in := func(answer []any, names ...string) {
			got := answer[0].([]any)
			slices.SortFunc(got, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
			names = append(names, s.ID())
			slices.Sort(names)
			t.equal(got, names)
		}
		in(t.ack(s, "rooms"))
		in(t.ack(s, "join", []string{"a", "b", "a", `räume "x"`}), "a", "b", `räume "x"`)
		in(t.ack(s, "leave", "a"), "b", `räume "x"`)
		in(t.ack(s, "leave", "never there"), "b", `räume "x"`)
	}},
	{"rooms: who hears what", nil, func(t *T) {
		a, b, c := t.connect("/"), t.connect("/"), t.connect("/")
		t.ack(a, "join", []string{"x"})
		t.ack(b, "join", []string{"x", "y"})
		e := newEars(t, a, b, c)
		e.hear(a, map[string]any{}, "bc")
		e.hear(a, map[string]any{"all": true}, "abc")
		e.hear(a, map[string]any{"rooms": []string{"x"}}, "b")
		e.hear(c, map[string]any{"rooms": []string{"x", "y"}}, "ab")
		e.hear(a, map[string]any{"rooms": []string{c.ID()}}, "c")
		e.hear(a, map[string]any{"rooms": []string{"nobody"}}, "")
		t.ack(b, "leave", "x")
		e.hear(c, map[string]any{"rooms": []string{"x"}}, "a")
		b.Disconnect()
		t.connected(b)
		e.hear(c, map[string]any{"rooms": []string{"y"}}, "")
	}},
	{"rooms: all but some", []Need{since(4)}, func(t *T) {
		a, b, c := t.connect("/"), t.connect("/"), t.connect("/")
		t.ack(a, "join", []string{"x"})
		t.ack(b, "join", []string{"x", "y"})
		e := newEars(t, a, b, c)
		e.hear(c, map[string]any{"rooms": []string{"x"}, "except": []string{"y"}}, "a")
		e.hear(c, map[string]any{"all": true, "except": []string{"x"}}, "c")
	}},
	{"rooms: binary data to all, over their different transports", nil, func(t *T) {
		a := t.connect("/")
		over := func(transport string) *client.Socket {
			return t.connect("/", func(c *client.Config) { c.Transports = []string{transport} })
		}
		var waits []func() []any
		for _, s := range []*client.Socket{a, over(client.Polling), over(client.WebSocket)} {
			waits = append(waits, t.next(s, "sent"))
		}
		t.ack(a, "send", map[string]any{"all": true, "value": "é", "data": some(3)})
		for _, wait := range waits {
			t.equal(wait(), []any{"é", some(3)})
		}
	}},
}

// ears note which of some clients hear the event "sent". They are named a, b, c …
type ears struct {
	t       *T
	sockets []*client.Socket
	mu      sync.Mutex
	heard   string
}

func newEars(t *T, sockets ...*client.Socket) *ears {
	e := &ears{t: t, sockets: sockets}
	for i, s := range sockets {
		s.On("sent", func(context.Context, *client.Message) error {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.heard += string(rune('a' + i))
			return nil
		})
	}
	return e
}

// hear checks who hears what one sends.
func (e *ears) hear(sender *client.Socket, what map[string]any, want string) {
	e.t.ack(sender, "send", what)
	for _, s := range e.sockets { // an event that comes after "sent", to be handled after it
		back := e.t.next(s, "message-back")
		e.t.emit(s, "message")
		back()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	got := []byte(e.heard)
	slices.Sort(got)
	if string(got) != want {
		e.t.Errorf("%v is heard by %q, not %q", what, got, want)
	}
	e.heard = ""
}

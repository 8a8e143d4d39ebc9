package behaviours

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gosio/sio/client"
)

// socket returns a client that is not connected yet. A namespace may have a query.
func (t *T) socket(namespace string, changes ...func(*client.Config)) *client.Socket {
	return t.socketWith(namespace, t.config(changes...))
}

func (t *T) socketWith(namespace string, cfg *client.Config) *client.Socket {
	s, err := client.New(t.URL+namespace, cfg)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	t.later(s.Close)
	return s
}

// connect returns a client that is connected, and upgraded in that mode.
func (t *T) connect(namespace string, changes ...func(*client.Config)) *client.Socket {
	cfg := t.config(changes...)
	upgraded := noteUpgrade(cfg)
	s := t.socketWith(namespace, cfg)
	t.connected(s)
	if t.Mode == "upgrade" && !cfg.NoUpgrade && len(cfg.Transports) > 1 {
		if transport := receive(t, upgraded, "the upgrade"); transport != client.WebSocket {
			t.Errorf("upgraded to %q", transport)
		}
	}
	return s
}

// connected connects a socket.
func (t *T) connected(s *client.Socket) {
	s.Connect()
	if err := s.WaitConnected(t.ctx); err != nil {
		t.Fatalf("%s is not connected: %v", s.Namespace(), err)
	}
}

// join connects the socket of another namespace of the same connection.
func (t *T) join(main *client.Socket, namespace string) *client.Socket {
	s := main.Of(namespace)
	t.connected(s)
	return s
}

// refused expects that a socket is not let in, and returns why.
func (t *T) refused(s *client.Socket) *client.Error {
	s.Connect()
	var refusal *client.Error
	if err := s.WaitConnected(t.ctx); !errors.As(err, &refusal) {
		t.Fatalf("%s: %v instead of a refusal", s.Namespace(), err)
	}
	if s.State() != client.Idle || s.Active() || s.ID() != "" {
		t.Errorf("%s: state %v, active %v, id %q after a refusal", s.Namespace(), s.State(), s.Active(), s.ID())
	}
	return refusal
}

// noteUpgrade returns the transports that the connections of a configuration move to.
func noteUpgrade(cfg *client.Config) <-chan string {
	c, before := make(chan string, 100), cfg.Observer.Upgraded
	cfg.Observer.Upgraded = func(transport string) {
		c <- transport
		if before != nil {
			before(transport)
		}
	}
	return c
}

// hold lets the first connection be made, and others when they are allowed to.
func hold(cfg *client.Config) (allow func()) {
	allowed, first := make(chan struct{}), true
	before := cfg.RefreshHeader
	cfg.RefreshHeader = func(ctx context.Context, h http.Header) error {
		if !first {
			select {
			case <-allowed:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		first = false
		if before != nil {
			return before(ctx, h)
		}
		return nil
	}
	return sync.OnceFunc(func() { close(allowed) })
}

// receive waits for a value.
func receive[V any](t *T, c <-chan V, what string) V {
	select {
	case v := <-c:
		return v
	case <-t.ctx.Done():
		t.Fatalf("waited in vain for %s", what)
		panic("unreachable")
	}
}

// ended returns the reasons for which the socket is disconnected, from now on.
func ended(s *client.Socket) <-chan client.Reason {
	c := make(chan client.Reason, 100)
	s.OnDisconnect(func(reason client.Reason, _ error) { c <- reason })
	return c
}

// next returns a function that waits for the arguments of the next event of that name.
func (t *T) next(s *client.Socket, name string) func() []any {
	c := make(chan []any, 1)
	s.Once(name, func(_ context.Context, m *client.Message) error {
		args, err := m.Args()
		c <- args
		return err
	})
	return func() []any { return receive(t, c, "the event "+name) }
}

// collect returns a function that waits for the first arguments of n events.
func (t *T) collect(s *client.Socket, name string, n int) func() []any {
	c := make(chan any, n)
	s.On(name, func(_ context.Context, m *client.Message) error {
		args, err := m.Args()
		if err != nil || len(args) == 0 {
			args = []any{fmt.Sprint("no argument: ", err)}
		}
		select {
		case c <- args[0]:
		default:
			t.Errorf("more than %d events %q", n, name)
		}
		return nil
	})
	return func() []any {
		all := make([]any, 0, n)
		for range n {
			all = append(all, receive(t, c, fmt.Sprintf("%d events %s, of which %d have come", n, name, len(all))))
		}
		return all
	}
}

// never expects that the event does not come until the returned function is called.
func (t *T) never(s *client.Socket, name string) (end func()) {
	return s.On(name, func(context.Context, *client.Message) error {
		t.Errorf("an event %q", name)
		return nil
	})
}

func (t *T) emit(to client.Emitter, name string, args ...any) {
	if err := to.Emit(name, args...); err != nil {
		t.Fatalf("emit %q: %v", name, err)
	}
}

// ack returns what the server acknowledges an event with.
func (t *T) ack(to client.AckEmitter, name string, args ...any) []any {
	m, err := to.EmitWithAck(t.ctx, name, args...)
	if err != nil {
		t.Fatalf("%q is not acknowledged: %v", name, err)
	}
	values, err := m.Args()
	if err != nil {
		t.Fatalf("the acknowledgement of %q: %v", name, err)
	}
	return values
}

// whoami is what the server knows of a client.
type whoami struct {
	ID         string `json:"id"`
	Connection string `json:"connection"`
	Transport  string `json:"transport"`
	Namespace  string `json:"namespace"`
	Query      string `json:"query"`
	Header     string `json:"header"`
	Cookie     string `json:"cookie"`
	Auth       any    `json:"auth"`
}

func (t *T) whoami(s *client.Socket) whoami {
	m, err := s.EmitWithAck(t.ctx, "whoami")
	var me whoami
	if err == nil {
		err = m.Decode(&me)
	}
	if err != nil {
		t.Fatalf("whoami: %v", err)
	}
	return me
}

// alive checks that events still go both ways.
func (t *T) alive(s *client.Socket) {
	t.equal(t.ack(s, "message-with-ack", "alive"), []any{"alive"})
}

// watch returns a function that waits for what the server says of a socket of / that has
// gone: reason, number of rooms before and after.
func (t *T) watch() func(id string) []any {
	gone := make(chan []any, 1000)
	t.connect("/watch").On("gone", func(_ context.Context, m *client.Message) error {
		args, err := m.Args()
		gone <- args
		return err
	})
	return func(id string) []any {
		for {
			if args := receive(t, gone, "word that the socket is gone"); args[0] == id {
				return args[1:]
			}
		}
	}
}

// until waits for what the client does not tell of.
func (t *T) until(what string, done func() bool) {
	for !done() {
		select {
		case <-time.After(time.Millisecond):
		case <-t.ctx.Done():
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

// equal compares plain values: numbers by what they are, binary ones by their bytes.
func (t *T) equal(got, want any) {
	a, b := show(got), show(want)
	if a != b {
		t.Errorf("got %s, want %s", shorten(a), shorten(b))
	}
}

func shorten(text string) string {
	if len(text) > 600 {
		return fmt.Sprintf("%s… (%d bytes)", text[:600], len(text))
	}
	return text
}

func show(v any) string {
	text, err := json.Marshal(plain(v))
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func plain(v any) any {
	switch v := v.(type) {
	case []byte:
		return map[string]any{"": fmt.Sprintf("%d bytes, sum %x", len(v), crc32.ChecksumIEEE(v))}
	case []any:
		list := slices.Clone(v)
		for i := range list {
			list[i] = plain(list[i])
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for name, value := range v {
			object[name] = plain(value)
		}
		return object
	}
	return v
}

// numbers returns 0 … n-1.
func numbers(n int) []any {
	all := make([]any, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// number returns a number that was decoded without a type.
func number(v any) float64 {
	switch n := v.(type) {
	case float64:
		return n
	case int64:
		return float64(n)
	case uint64:
		return float64(n)
	}
	return math.NaN()
}

// some returns n bytes.
func some(n int) []byte {
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(i*31 + i>>8)
	}
	return data
}

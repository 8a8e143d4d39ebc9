package sio_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/event"
)

func TestAcksToTheClient(t *testing.T) {
	type reply struct {
		event.Tuple
		A string
		B []byte
	}
	overTransports(t, func(t *testing.T, transport string) {
		f := serve(t, nil)
		sio.On(f, "on", func(context.Context, *sio.Socket, string) error { return nil })
		sio.Handle(f, "string", func(_ context.Context, _ *sio.Socket, s string) (string, error) { return s + "!", nil })
		sio.Handle(f, "object", func(_ context.Context, _ *sio.Socket, o order) (order, error) { o.N++; return o, nil })
		sio.Handle(f, "bytes", func(_ context.Context, _ *sio.Socket, b []byte) ([]byte, error) { return b[1:], nil })
		sio.Handle(f, "tuple", func(context.Context, *sio.Socket, none) (reply, error) { return reply{A: "a", B: []byte{1}}, nil })
		sio.Handle(f, "nothing", func(context.Context, *sio.Socket, none) (none, error) { return none{}, nil })
		sio.Handle(f, "nil", func(context.Context, *sio.Socket, none) (any, error) { return nil, nil })
		f.On("untyped", func(_ context.Context, _ *sio.Socket, m *sio.Message) error { return m.Ack(1, "x", nil) })
		f.On("untyped silent", func(context.Context, *sio.Socket, *sio.Message) error { return nil })
		p := f.join(transport)
		for _, test := range [][]string{
			{`420["on","x"]`, `430[]`},
			{`421["string","x"]`, `431["x!"]`},
			{`42900719925474099["string","x"]`, `43900719925474099["x!"]`},
			{`422["object",{"item":"i","n":1}]`, `432[{"item":"i","n":2}]`},
			{`4513["bytes",1]`}, // not an event with binary: see below
			{`424["tuple"]`, `461-4["a",{"_placeholder":true,"num":0}]`, "bAQ=="},
			{`425["nothing"]`, `435[]`},
			{`426["nil"]`, `436[null]`},
			{`427["untyped"]`, `437[1,"x",null]`},
			{`428["untyped silent"]`},
			{`42["string","no ack asked for"]`},
		} {
			if strings.HasPrefix(test[0], "4513") {
				p.send(`451-13["bytes",{"_placeholder":true,"num":0}]`, "bAQID")
				p.expect(`461-13[{"_placeholder":true,"num":0}]`, "bAgM=")
				continue
			}
			p.send(test[0])
			p.expect(test[1:]...)
		}
		p.fenced()
	})
}

func TestErrorAcks(t *testing.T) {
	f := serve(t, nil)
	fails := func(err error) func(context.Context, *sio.Socket, none) (string, error) {
		return func(context.Context, *sio.Socket, none) (string, error) { return "ignored", err }
	}
	sio.Handle(f, "refused", fails(&sio.Error{Message: "no", Data: []string{"why"}}))
	sio.Handle(f, "wrapped", fails(fmt.Errorf("outer: %w", &sio.Error{Message: "inner"})))
	sio.Handle(f, "plain", fails(io.ErrUnexpectedEOF))
	sio.On(f, "on", func(context.Context, *sio.Socket, none) error { return &sio.Error{Message: "on"} })
	f.On("untyped", func(context.Context, *sio.Socket, *sio.Message) error { return io.ErrNoProgress })
	f.On("acked", func(_ context.Context, _ *sio.Socket, m *sio.Message) error {
		_ = m.Ack("done")
		return io.ErrShortWrite
	})
	p := f.join("websocket")
	p.send(`421["refused"]`, `422["wrapped"]`, `423["on"]`)
	p.expect(`431[{"error":{"message":"no","data":["why"]}}]`, `432[{"error":{"message":"inner"}}]`, `433[{"error":{"message":"on"}}]`)
	for _, test := range []struct {
		send, want, event string
		err               error
	}{
		{`421["plain"]`, `431[{"error":{"message":"unexpected EOF"}}]`, "plain", io.ErrUnexpectedEOF},
		{`422["untyped"]`, `432[{"error":{"message":"` + io.ErrNoProgress.Error() + `"}}]`, "untyped", io.ErrNoProgress},
		{`423["acked"]`, `433["done"]`, "acked", io.ErrShortWrite},
		{`42["plain"]`, "", "plain", io.ErrUnexpectedEOF},
		{`42["refused"]`, "", "refused", nil}, // nobody was told: the application should know
	} {
		p.send(test.send)
		if test.want != "" {
			p.expect(test.want)
		}
		e := f.reported()
		if e.Event != test.event || e.Socket.ID() != p.id || test.err != nil && !errors.Is(e, test.err) {
			t.Errorf("%s: reported %v", test.send, e)
		}
	}
	p.fenced()
}

// A client gets its acknowledgement also when the one meant for it cannot be
// encoded.
func TestAcksThatCannotBeEncoded(t *testing.T) {
	f := serve(t, nil)
	sio.Handle(f, "result", func(context.Context, *sio.Socket, none) (any, error) { return func() {}, nil })
	sio.Handle(f, "data", func(context.Context, *sio.Socket, none) (any, error) {
		return nil, &sio.Error{Message: "no", Data: make(chan int)}
	})
	f.On("untyped", func(_ context.Context, _ *sio.Socket, m *sio.Message) error {
		if m.Ack(func() {}) == nil || !m.WantsAck() {
			t.Error("a function was sent")
		}
		return m.Ack("instead")
	})
	p := f.join("websocket")
	p.send(`421["result"]`)
	if got := p.receive(); !strings.HasPrefix(got, `431[{"error":{"message":"`) {
		t.Errorf("acknowledged with %s", got)
	}
	if e := f.reported(); e.Event != "result" {
		t.Errorf("reported %v", e)
	}
	p.send(`422["data"]`)
	p.expect(`432[{"error":{"message":"no"}}]`)
	if e := f.reported(); e.Event != "data" {
		t.Errorf("reported %v", e)
	}
	p.send(`423["untyped"]`)
	p.expect(`433["instead"]`)
	p.fenced()
}

// That the client has gone before it could be answered is no error.
func TestAckAfterTheEnd(t *testing.T) {
	f := serve(t, nil)
	gone := make(chan struct{})
	sio.Handle(f, "handle", func(ctx context.Context, _ *sio.Socket, _ none) (int, error) { <-ctx.Done(); return 1, nil })
	f.On("untyped", func(_ context.Context, _ *sio.Socket, m *sio.Message) error {
		if err := m.Ack(); !errors.Is(err, sio.ErrDisconnected) {
			t.Errorf("ack after the end: %v", err)
		}
		return nil
	})
	f.OnDisconnect(func(*sio.Socket, sio.Reason) { close(gone) })
	p := f.join("websocket")
	p.send(`421["handle"]`, `422["untyped"]`, `423["fence"]`)
	p.close()
	await(t, gone)
}

func TestArgumentsThatCannotBeDecoded(t *testing.T) {
	f := serve(t, nil)
	sio.On(f, "on", func(context.Context, *sio.Socket, int) error { t.Error("called"); return nil })
	sio.Handle(f, "handle", func(context.Context, *sio.Socket, order) (int, error) { t.Error("called"); return 0, nil })
	sio.On(f, "tuple", func(context.Context, *sio.Socket, move) error { t.Error("called"); return nil })
	p := f.join("websocket")
	for _, test := range []struct{ packet, event string }{
		{`["on","text"]`, "on"},
		{`["on",{}]`, "on"},
		{`["on",1.5]`, "on"},
		{`["handle",{"n":"text"}]`, "handle"},
		{`["tuple",1,"text"]`, "tuple"},
	} {
		p.send("42" + test.packet)
		if e := f.reported(); e.Event != test.event || e.Socket.ID() != p.id {
			t.Errorf("%s: reported %v", test.packet, e)
		}
		p.send("425" + test.packet)
		if got := p.receive(); !strings.HasPrefix(got, `435[{"error":{"message":"`) {
			t.Errorf("%s: acknowledged with %s", test.packet, got)
		}
		f.reported()
	}
	p.fenced()
}

func TestCall(t *testing.T) {
	type point struct {
		event.Tuple
		X, Y int
	}
	overTransports(t, func(t *testing.T, transport string) {
		f := serve(t, nil)
		sockets := f.sockets()
		p := f.join(transport)
		s := get(t, sockets)
		answer := func(want string, reply ...string) {
			p.expect(want)
			p.send(reply...)
		}
		type result struct {
			v   any
			err error
		}
		results := make(chan result, 1)
		call := func(fn func() (any, error)) {
			go func() { v, err := fn(); results <- result{v, err} }()
		}
		check := func(want any) {
			t.Helper()
			if r := get(t, results); r.err != nil || !reflect.DeepEqual(r.v, want) {
				t.Errorf("got %v, %v; want %v", r.v, r.err, want)
			}
		}
		ctx := t.Context()
		call(func() (any, error) { return sio.Call[string](ctx, s, "name", 7) })
		answer(`420["name",7]`, `430["x"]`)
		check("x")
		call(func() (any, error) { return sio.Call(ctx, s, buy, order{"tea", 2}) })
		answer(`421["buy",{"item":"tea","n":2}]`, `431[9,"more"]`)
		check(9)
		call(func() (any, error) { return sio.Call[point](ctx, s, "where", none{}) })
		answer(`422["where"]`, `432[3,4]`)
		check(point{X: 3, Y: 4})
		call(func() (any, error) { return sio.Call[none](ctx, s, "done", point{X: 1, Y: 2}) })
		answer(`423["done",1,2]`, `433[]`)
		check(none{})
		call(func() (any, error) { return sio.Call[[]byte](ctx, s, "bytes", []byte{1, 2}) })
		p.expect(`451-4["bytes",{"_placeholder":true,"num":0}]`, "bAQI=")
		p.send(`461-4[{"_placeholder":true,"num":0}]`, "bAwQ=")
		check([]byte{3, 4})
		call(func() (any, error) {
			m, err := s.EmitWithAck(ctx, "raw", 1, "two")
			if err != nil {
				return nil, err
			}
			if m.Event() != "" || m.WantsAck() || m.Ack() == nil {
				t.Error("an acknowledgement is no event")
			}
			return m.Args()
		})
		answer(`425["raw",1,"two"]`, `435["a",null,{"b":1}]`)
		check([]any{"a", nil, map[string]any{"b": 1.0}})
		call(func() (any, error) { return sio.Call[int](ctx, s, "wrong type", none{}) })
		answer(`426["wrong type"]`, `436["text"]`)
		if r := get(t, results); r.err == nil {
			t.Errorf("decoded %v", r.v)
		}
		p.fenced()
	})
}

func TestCallRefused(t *testing.T) {
	f := serve(t, nil)
	sockets := f.sockets()
	p := f.join("websocket")
	s := get(t, sockets)
	for i, test := range []struct {
		ack  string
		want *sio.Error
	}{
		{`[{"error":{"message":"no"}}]`, &sio.Error{Message: "no"}},
		{`[{"error":{"message":"no","data":{"a":[1]}}}]`, &sio.Error{Message: "no", Data: map[string]any{"a": []any{1.0}}}},
		{`[{"error":{"message":"no"},"more":1}]`, nil},
		{`[{"error":"no"}]`, nil},
		{`[{"error":{"text":"no"}}]`, nil},
		{`[{"error":{"message":"no"}},1]`, nil},
		{`["error"]`, nil},
		{`[]`, nil},
	} {
		errs := make(chan error, 1)
		go func() { _, err := sio.Call[any](t.Context(), s, "x", 1); errs <- err }()
		p.expect(`42` + number(i) + `["x",1]`)
		p.send(`43` + number(i) + test.ack)
		err := get(t, errs)
		var refused *sio.Error
		if errors.As(err, &refused); !reflect.DeepEqual(refused, test.want) {
			t.Errorf("%s: %v", test.ack, err)
		}
		if test.want == nil && err != nil {
			t.Errorf("%s: %v", test.ack, err)
		}
	}
}

func TestCallEnds(t *testing.T) {
	cause := errors.New("lost interest")
	f := serve(t, nil)
	sockets := f.sockets()
	p := f.join("websocket")
	s := get(t, sockets)

	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err := sio.Call[string](ctx, s, "slow", 1)
	if !errors.Is(err, sio.ErrTimeout) || !errors.Is(err, context.DeadlineExceeded) || err.Error() != "operation has timed out" {
		t.Errorf("timeout: %v", err)
	}
	p.expect(`420["slow",1]`)
	p.send(`430["late"]`, `430["again"]`, `4399["never asked"]`, `43100[]`)
	p.fenced()

	canceled, stop := context.WithCancelCause(t.Context())
	errs := make(chan error, 1)
	go func() { _, err := sio.Call[string](canceled, s, "slow", 1); errs <- err }()
	p.expect(`421["slow",1]`)
	stop(cause)
	if err := get(t, errs); err != cause {
		t.Errorf("cancelled: %v", err)
	}

	go func() { _, err := sio.Call[string](t.Context(), s, "slow", 1); errs <- err }()
	p.expect(`422["slow",1]`)
	p.send("41")
	err = get(t, errs)
	var gone *sio.DisconnectError
	if !errors.Is(err, sio.ErrDisconnected) || !errors.As(err, &gone) || gone.Reason != sio.ClientNamespaceDisconnect {
		t.Errorf("disconnected: %v", err)
	}
	if _, err := sio.Call[string](t.Context(), s, "x", 1); !errors.As(err, &gone) || gone.Reason != sio.ClientNamespaceDisconnect {
		t.Errorf("after the end: %v", err)
	}
}

// A duplicate acknowledgement, or one that comes in parts of another id, does
// not disturb the waiting one.
func TestAcksFindTheirCalls(t *testing.T) {
	f := serve(t, nil)
	sockets := f.sockets()
	p := f.join("websocket")
	s := get(t, sockets)
	const n = 100
	results := make(chan error, n)
	for range n {
		go func() {
			v, err := sio.Call[string](t.Context(), s, "q", none{})
			if err == nil && v != "a" {
				err = fmt.Errorf("answer %q", v)
			}
			results <- err
		}()
	}
	for range n {
		id := strings.TrimSuffix(strings.TrimPrefix(p.receive(), "42"), `["q"]`)
		p.send("43"+id+`["a"]`, "43"+id+`["b"]`)
	}
	for range n {
		if err := get(t, results); err != nil {
			t.Error(err)
		}
	}
}

// Every namespace counts its own calls.
func TestAckIDsPerNamespace(t *testing.T) {
	f := serve(t, nil)
	chat := f.Of("/chat")
	sockets := make(chan *sio.Socket, 2)
	chat.OnConnect(func(s *sio.Socket) { sockets <- s })
	p := f.join("websocket")
	p.send("40/chat,")
	p.granted("/chat")
	s := get(t, sockets)
	results := make(chan string, 1)
	go func() { v, _ := sio.Call[string](t.Context(), s, "q", none{}); results <- v }()
	p.expect(`42/chat,0["q"]`)
	p.send(`430["of the main namespace"]`, `43/chat,0["mine"]`)
	if v := get(t, results); v != "mine" {
		t.Errorf("got %q", v)
	}
}

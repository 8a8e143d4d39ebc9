package sio_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/gosio/sio"
	"github.com/gosio/sio/event"
)

type order struct {
	Item string `json:"item"`
	N    int    `json:"n"`
}

type move struct {
	event.Tuple
	X, Y int
	Note *string
}

const (
	ordered event.Name[order]      = "ordered"
	moved   event.Name[move]       = "moved"
	buy     event.Call[order, int] = "buy"
)

// echoes registers a typed listener that emits what it got.
func echoes[T any](f *fixture, name event.Name[T]) {
	sio.On(f, name, func(_ context.Context, s *sio.Socket, v T) error {
		return sio.Emit(s, name+"-back", v)
	})
}

func TestTypedEvents(t *testing.T) {
	overTransports(t, func(t *testing.T, transport string) {
		f := serve(t, nil)
		echoes[string](f, "string")
		echoes[int](f, "int")
		echoes[bool](f, "bool")
		echoes[float64](f, "float")
		echoes[[]string](f, "list")
		echoes[map[string]int](f, "map")
		echoes[any](f, "any")
		echoes[*order](f, "pointer")
		echoes[none](f, "none")
		echoes[[]byte](f, "bytes")
		echoes(f, ordered)
		echoes(f, moved)
		p := f.join(transport)
		for _, test := range [][]string{
			{`42["string","h\u00e9 \ud83d\ude00 \"q\""]`, `42["string-back","hé 😀 \"q\""]`},
			{`42["string"]`, `42["string-back",""]`},
			{`42["string","a",1,2]`, `42["string-back","a"]`},
			{`42["int",-12]`, `42["int-back",-12]`},
			{`42["bool",true]`, `42["bool-back",true]`},
			{`42["float",1.5]`, `42["float-back",1.5]`},
			{`42["list",["a","<&>"]]`, `42["list-back",["a","<&>"]]`},
			{`42["map",{"a":1}]`, `42["map-back",{"a":1}]`},
			{`42["any",{"a":[1,null,"x"]}]`, `42["any-back",{"a":[1,null,"x"]}]`},
			{`42["any",null]`, `42["any-back",null]`},
			{`42["pointer",null]`, `42["pointer-back",null]`},
			{`42["pointer",{"item":"x","n":2}]`, `42["pointer-back",{"item":"x","n":2}]`},
			{`42["none"]`, `42["none-back"]`},
			{`42["none",1,2]`, `42["none-back"]`},
			{`42["ordered",{"item":"tea","n":3,"more":[]}]`, `42["ordered-back",{"item":"tea","n":3}]`},
			{`42["moved",1,2,"fast"]`, `42["moved-back",1,2,"fast"]`},
			{`42["moved",1]`, `42["moved-back",1,0,null]`},
			{`452-["bytes",{"_placeholder":true,"num":1}]`, "bAQID", "bBAU=", `451-["bytes-back",{"_placeholder":true,"num":0}]`, "bBAU="},
		} {
			sent := 1
			for sent < len(test) && test[sent][0] == 'b' {
				sent++
			}
			p.send(test[:sent]...)
			p.expect(test[sent:]...)
		}
		p.fenced()
	})
}

func TestBinaryInsideValues(t *testing.T) {
	type file struct {
		Name string
		Data []byte
		Tags map[string][]byte
	}
	overTransports(t, func(t *testing.T, transport string) {
		f := serve(t, nil)
		echoes[file](f, "file")
		f.On("any", func(_ context.Context, s *sio.Socket, m *sio.Message) error {
			args, err := m.Args()
			if err != nil {
				return err
			}
			return s.Emit("any-back", args...)
		})
		p := f.join(transport)
		p.send(`452-["file",{"Name":"a","Data":{"_placeholder":true,"num":0},"Tags":{"x":{"_placeholder":true,"num":1}}}]`, "bAQ==", "bAgI=")
		p.expect(`452-["file-back",{"Name":"a","Data":{"_placeholder":true,"num":0},"Tags":{"x":{"_placeholder":true,"num":1}}}]`, "bAQ==", "bAgI=")
		p.send(`452-["any",[1,{"_placeholder":true,"num":0}],{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]`, "bAQ==", "bAgI=")
		p.expect(`453-["any-back",[1,{"_placeholder":true,"num":0}],{"_placeholder":true,"num":1},{"_placeholder":true,"num":2}]`, "bAQ==", "bAQ==", "bAgI=")
	})
}

func TestNamedConstants(t *testing.T) {
	f := serve(t, nil)
	sio.Handle(f, buy, func(_ context.Context, _ *sio.Socket, o order) (int, error) { return o.N * 2, nil })
	sio.On(f, moved, func(_ context.Context, s *sio.Socket, m move) error {
		m.X, m.Y = m.Y, m.X
		return sio.Emit(s.Namespace().To(s.ID()), moved, m)
	})
	p := f.join("websocket")
	p.send(`427["buy",{"item":"tea","n":21}]`)
	p.expect(`437[42]`)
	p.send(`42["moved",1,2,null]`)
	p.expect(`42["moved",2,1,null]`)
}

func TestUntypedListener(t *testing.T) {
	f := serve(t, nil)
	got := make(chan *sio.Message, 1)
	sockets := f.sockets()
	f.On("ev", func(ctx context.Context, s *sio.Socket, m *sio.Message) error {
		if ctx != s.Context() {
			t.Error("not the socket's context")
		}
		got <- m
		return nil
	})
	p := f.join("websocket")
	s := get(t, sockets)
	p.send(`424["ev","a",{"item":"b","n":1},null,[2]]`, `42["ev"]`)
	m := get(t, got)
	get(t, got) // another message, which must not disturb the first
	if m.Event() != "ev" || m.Len() != 4 || !m.WantsAck() {
		t.Errorf("event %q, %d arguments, ack wanted %v", m.Event(), m.Len(), m.WantsAck())
	}
	var a string
	var o order
	var null *int
	if err := m.Decode(&a, &o, &null); err != nil || a != "a" || o != (order{"b", 1}) || null != nil {
		t.Errorf("decoded %q, %v, %v: %v", a, o, null, err)
	}
	args, err := m.Args()
	want := []any{"a", map[string]any{"item": "b", "n": 1.0}, nil, []any{2.0}}
	if err != nil || !reflect.DeepEqual(args, want) {
		t.Errorf("args %v, %v", args, err)
	}
	// Acknowledged here, long after the handler has returned.
	if err := m.Ack("late", 1); err != nil {
		t.Error(err)
	}
	p.expect(`434["late",1]`)
	if err := m.Ack(); !errors.Is(err, sio.ErrAcknowledged) || m.WantsAck() {
		t.Errorf("second ack: %v", err)
	}
	if s.Namespace().Name() != "/" {
		t.Error("namespace")
	}
}

// A message that is kept stays as it was while many others come and go.
func TestKeptMessagesAreNotReused(t *testing.T) {
	f := serve(t, nil)
	const n = 500
	kept := make(chan *sio.Message, n)
	f.On("keep", func(_ context.Context, _ *sio.Socket, m *sio.Message) error { kept <- m; return nil })
	raw := make(chan jsontext.Value, n)
	sio.On(f, "raw", func(_ context.Context, _ *sio.Socket, v jsontext.Value) error { raw <- v; return nil })
	sio.On(f, "noise", func(context.Context, *sio.Socket, string) error { return nil })
	p := f.join("websocket")
	for i := range n {
		p.send(`42["keep",`+number(i)+`]`, `42["raw",[`+number(i)+`]]`, `42["noise","`+strings.Repeat("x", i)+`"]`)
	}
	p.fenced()
	for i := range n {
		var got int
		if err := get(t, kept).Decode(&got); err != nil || got != i {
			t.Fatalf("message %d decodes to %d, %v", i, got, err)
		}
		if v := get(t, raw); string(v) != "["+number(i)+"]" {
			t.Fatalf("value %d is %s", i, v)
		}
	}
}

func TestListenersRunInOrder(t *testing.T) {
	f := serve(t, nil)
	say := func(what string) func(context.Context, *sio.Socket, none) error {
		return func(_ context.Context, s *sio.Socket, _ none) error { return s.Emit(what) }
	}
	f.OnConnect(func(s *sio.Socket) { sio.On(s, "ev", say("socket")) })
	sio.On(f, "ev", say("first"))
	sio.On(f, "ev", say("second"))
	p := f.join("websocket")
	p.send(`42["ev"]`)
	p.expect(`42["first"]`, `42["second"]`, `42["socket"]`)
	p.fenced()
	other := f.join("polling")
	other.send(`42["ev"]`)
	other.expect(`42["first"]`, `42["second"]`, `42["socket"]`) // its own, once
	other.fenced()
}

func TestEventsNobodyListensTo(t *testing.T) {
	f := serve(t, nil)
	p := f.join("websocket")
	p.send(`42["unknown",{"a":1}]`, `4212["unknown"]`, `42[7,"numeric"]`, `42["error"]`, `42["message"]`, `42["connection"]`)
	p.fenced() // no acknowledgement either
}

func TestNumericEventName(t *testing.T) {
	f := serve(t, nil)
	f.On("7", func(_ context.Context, s *sio.Socket, m *sio.Message) error { return s.Emit("got", m.Event()) })
	p := f.join("websocket")
	p.send(`42[7]`)
	p.expect(`42["got","7"]`)
}

func TestEmitErrors(t *testing.T) {
	f := serve(t, nil)
	sockets := f.sockets()
	p := f.join("websocket")
	s := get(t, sockets)
	for _, name := range []string{"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"} {
		for _, err := range []error{
			s.Emit(name), s.Volatile().Emit(name), f.Emit(name), s.Broadcast().Emit(name), sio.Emit(s, event.Name[int](name), 1),
		} {
			if !errors.Is(err, sio.ErrReservedEvent) || err.Error() != `"`+name+`" is a reserved event name` {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := s.EmitWithAck(t.Context(), name); !errors.Is(err, sio.ErrReservedEvent) {
			t.Errorf("%s with ack: %v", name, err)
		}
	}
	if err := s.Emit("x", make(chan int)); err == nil {
		t.Error("a channel was encoded")
	}
	if _, err := s.EmitWithAck(t.Context(), "x", func() {}); err == nil {
		t.Error("a function was encoded")
	}
	p.fenced() // none of them left anything behind
	s.Disconnect()
	p.expect("41")
	if err := s.Emit("x"); !errors.Is(err, sio.ErrDisconnected) {
		t.Errorf("after the end: %v", err)
	}
}

// What the arguments hold may be changed once Emit has returned.
func TestEmitCopiesItsArguments(t *testing.T) {
	f := serve(t, nil)
	sockets := f.sockets()
	p := f.join("websocket")
	s := get(t, sockets)
	data := []byte{1, 2, 3}
	list := []string{"a"}
	if err := s.Emit("x", data, list); err != nil {
		t.Fatal(err)
	}
	data[0], list[0] = 9, "changed"
	p.expect(`451-["x",{"_placeholder":true,"num":0},["a"]]`, "bAQID")
}

func TestDataStaysWithTheSocket(t *testing.T) {
	f := serve(t, nil)
	sockets := f.sockets()
	f.join("websocket")
	s := get(t, sockets)
	if _, ok := sio.DataOf[int](s); ok || s.Data() != nil {
		t.Error("data from nowhere")
	}
	s.SetData(7)
	if v, ok := sio.DataOf[int](s); !ok || v != 7 || s.Data() != 7 {
		t.Errorf("data %v", v)
	}
	if _, ok := sio.DataOf[string](s); ok {
		t.Error("an int is no string")
	}
}

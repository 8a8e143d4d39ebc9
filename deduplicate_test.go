package sio_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gosio/sio"
	"github.com/gosio/sio/event"
)

func deduplicating(t *testing.T, d sio.Deduplication) *fixture {
	t.Helper()
	return serve(t, &sio.Config{Deduplicate: &d, Recovery: &sio.Recovery{}})
}

func TestDeduplicationIsOffByDefault(t *testing.T) {
	f := serve(t, nil)
	var n atomic.Int64
	sio.Handle(f, "add", func(context.Context, *sio.Socket, int) (int64, error) { return n.Add(1), nil })
	p := f.join("websocket")
	p.send(`420["add",1,"key"]`, `421["add",1,"key"]`)
	p.expect(`430[1]`, `431[2]`)
}

func TestDeduplication(t *testing.T) {
	f := deduplicating(t, sio.Deduplication{})
	var n atomic.Int64
	type big struct {
		event.Tuple
		N    int64
		Data []byte
	}
	sio.Handle(f, "text", func(context.Context, *sio.Socket, string) (string, error) { return number(int(n.Add(1))), nil })
	sio.Handle(f, "big", func(context.Context, *sio.Socket, int) (int64, error) { return 1<<62 + n.Add(1), nil })
	sio.Handle(f, "binary", func(context.Context, *sio.Socket, int) (big, error) { return big{N: n.Add(1), Data: []byte{7}}, nil })
	sio.On(f, "none", func(context.Context, *sio.Socket, int) error { n.Add(1); return nil })
	sio.Handle(f, "refuse", func(context.Context, *sio.Socket, int) (int, error) {
		return 0, &sio.Error{Message: "no", Data: n.Add(1)}
	})
	p, _ := f.visit("websocket")
	p.send(`420["text","a"]`, `421["text","a"]`, `422["text","b"]`, `423["text"]`, `424["text"]`)
	p.expect(`430["1"]`, `431["1"]`, `432["2"]`, `433["3"]`, `434["4"]`)
	p.send(`425["big",1,"a"]`, `426["big",1,"a"]`) // the same key, of another event
	p.expect(`435[4611686018427387909]`, `436[4611686018427387909]`)
	p.send(`427["binary",1,"a"]`, `428["binary",1,"a"]`)
	p.expect(`461-7[6,{"_placeholder":true,"num":0}]`, "bBw==", `461-8[6,{"_placeholder":true,"num":0}]`, "bBw==")
	p.send(`42["none",1,"a"]`, `42["none",1,"a"]`, `429["none",1,"a"]`)
	p.expect(`439[]`)
	p.send(`4210["refuse",1,"a"]`, `4211["refuse",1,"a"]`)
	p.expect(`4310[{"error":{"message":"no","data":8}}]`, `4311[{"error":{"message":"no","data":8}}]`)
	if n.Load() != 8 {
		t.Errorf("handled %d times", n.Load())
	}
}

// A duplicate that comes while the first is handled waits for its answer, also over
// another connection.
func TestDeduplicationWaitsForTheAnswer(t *testing.T) {
	f := deduplicating(t, sio.Deduplication{})
	ready := f.sockets()
	calls := make(chan *sio.Message, 2)
	f.On("slow", func(_ context.Context, _ *sio.Socket, m *sio.Message) error { calls <- m; return nil })
	p, v := f.visit("websocket")
	s := get(t, ready)
	p.send(`420["slow","a"]`)
	m := get(t, calls)
	p.send(`421["slow","a"]`)
	p.fenced() // it has been looked at
	cut(p, s)
	q := f.back("websocket", v)
	v.expectBack(q)
	q.send(`420["slow","a"]`)
	q.fenced()
	if err := m.Ack("done"); !errors.Is(err, sio.ErrDisconnected) { // of the connection that it came over
		t.Error(err)
	}
	q.expect(`430["done"]`)
	q.send(`421["slow","a"]`)
	q.expect(`431["done"]`)
	if len(calls) > 0 {
		t.Error("it was handled twice")
	}
	if err := m.Ack("again"); !errors.Is(err, sio.ErrAcknowledged) {
		t.Error(err)
	}
}

func TestDeduplicationBySession(t *testing.T) {
	user := func(s *sio.Socket) string { name, _ := s.Handshake().Auth()["user"].(string); return name }
	f := serve(t, &sio.Config{Deduplicate: &sio.Deduplication{Session: user}})
	var n atomic.Int64
	sio.Handle(f, "add", func(context.Context, *sio.Socket, int) (int64, error) { return n.Add(1), nil })
	for _, test := range []struct{ user, want string }{{"ann", "1"}, {"ann", "1"}, {"bob", "2"}, {"", "3"}, {"", "4"}, {"ann", "1"}} {
		p := f.dial("websocket")
		p.send(`40{"user":"` + test.user + `"}`)
		p.granted("/")
		p.send(`420["add",1,"key"]`)
		p.expect(`430[` + test.want + `]`)
	}
}

func TestDeduplicationIsBounded(t *testing.T) {
	f := deduplicating(t, sio.Deduplication{Window: 2})
	var n atomic.Int64
	sio.Handle(f, "add", func(context.Context, *sio.Socket, string) (int64, error) { return n.Add(1), nil })
	p, _ := f.visit("websocket")
	p.send(`420["add","a"]`, `421["add","b"]`, `422["add","a"]`, `423["add","c"]`, `424["add","b"]`, `425["add","a"]`)
	p.expect(`430[1]`, `431[2]`, `432[1]`, `433[3]`, `434[2]`, `435[4]`)

	f = deduplicating(t, sio.Deduplication{MaxBytes: 3000})
	text := strings.Repeat("x", 1500)
	sio.Handle(f, "long", func(context.Context, *sio.Socket, string) (string, error) { n.Add(1); return text, nil })
	n.Store(0)
	p, _ = f.visit("websocket")
	q, _ := f.visit("websocket")
	p.send(`420["long","a"]`, `421["long","a"]`)
	p.expect(`430["`+text+`"]`, `431["`+text+`"]`)
	q.send(`420["long","a"]`) // makes p be forgotten
	q.expect(`430["` + text + `"]`)
	q.send(`421["long","a"]`)
	q.expect(`431["` + text + `"]`)
	p.send(`422["long","a"]`)
	p.expect(`432["` + text + `"]`)
	if n.Load() != 3 {
		t.Errorf("handled %d times", n.Load())
	}
}

// The session that was used last is forgotten last.
func TestDeduplicationForgetsIdleSessions(t *testing.T) {
	f := deduplicating(t, sio.Deduplication{MaxBytes: 2500}) // for two or three
	var n atomic.Int64
	sio.Handle(f, "add", func(context.Context, *sio.Socket, string) (int64, error) { return n.Add(1), nil })
	var peers []*peer
	for range 4 {
		p, _ := f.visit("websocket")
		peers = append(peers, p)
	}
	for _, step := range []struct {
		peer int
		want string
	}{{0, "1"}, {1, "2"}, {2, "3"}, {0, "1"}, {3, "4"}, {0, "1"}, {1, "5"}} {
		peers[step.peer].send(`420["add","a"]`)
		peers[step.peer].expect(`430[` + step.want + `]`)
	}
}

func TestDeduplicationKeyPanics(t *testing.T) {
	f := deduplicating(t, sio.Deduplication{Key: func(*sio.Message) string { panic("key") }})
	p, _ := f.visit("websocket")
	p.fenced() // handled nevertheless
	expectPanic(t, f.reported(), fence, "key")
}

package behaviours

import (
	"context"
	"time"

	"github.com/gosio/sio/client"
)

var packed = []Behaviour{
	{"msgpack: more binary values than attachments may be", []Need{asMsgpack}, func(t *T) {
		s := t.connect("/")
		args := make([]any, 30)
		for i := range args {
			args[i] = some(i)
		}
		back := t.next(s, "message-back")
		t.emit(s, "message", args...)
		t.equal(back(), args)
	}},
	{"msgpack: numbers of all sizes", []Need{asMsgpack}, func(t *T) {
		s := t.connect("/")
		args := []any{0, 0.5, 5e-324}
		for _, bits := range []int{5, 7, 8, 15, 16, 31, 32, 40, 52} {
			n := 1 << bits
			args = append(args, n-1, n, 1-n, -n, -n-1)
		}
		t.equal(t.ack(s, "message-with-ack", args), []any{args})
	}},
	{"msgpack: a time in a typed handler", []Need{asMsgpack}, func(t *T) {
		s := t.connect("/")
		got := make(chan time.Time, 1)
		client.On(s, "message-back", func(_ context.Context, at time.Time) error { got <- at; return nil })
		at := time.UnixMilli(-123456789)
		t.emit(s, "message", at)
		if back := receive(t, got, "the time"); !back.Equal(at) {
			t.Errorf("%v for %v", back, at)
		}
	}},
}

package behaviours

import (
	"errors"
	"time"

	"github.com/gosio/sio/client"
)

func retries(n int, timeout time.Duration) func(*client.Config) {
	return func(c *client.Config) { c.Retries, c.AckTimeout = n, timeout }
}

var retrying = []Behaviour{
	{"retries: events arrive in order, each once while nothing is lost", nil, func(t *T) {
		s := t.connect("/", retries(-1, patience))
		for _, n := range numbers(100) {
			t.emit(s, "up", n)
		}
		t.equal(t.ack(s, "log"), []any{numbers(100)})
	}},
	{"retries: again until it is acknowledged", nil, func(t *T) {
		s := t.connect("/", retries(-1, 30*time.Millisecond))
		answer := t.ack(s, "third time", "é")
		t.equal(answer[0], "é")
		if tries := number(answer[1]); tries < 3 {
			t.Errorf("acknowledged at try %v", tries)
		}
	}},
	{"retries: given up, and others go on", nil, func(t *T) {
		errs := make(chan error, 10)
		s := t.connect("/", retries(1, 20*time.Millisecond), func(c *client.Config) { c.OnError = func(err error) { errs <- err } })
		t.emit(s, "nobody listens")
		var failed *client.EventError
		if err := receive(t, errs, "the error"); !errors.As(err, &failed) || failed.Event != "nobody listens" || !errors.Is(err, client.ErrTimeout) {
			t.Errorf("%v is not the timeout of the event", err)
		}
		if _, err := s.EmitWithAck(t.ctx, "nobody listens"); !errors.Is(err, client.ErrTimeout) {
			t.Errorf("%v is not ErrTimeout", err)
		}
	}},
	{"retries: over lost connections", nil, func(t *T) {
		s := t.connect("/", retries(-1, patience))
		for n := range 10 {
			t.emit(s, "message-with-ack", n)
			t.emit(s.Volatile(), "cut me")
		}
		t.equal(t.ack(s, "message-with-ack", "last"), []any{"last"})
	}},
	{"retries: what waits for a connection, binary data too", nil, func(t *T) {
		var allow func()
		s := t.connect("/", retries(-1, patience), holding(&allow))
		lost := ended(s)
		t.emit(s.Volatile(), "cut me")
		t.until("the connection is lost", func() bool {
			t.emit(s.Volatile(), "cut me")
			return len(lost) > 0
		})
		for n := range 10 {
			t.emit(s, "up", n)
		}
		time.AfterFunc(time.Millisecond, allow)
		t.equal(t.ack(s, "message-with-ack", some(10)), []any{some(10)})
		t.equal(t.ack(s, "log"), []any{numbers(10)})
	}},
}

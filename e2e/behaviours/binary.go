package behaviours

import (
	"bytes"
	"context"

	"github.com/gosio/sio/client"
)

var binary = []Behaviour{
	{"binary: an argument, there and back, empty ones too", nil, func(t *T) {
		s := t.connect("/")
		for _, n := range []int{256, 0, 1} {
			back := t.next(s, "message-back")
			t.emit(s, "message", some(n))
			t.equal(back(), []any{some(n)})
		}
	}},
	{"binary: nested, and several", nil, func(t *T) {
		s := t.connect("/")
		args := []any{map[string]any{"a": some(3), "b": []any{some(1), map[string]any{"c": some(0)}}, "d": "text"}, 5, some(700)}
		back := t.next(s, "message-back")
		t.emit(s, "message", args...)
		t.equal(back(), args)
		t.equal(t.ack(s, "message-with-ack", args...), args)
	}},
	{"binary: in structs with types", nil, func(t *T) {
		type file struct {
			Name string   `json:"name"`
			Data []byte   `json:"data"`
			More [][]byte `json:"more"`
		}
		s := t.connect("/")
		got := make(chan file, 1)
		client.On(s, "message-back", func(_ context.Context, f file) error { got <- f; return nil })
		t.emit(s, "message", file{Name: "x", Data: some(5), More: [][]byte{some(1), some(2)}})
		f := receive(t, got, "the file")
		t.equal([]any{f.Name, f.Data, f.More[0], f.More[1]}, []any{"x", some(5), some(1), some(2)})
	}},
	{"binary: the most attachments that are allowed", nil, func(t *T) {
		s := t.connect("/")
		ten := make([]any, 10)
		for i := range ten {
			ten[i] = some(i + 1)
		}
		back := t.next(s, "message-back")
		t.emit(s, "message", ten...)
		t.equal(back(), ten)
	}},
	{"binary: one attachment too many ends the connection", []Need{since(4), asJSON}, func(t *T) {
		s := t.connect("/")
		lost := ended(s)
		t.emit(s, "message", make([]any, 0), []any{some(1), some(1), some(1), some(1), some(1), some(1), some(1), some(1), some(1), some(1), some(1)})
		if reason := receive(t, lost, "the end of the connection"); reason != client.TransportClose && reason != client.TransportFailed {
			t.Errorf("%s", reason)
		}
		t.alive(s)
	}},
	{"binary: 3 MB, there and back", nil, func(t *T) {
		s := t.connect("/")
		data := some(3_000_000)
		m, err := s.EmitWithAck(t.ctx, "message-with-ack", data)
		var got []byte
		if err == nil {
			err = m.Decode(&got)
		}
		if err != nil || !bytes.Equal(got, data) {
			t.Errorf("%d bytes: %v", len(got), err)
		}
	}},
	{"binary: events around it keep their order", nil, func(t *T) {
		s := t.connect("/")
		sent := numbers(60)
		for i := range sent {
			if i%3 == 0 {
				sent[i] = some(i)
			}
		}
		back := t.collect(s, "message-back", len(sent))
		for _, value := range sent {
			t.emit(s, "message", value)
		}
		t.equal(back(), sent)
	}},
	{"binary: as base64, for a client that wants it so", nil, func(t *T) {
		s := t.connect("/", func(c *client.Config) { c.ForceBase64 = true })
		back := t.next(s, "message-back")
		t.emit(s, "message", some(50), some(0))
		t.equal(back(), []any{some(50), some(0)})
	}},
}

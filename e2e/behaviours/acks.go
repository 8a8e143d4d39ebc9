package behaviours

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/gosio/sio/client"
	"github.com/gosio/sio/event"
)

// purchase and receipt are what the call "order" takes and returns.
type purchase struct {
	Item   string  `json:"item"`
	Amount int     `json:"amount"`
	Price  float64 `json:"price"`
	Photo  []byte  `json:"photo"`
}

type receipt struct {
	Total float64 `json:"total"`
	Photo []byte  `json:"photo"`
}

const buy event.Call[purchase, receipt] = "order"

var acks = []Behaviour{
	{"acks: 200 at once, each gets its own", nil, func(t *T) {
		s := t.connect("/")
		var all sync.WaitGroup
		for i := range 200 {
			all.Go(func() {
				m, err := s.EmitWithAck(t.ctx, "message-with-ack", i)
				var got int
				if err == nil {
					err = m.Decode(&got)
				}
				if err != nil || got != i {
					t.Errorf("%d for %d: %v", got, i, err)
				}
			})
		}
		all.Wait()
	}},
	{"acks: a deadline, for an event that nobody acknowledges", nil, func(t *T) {
		s := t.connect("/")
		ctx, cancel := context.WithTimeout(t.ctx, 20*time.Millisecond)
		defer cancel()
		if _, err := s.EmitWithAck(ctx, "nobody listens"); !errors.Is(err, client.ErrTimeout) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v is not ErrTimeout", err)
		}
		t.alive(s)
	}},
	{"acks: a deadline of the Config", nil, func(t *T) {
		s := t.connect("/", func(c *client.Config) { c.AckTimeout = 20 * time.Millisecond })
		if _, err := s.EmitWithAck(context.Background(), "nobody listens"); !errors.Is(err, client.ErrTimeout) {
			t.Errorf("%v is not ErrTimeout", err)
		}
		t.alive(s)
	}},
	{"acks: whoever waits may stop that", nil, func(t *T) {
		s := t.connect("/")
		ctx, cancel := context.WithCancelCause(t.ctx)
		stopped := errors.New("stopped")
		time.AfterFunc(time.Millisecond, func() { cancel(stopped) })
		if _, err := s.EmitWithAck(ctx, "nobody listens"); !errors.Is(err, stopped) {
			t.Errorf("%v is not why", err)
		}
	}},
	{"acks: the result of a typed call", nil, func(t *T) {
		s := t.connect("/")
		got, err := client.Call(t.ctx, s, buy, purchase{Item: "tea", Amount: 3, Price: 1.5, Photo: some(5)})
		if err != nil {
			t.Fatalf("Call: %v", err)
		}
		t.equal([]any{got.Total, got.Photo}, []any{4.5, some(5)})
		t.equal(t.ack(s, "move", 1, 2, "ab"), []any{2, 1, "ab"})
	}},
	{"acks: the refusal of a typed call", nil, func(t *T) {
		s := t.connect("/")
		_, err := client.Call(t.ctx, s, buy, purchase{Item: "tea"})
		var refusal *client.Error
		if !errors.As(err, &refusal) {
			t.Fatalf("%v is no refusal", err)
		}
		t.equal([]any{refusal.Message, refusal.Data}, []any{"nothing ordered", map[string]any{"item": "tea"}})
	}},
	{"acks: the server asks, while a call of the same client waits", nil, func(t *T) {
		s := t.connect("/")
		s.On("question", func(_ context.Context, m *client.Message) error {
			args, err := m.Args()
			if err != nil {
				return err
			}
			return m.Ack(args[1], args[0])
		})
		t.equal(t.ack(s, "ask me", "x", map[string]any{"y": 1}), []any{map[string]any{"y": 1}, "x"})
		t.equal(t.ack(s, "ask me", some(3), some(4)), []any{some(4), some(3)})
	}},
	{"acks: the server asks a typed handler, which answers or refuses", nil, func(t *T) {
		s := t.connect("/")
		const question event.Call[purchase, receipt] = "question"
		client.Handle(s, question, func(_ context.Context, p purchase) (receipt, error) {
			if p.Amount == 0 {
				return receipt{}, &client.Error{Message: "nothing", Data: 1}
			}
			return receipt{Total: 7, Photo: p.Photo}, nil
		})
		t.equal(t.ack(s, "ask me", purchase{Amount: 1, Photo: some(9)}), []any{map[string]any{"total": 7, "photo": some(9)}})
		t.equal(t.ack(s, "ask me", purchase{}), []any{map[string]any{"error": map[string]any{"message": "nothing", "data": 1}}})
	}},
	{"acks: a handler may wait for the server", nil, func(t *T) {
		s := t.connect("/")
		custom := t.join(s, "/custom") // as the server may wait with what comes in /
		client.Handle(s, "question", func(ctx context.Context, n int) (any, error) {
			m, err := custom.EmitWithAck(ctx, "message-with-ack", n+1)
			if err != nil {
				return nil, err
			}
			args, err := m.Args()
			return args[0], err
		})
		t.equal(t.ack(s, "ask me", 1), []any{2})
	}},
	{"acks: events that come while their handler waits are kept", nil, func(t *T) {
		s := t.connect("/")
		custom := t.join(s, "/custom")
		back := t.collect(s, "message-back", 10)
		asked, answer := make(chan struct{}), make(chan string)
		client.Handle(s, "question", func(ctx context.Context, _ any) (string, error) {
			close(asked)
			select {
			case text := <-answer:
				return text, nil
			case <-ctx.Done():
				return "", ctx.Err()
			}
		})
		reply := make(chan any, 1)
		go func() {
			m, err := s.EmitWithAck(t.ctx, "ask me", 1)
			if err != nil {
				reply <- err.Error()
				return
			}
			args, _ := m.Args()
			reply <- args[0]
		}()
		receive(t, asked, "the question")
		for _, n := range numbers(10) {
			t.emit(s, "message", n)
		}
		t.alive(custom) // others do not wait
		answer <- "now"
		t.equal(receive(t, reply, "the answer"), "now")
		t.equal(back(), numbers(10))
	}},
	{"acks: what is answered late or twice harms nobody", []Need{since(4)}, func(t *T) {
		s := t.connect("/")
		asked := make(chan *client.Message, 1)
		s.On("question", func(_ context.Context, m *client.Message) error { asked <- m; return nil })
		t.equal(t.ack(s, "ask me briefly"), []any{"operation has timed out"})
		m := receive(t, asked, "the question")
		if err := m.Ack("late"); err != nil {
			t.Errorf("late: %v", err)
		}
		if err := m.Ack("twice"); !errors.Is(err, client.ErrAcknowledged) {
			t.Errorf("twice: %v", err)
		}
		t.alive(s)
	}},
	{"acks: the server asks many clients", []Need{since(4)}, func(t *T) {
		a, b, c := t.connect("/"), t.connect("/"), t.connect("/")
		for i, s := range []*client.Socket{a, b} {
			t.ack(s, "join", []string{"asked"})
			client.Handle(s, "question", func(_ context.Context, text string) (string, error) {
				return text + []string{" a", " b"}[i], nil
			})
		}
		got := t.ack(c, "ask all", map[string]any{"rooms": []string{"asked"}, "ms": 20_000, "value": "echo"})[0].(map[string]any)
		list := got["answers"].([]any)
		if len(list) == 2 && list[0] == "echo b" { // they come in any order
			list[0], list[1] = list[1], list[0]
		}
		t.equal(got, map[string]any{"answers": []any{"echo a", "echo b"}, "error": nil})
	}},
	{"acks: those that are under way end with the client's word", nil, func(t *T) {
		s := t.connect("/")
		result := pending(t, s)
		s.Disconnect()
		lostFor(t, receive(t, result, "the error"), client.ClientDisconnect)
	}},
	{"acks: those that are under way end with the server's word", nil, func(t *T) {
		s := t.connect("/")
		result := pending(t, s)
		t.emit(s, "leave me")
		lostFor(t, receive(t, result, "the error"), client.ServerDisconnect)
	}},
	{"acks: those that are under way end with the connection", nil, func(t *T) {
		s := t.connect("/")
		result := pending(t, s)
		t.emit(s, "cut me")
		lostFor(t, receive(t, result, "the error"), client.TransportClose)
		t.alive(s)
	}},
}

// pending has a call wait for an acknowledgement that does not come, and returns its error.
func pending(t *T, s *client.Socket) <-chan error {
	sent := make(chan struct{})
	off := s.OnAnyOutgoing(func(m *client.Message) {
		if m.Event() == "nobody listens" {
			close(sent)
		}
	})
	defer off()
	result := make(chan error, 1)
	go func() {
		_, err := s.EmitWithAck(t.ctx, "nobody listens")
		result <- err
	}()
	receive(t, sent, "the call")
	t.alive(s)
	return result
}

// lostFor checks the error of a call whose connection was lost.
func lostFor(t *T, err error, want client.Reason) {
	var lost *client.DisconnectError
	if !errors.Is(err, client.ErrDisconnected) || !errors.As(err, &lost) || lost.Reason != want {
		t.Errorf("%v is not ErrDisconnected for %q", err, want)
	}
}

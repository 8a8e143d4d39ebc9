// Package peer is a Socket.IO server with a well-known set of handlers, which
// the tests of this module talk to. js/reference.mjs is the same on the
// official server, so that a test can be held against both.
//
// Its namespaces:
//
//	/        everything
//	/custom  emits "auth" on connection, as / does
//	/admin   asks for auth.token "123"; else refuses with data
//	/slow    has a middleware that waits for Server.Release
//	/dynamic-<number>, and with auth.token "123" /asked-<anything>, as /custom
//	/watch   is told of every socket of / that goes: "gone", id, reason, rooms
package peer

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/event"
)

// Order and Receipt are what the call "order" takes and returns.
type Order struct {
	Item   string  `json:"item"`
	Amount int     `json:"amount"`
	Photo  []byte  `json:"photo"`
	Price  float64 `json:"price"`
}

// Receipt is the answer to an Order.
type Receipt struct {
	Total float64 `json:"total"`
	Photo []byte  `json:"photo"`
}

// Move is the arguments of the event "move".
type Move struct {
	event.Tuple
	X, Y  int
	Label string
}

// Server is a sio.Server with handlers.
type Server struct {
	*sio.Server
	release     chan struct{}
	releaseOnce sync.Once
}

// New returns a server, whose Config may be nil. It refuses requests that ask for it:
// those with the query parameter refuse=<their transport>.
func New(cfg *sio.Config) *Server {
	var c sio.Config
	if cfg != nil {
		c = *cfg
	}
	allow := c.AllowRequest
	c.AllowRequest = func(r *http.Request) error {
		if q := r.URL.Query(); slices.Contains(q["refuse"], q.Get("transport")) {
			return errors.New("refused")
		}
		if allow != nil {
			return allow(r)
		}
		return nil
	}
	p := &Server{Server: sio.NewServer(&c), release: make(chan struct{})}
	p.namespaces()
	p.echoes()
	p.rooms()
	p.ends()
	p.streams()
	p.dates()
	p.operations()
	return p
}

// Release lets the clients in that wait at /slow.
func (p *Server) Release() { p.releaseOnce.Do(func() { close(p.release) }) }

func (p *Server) namespaces() {
	auth := func(s *sio.Socket) { _ = s.Emit("auth", s.Handshake().Auth()) }
	p.OnConnect(auth)
	p.Of("/custom").OnConnect(auth)
	p.echo(p.Of("/custom"))

	admin := p.Of("/admin")
	admin.Use(func(_ context.Context, s *sio.Socket) error {
		var auth struct {
			Token string `json:"token"`
		}
		if err := s.Handshake().DecodeAuth(&auth); err != nil || auth.Token != "123" {
			return &sio.Error{Message: "Not authorized", Data: refusal{Code: 42}}
		}
		return nil
	})
	admin.OnConnect(auth)
	p.echo(admin)

	p.Of("/slow").Use(func(ctx context.Context, _ *sio.Socket) error {
		select {
		case <-p.release:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	})
	p.On("release", func(context.Context, *sio.Socket, *sio.Message) error { p.Release(); return nil })

	rooms := p.OfRegexp(regexp.MustCompile(`^/dynamic-\d+$`))
	p.echo(rooms)
	rooms.OnConnect(auth)
	p.echo(p.OfFunc(func(_ context.Context, name string, h sio.Handshake) bool {
		return strings.HasPrefix(name, "/asked-") && h.Auth()["token"] == "123"
	}))
	p.On("tell dynamic", func(_ context.Context, _ *sio.Socket, m *sio.Message) error { return rooms.Emit("told") })

	watch := p.Of("/watch")
	p.OnConnect(func(s *sio.Socket) {
		var rooms []string
		s.OnDisconnecting(func(sio.Reason) { rooms = s.Rooms() })
		s.OnDisconnect(func(reason sio.Reason) {
			_ = watch.Emit("gone", s.ID(), string(reason), len(rooms), len(s.Rooms()))
		})
	})
}

// target is where echo adds its listeners.
type target interface {
	On(name string, fn func(context.Context, *sio.Socket, *sio.Message) error) (off func())
}

// echo adds the listeners of the protocol's conformance suite, and "whoami", which
// is acknowledged with what the server knows of the client.
func (p *Server) echo(on target) {
	on.On("message", func(_ context.Context, s *sio.Socket, m *sio.Message) error {
		args, err := m.Args()
		if err != nil {
			return err
		}
		return s.Emit("message-back", args...)
	})
	on.On("message-with-ack", func(_ context.Context, _ *sio.Socket, m *sio.Message) error {
		args, err := m.Args()
		if err != nil {
			return err
		}
		return m.Ack(args...)
	})
	on.On("whoami", func(_ context.Context, s *sio.Socket, m *sio.Message) error {
		h := s.Handshake()
		return m.Ack(map[string]any{
			"id": s.ID(), "connection": s.Conn().ID(), "transport": s.Transport(), "namespace": s.Namespace().Name(),
			"query": h.Query().Get("from"), "header": h.Header().Get("X-From"), "cookie": h.Header().Get("Cookie"),
			"auth": h.Auth(), "crossDomain": h.CrossDomain(), "secure": h.Secure,
		})
	})
}

func (p *Server) echoes() {
	p.echo(p)
	sio.Handle(p.Server, "order", func(_ context.Context, _ *sio.Socket, o Order) (Receipt, error) {
		if o.Amount <= 0 {
			return Receipt{}, &sio.Error{Message: "nothing ordered", Data: map[string]any{"item": o.Item}}
		}
		return Receipt{Total: o.Price * float64(o.Amount), Photo: o.Photo}, nil
	})
	sio.Handle(p.Server, "move", func(_ context.Context, _ *sio.Socket, m Move) (Move, error) {
		return Move{X: m.Y, Y: m.X, Label: m.Label}, nil
	})
	p.On("panic", func(context.Context, *sio.Socket, *sio.Message) error { panic("asked for") })
	// "ask me" asks its own client "question", and acknowledges with the answer.
	p.On("ask me", func(ctx context.Context, s *sio.Socket, m *sio.Message) error {
		args, err := m.Args()
		if err != nil {
			return err
		}
		answer, err := s.EmitWithAck(ctx, "question", args...)
		if err != nil {
			return m.Ack(err.Error())
		}
		values, err := answer.Args()
		if err != nil {
			return err
		}
		return m.Ack(values...)
	})
	// "ask me briefly" does so too, but for 50 ms.
	p.On("ask me briefly", func(ctx context.Context, s *sio.Socket, m *sio.Message) error {
		ctx, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
		defer cancel()
		_, err := s.EmitWithAck(ctx, "question")
		if !errors.Is(err, sio.ErrTimeout) {
			return m.Ack("no timeout")
		}
		return m.Ack(err.Error())
	})
	// "refresh auth" asks its own client for that, and acknowledges with it.
	sio.Handle(p.Server, "refresh auth", func(ctx context.Context, s *sio.Socket, _ event.None) (map[string]any, error) {
		err := s.RefreshAuth(ctx)
		return s.Handshake().Auth(), err
	})
}

// refusal is the data of a refused connection.
type refusal struct {
	Code  int  `json:"code"`
	Retry bool `json:"retry"`
}

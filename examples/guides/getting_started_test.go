package guides_test

import (
	"context"
	"errors"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/event"
)

type Message struct {
	Room string `json:"room"`
	Text string `json:"text"`
}

func chat(io *sio.Server) {
	sio.On(io, "chat", func(ctx context.Context, s *sio.Socket, m Message) error {
		return s.To(m.Room).Emit("chat", s.ID(), m.Text)
	})
}

type Move struct {
	event.Tuple
	X, Y int
}

func moves(io *sio.Server) {
	sio.On(io, "move", func(ctx context.Context, s *sio.Socket, m Move) error { // socket.emit("move", 3, 4)
		return s.Broadcast().Emit("move", m)
	})
}

const Chat event.Name[Message] = "chat"
const PlaceOrder event.Call[Order, Receipt] = "order"

type Order struct{ Amount int }
type Receipt struct{ Total int }

func orders(io *sio.Server) {
	sio.Handle(io, PlaceOrder, func(ctx context.Context, s *sio.Socket, o Order) (Receipt, error) {
		if o.Amount <= 0 {
			return Receipt{}, &sio.Error{Message: "nothing ordered"} // {"error":{"message":"nothing ordered"}}
		}
		return Receipt{Total: 3 * o.Amount}, nil
	})
}

func confirm(ctx context.Context, s *sio.Socket, question string) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	return sio.Call[bool](ctx, s, "confirm", question)
}

func rooms(io *sio.Server) {
	sio.On(io, "enter", func(ctx context.Context, s *sio.Socket, room string) error {
		if err := s.Join(room); err != nil {
			return err // as it is in too many
		}
		return s.To(room).Emit("entered", s.ID()) // to the others there
	})
}

func announce(io *sio.Server, text string) error {
	return io.To("lobby", "kitchen").Except("muted").Emit("announcement", text) // each socket once
}

func guard(io *sio.Server, users map[string]string) {
	io.Use(func(ctx context.Context, s *sio.Socket) error {
		var auth struct {
			Token string `json:"token"`
		}
		if err := s.Handshake().DecodeAuth(&auth); err != nil {
			return err
		}
		name, ok := users[auth.Token]
		if !ok {
			return &sio.Error{Message: "not authorized"}
		}
		s.SetData(name)
		return nil
	})
	io.OnConnect(func(s *sio.Socket) {
		name, _ := sio.DataOf[string](s)
		s.Emit("message", "welcome, "+name)
	})
}

func renew(s *sio.Socket, check func(token string) (ends time.Time, err error)) {
	var auth struct {
		Token string `json:"token"`
	}
	_ = s.Handshake().DecodeAuth(&auth) // a token that cannot be read is none
	ends, err := check(auth.Token)
	if err != nil {
		s.Disconnect()
		return
	}
	time.AfterFunc(time.Until(ends), func() {
		ctx, cancel := context.WithTimeout(s.Context(), 10*time.Second)
		defer cancel()
		if err := s.RefreshAuth(ctx); err != nil {
			s.Disconnect() // the client gave none, or is gone anyway
			return
		}
		renew(s, check)
	})
}

type Upload struct {
	Name string `json:"name"`
	Data []byte `json:"data"`
}

func uploads(io *sio.Server) {
	sio.Handle(io, "upload", func(ctx context.Context, s *sio.Socket, u Upload) (int, error) {
		return len(u.Data), os.WriteFile(filepath.Base(u.Name), u.Data, 0o600)
	})
}

func farewell(io *sio.Server) {
	io.OnDisconnect(func(s *sio.Socket, reason sio.Reason) {
		log.Printf("%s went: %s", s.ID(), reason) // such as "transport close"
	})
}

func serve(ctx context.Context, io *sio.Server, server *http.Server) error {
	go func() {
		<-ctx.Done() // of signal.NotifyContext
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		if err := errors.Join(io.Shutdown(ctx), server.Shutdown(ctx)); err != nil {
			log.Print(err)
		}
	}()
	return server.ListenAndServe()
}

var _ = []any{chat, moves, orders, confirm, rooms, announce, guard, renew, uploads, farewell, serve, Chat}

package guides_test

import (
	"context"
	"errors"

	"github.com/gosio/sio"
)

func oldClients(valid func(token string) bool) *sio.Server {
	io := sio.NewServer(&sio.Config{AllowEIO3: true})
	io.Of("/admin").Use(func(ctx context.Context, s *sio.Socket) error {
		var auth struct {
			Token string `json:"token"`
		}
		if err := s.Handshake().DecodeAuth(&auth); err != nil || !valid(auth.Token) {
			return errors.New("not authorized")
		}
		return nil
	})
	return io
}

var _ = oldClients

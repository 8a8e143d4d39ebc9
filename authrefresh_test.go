package sio_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/siotest"
)

// authServer returns a server, and its socket of a client.
func authServer(t *testing.T, cfg *sio.Config) (*sio.Socket, *siotest.Client) {
	io := sio.NewServer(cfg)
	sockets := make(chan *sio.Socket, 1)
	io.OnConnect(func(s *sio.Socket) { sockets <- s })
	c := siotest.NewServer(t, io).Dial(t, &siotest.Options{Auth: map[string]any{"token": "old"}})
	return <-sockets, c
}

func refresh(ctx context.Context, s *sio.Socket) <-chan error {
	done := make(chan error, 1)
	go func() { done <- s.RefreshAuth(ctx) }()
	return done
}

func TestRefreshAuth(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer []any
		want   map[string]any
		err    error
	}{
		{"new", []any{map[string]any{"token": "new", "n": 1}}, map[string]any{"token": "new", "n": 1.0}, nil},
		{"empty", []any{map[string]any{}}, map[string]any{}, nil},
		{"nothing", nil, nil, sio.ErrInvalidAuth},
		{"null", []any{nil}, nil, sio.ErrInvalidAuth},
		{"text", []any{"new"}, nil, sio.ErrInvalidAuth},
		{"list", []any{[]int{1}}, nil, sio.ErrInvalidAuth},
		{"two", []any{map[string]any{}, 1}, nil, sio.ErrInvalidAuth},
		{"binary", []any{map[string]any{"token": []byte{1}}}, nil, sio.ErrInvalidAuth},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, client := authServer(t, nil)
				done := refresh(t.Context(), s)
				client.Expect(sio.AuthEvent).Ack(c.answer...)
				if err := <-done; err != c.err {
					t.Errorf("error %v, want %v", err, c.err)
				}
				want := c.want
				if c.err != nil {
					want = map[string]any{"token": "old"}
				}
				if got := s.Handshake().Auth(); !reflect.DeepEqual(got, want) {
					t.Errorf("auth %v, want %v", got, want)
				}
			})
		})
	}
}

func TestRefreshAuthWithoutAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, client := authServer(t, &sio.Config{AckTimeout: 5 * time.Second})
		start := time.Now()
		if err := s.RefreshAuth(t.Context()); err != sio.ErrTimeout || time.Since(start) != 5*time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		client.Expect(sio.AuthEvent)

		done := refresh(t.Context(), s)
		client.Expect(sio.AuthEvent)
		client.Disconnect()
		if err := <-done; !errors.Is(err, sio.ErrDisconnected) {
			t.Errorf("of a client that goes: %v", err)
		}
		if err := s.RefreshAuth(t.Context()); !errors.Is(err, sio.ErrDisconnected) {
			t.Errorf("of a client that has gone: %v", err)
		}
		if got := s.Handshake().Auth()["token"]; got != "old" {
			t.Errorf("token %v", got)
		}
	})
}

// Whoever reads the auth data meanwhile gets those before or after.
func TestRefreshAuthIsAtomic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, client := authServer(t, nil)
		done := refresh(t.Context(), s)
		read := make(chan any)
		go func() {
			for {
				token := s.Handshake().Auth()["token"]
				if token != "old" {
					read <- token
					return
				}
				time.Sleep(time.Millisecond)
			}
		}()
		client.Expect(sio.AuthEvent).Ack(map[string]any{"token": "new"})
		if err := <-done; err != nil {
			t.Error(err)
		}
		if token := <-read; token != "new" {
			t.Errorf("token %v", token)
		}
	})
}

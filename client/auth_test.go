package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/client"
)

// The auth data are asked for at each connection, of each namespace.
func TestAuth(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		got := make(told, 10)
		note := func(s *sio.Socket) { got <- fmt.Sprint(s.Namespace().Name(), s.Handshake().Auth()) }
		f.io.OnConnect(note)
		f.io.Of("/a").OnConnect(note)
		n := 0
		cfg.Auth = func(ctx context.Context) (any, error) {
			n++
			return map[string]any{"n": n}, ctx.Err()
		}
		s := f.dial(cfg)
		got.expect(f, "/map[n:1]")
		f.connect(s.Of("/a"))
		got.expect(f, "/amap[n:2]")
		s.Of("/a").SetAuth(client.StaticAuth(struct {
			Token string `json:"token"`
		}{"x"}))
		s.SetAuth(nil)
		f.drop()
		for range 2 {
			select {
			case text := <-got:
				if text != "/map[]" && text != "/amap[token:x]" {
					t.Error(text)
				}
			case <-time.After(time.Hour):
				t.Fatal("not back")
			}
		}
	})
}

// An auth function that fails is asked again.
func TestAuthErrors(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		cfg.RandomizationFactor = -1
		fails := 2
		cfg.Auth = func(context.Context) (any, error) {
			switch fails--; fails {
			case 1:
				return nil, errors.New("no token")
			case 0:
				panic("no token at all")
			}
			return map[string]any{"token": "x"}, nil
		}
		s := f.new(cfg)
		errs := make(chan error, 10)
		s.OnConnectError(func(err error) { errs <- err })
		start := time.Now()
		f.connect(s)
		if err := <-errs; err.Error() != "no token" {
			t.Error(err)
		}
		if err := <-errs; !errors.As(err, new(*client.PanicError)) {
			t.Error(err)
		}
		if !after(start, 3*time.Second) {
			t.Error(time.Since(start))
		}
		s.Close()
		// With one attempt only, that is the end.
		once := *cfg
		once.NoReconnection = true
		fails = 2
		s = f.new(&once)
		s.Connect()
		if err := s.WaitConnected(t.Context()); err == nil || err.Error() != "no token" || s.Active() {
			t.Error(err)
		}
		// What is no object is the programmer's mistake, and will not be any other time.
		wrong := *cfg
		wrong.Auth = client.StaticAuth("a text")
		s = f.new(&wrong)
		s.Connect()
		if err := s.WaitConnected(t.Context()); err == nil || s.Active() {
			t.Error(err)
		}
	})
}

// A Socket that is closed while its auth function waits does not wait for more.
func TestCloseDuringAuth(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		called := make(chan struct{})
		cfg.Auth = func(ctx context.Context) (any, error) {
			close(called)
			<-ctx.Done()
			return nil, ctx.Err()
		}
		s := f.new(cfg)
		hooks := f.hooks(s)
		s.Connect()
		<-called
		s.Close()
		hooks.nothing(f)
	})
}

// The server may ask for the auth data on a live connection.
func TestAuthRefresh(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		sockets := f.sockets()
		n := 0
		var failed error
		cfg.Auth = func(context.Context) (any, error) {
			n++
			return map[string]any{"n": n}, failed
		}
		errs := make(chan error, 1)
		cfg.OnError = func(err error) { errs <- err }
		s := f.dial(cfg)
		peer := <-sockets
		if err := peer.RefreshAuth(t.Context()); err != nil || peer.Handshake().Auth()["n"] != 2.0 {
			t.Error(err, peer.Handshake().Auth())
		}
		failed = errors.New("no token")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := peer.RefreshAuth(ctx); err != sio.ErrTimeout || peer.Handshake().Auth()["n"] != 2.0 {
			t.Error(err)
		}
		if err := <-errs; !errors.Is(err, failed) {
			t.Error(err)
		}
		client.Handle(s, sio.AuthEvent, func(context.Context, any) (any, error) { return map[string]any{"own": true}, nil })
		if err := peer.RefreshAuth(t.Context()); err != nil || peer.Handshake().Auth()["own"] != true {
			t.Error(err, peer.Handshake().Auth())
		}
	})
}

// A server of Socket.IO 2 gets the auth data as the query of the namespace.
func TestAuthVersion2(t *testing.T) {
	bubble(t, &sio.Config{AllowEIO3: true}, func(t *testing.T, f *fixture, cfg *client.Config) {
		got := make(told, 10)
		note := func(s *sio.Socket) { got <- fmt.Sprint(s.Namespace().Name(), s.Handshake().Auth()) }
		f.io.OnConnect(note)
		f.io.Of("/a").OnConnect(note)
		cfg.Version2 = true
		auth := map[string]any{"token": "a b&c=d,é?", "empty": "", "list": []int{1, 2}, "nothing": nil}
		cfg.Auth = func(context.Context) (any, error) { return auth, nil }
		s := f.dial(cfg)
		got.expect(f, "/map[]")
		f.connect(s.Of("/a"))
		got.expect(f, "/amap[empty: list:[1,2] nothing:null token:a b&c=d,é?]")
		f.drop()
		again := []string{<-got, <-got} // handlers of different sockets are in no order
		slices.Sort(again)
		if want := []string{"/amap[empty: list:[1,2] nothing:null token:a b&c=d,é?]", "/map[]"}; !slices.Equal(again, want) {
			t.Errorf("%q instead of %q", again, want)
		}
		f.connect(s.Of("/a")) // which the server knows first
		s.Of("/a").Disconnect()
		auth = map[string]any{}
		f.connect(s.Of("/a"))
		got.expect(f, "/amap[]")
	})
}

// Headers can be other ones for each attempt.
func TestHeaders(t *testing.T) {
	bubble(t, &sio.Config{Middleware: []func(http.Handler) http.Handler{func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "token 2" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			next.ServeHTTP(w, r)
		})
	}}}, func(t *testing.T, f *fixture, cfg *client.Config) {
		sockets := f.sockets()
		cfg.Header = http.Header{"X-App": {"test"}}
		n := -1
		cfg.RefreshHeader = func(ctx context.Context, h http.Header) error {
			if n++; n == 0 {
				return errors.New("no token")
			}
			h.Set("Authorization", fmt.Sprintf("token %d", n))
			return ctx.Err()
		}
		s := f.new(cfg)
		errs := make(chan error, 10)
		s.OnConnectError(func(err error) { errs <- err })
		f.connect(s)
		if err := <-errs; err.Error() != "no token" {
			t.Error(err)
		}
		var refused *client.TransportError
		if err := <-errs; !errors.As(err, &refused) || refused.Status != http.StatusUnauthorized {
			t.Error(err)
		}
		if h := (<-sockets).Handshake().Header(); h.Get("X-App") != "test" || h.Get("Authorization") != "token 2" {
			t.Error(h)
		}
		if len(cfg.Header) != 1 {
			t.Error("the caller's headers were changed")
		}
	})
}

func TestQueryAndPath(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture, cfg *client.Config) {
		paths := make(chan string, 10)
		f.serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			select {
			case paths <- r.URL.Path:
			default:
			}
			f.io.ServeHTTP(w, r)
		}))
		sockets := f.sockets()
		cfg.HTTPClient = f.http
		cfg.Query = map[string][]string{"a": {"b c", "d"}}
		cfg.Path = "/my/path"
		s := f.dial(cfg)
		if got := (<-sockets).Handshake().Query()["a"]; fmt.Sprint(got) != "[b c d]" {
			t.Error(got)
		}
		if got := <-paths; got != "/my/path/" {
			t.Error(got)
		}
		s.Close()
		cfg.NoTrailingSlash = true
		f.Cleanup(f.newOf("/?x=1", cfg).Close)
		s, err := client.New(address+"/?x=1", cfg)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		f.connect(s)
		if got := (<-sockets).Handshake().Query(); got.Get("x") != "1" || got.Has("a") {
			t.Error(got)
		}
		for {
			if got := <-paths; got == "/my/path" {
				break
			}
		}
	})
}

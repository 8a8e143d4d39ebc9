package sio_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/gosio/sio"
)

type visitor struct{}

// What the engine can be told to do can be told to the server.
func TestEngineHooks(t *testing.T) {
	f := serve(t, &sio.Config{
		GenerateID: func(r *http.Request) (string, error) {
			if r.URL.Query().Has("fail") {
				return "", errors.New("no more ids")
			}
			return "id-" + r.URL.Query().Get("transport"), nil
		},
		OnInitialHeaders: func(h http.Header, _ *http.Request) { h.Set("X-First", "yes") },
		OnHeaders:        func(h http.Header, _ *http.Request) { h.Set("X-All", "yes") },
		Middleware: []func(http.Handler) http.Handler{func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Middleware", "yes")
				next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), visitor{}, "Ada")))
			})
		}},
		ConnContext: func(r *http.Request) context.Context { return r.Context() },
	})
	for _, transport := range transports {
		if p := f.join(transport); p.engine != "id-"+transport {
			t.Errorf("id %s", p.engine)
		}
		s := f.only("/")
		if name, _ := s.Context().Value(visitor{}).(string); name != "Ada" || s.Conn().ID() != "id-"+transport {
			t.Errorf("%s: visitor %q, id %s", transport, name, s.Conn().ID())
		}
		s.Conn().Close()
		eventually(t, "gone", func() bool { return f.Connections() == 0 })
	}
	for _, test := range []struct {
		path              string
		status            int
		first, all, chain string
	}{
		{"/socket.io/?EIO=4&transport=polling", 200, "yes", "yes", "yes"},
		{"/socket.io/?EIO=4&transport=polling&fail", 400, "", "", "yes"},
		{"/socket.io/socket.io.js", 200, "", "", ""},
	} {
		res, err := f.http.Client().Get(f.http.URL + test.path)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		h := res.Header
		if res.StatusCode != test.status || h.Get("X-First") != test.first || h.Get("X-All") != test.all || h.Get("X-Middleware") != test.chain {
			t.Errorf("%s: %d %v", test.path, res.StatusCode, h)
		}
	}
}

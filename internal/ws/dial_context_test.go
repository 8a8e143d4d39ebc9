//go:build !js

package ws_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio/internal/ws"
)

// The context ends a handshake in each of its phases, and the error is its cause.
func TestContextEndsTheHandshake(t *testing.T) {
	why := errors.New("why")
	reached := make(chan struct{}, 1)
	silent, _ := answering(t, func(r *http.Request) string {
		reached <- struct{}{}
		return ""
	})
	for name, hc := range map[string]*http.Client{
		"while dialing": client(t, &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			reached <- struct{}{}
			<-ctx.Done()
			return nil, ctx.Err()
		}}),
		"while waiting for the answer": watching(t),
		"in a RoundTripper": {Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			reached <- struct{}{}
			<-r.Context().Done()
			return nil, context.Cause(r.Context())
		})},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(context.Background())
			go func() { <-reached; cancel(why) }()
			c, _, err := ws.Dial(hc, get(t, silent).WithContext(ctx), nil)
			if c != nil || !errors.Is(err, why) {
				t.Errorf("%v", err)
			}
		})
	}
}

// A deadline, and the Timeout of the client, are timeouts of the handshake.
func TestTimeoutOfTheHandshake(t *testing.T) {
	silent, _ := answering(t, func(r *http.Request) string { return "" })
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	timed := watching(t)
	timed.Timeout = 20 * time.Millisecond
	for name, dial := range map[string]func() (*ws.Conn, *http.Response, error){
		"deadline": func() (*ws.Conn, *http.Response, error) {
			return ws.Dial(watching(t), get(t, silent).WithContext(ctx), nil)
		},
		"Timeout": func() (*ws.Conn, *http.Response, error) { return ws.Dial(timed, get(t, silent), nil) },
	} {
		c, _, err := dial()
		var failed *url.Error
		if c != nil || !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &failed) || !failed.Timeout() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A context that ends when the answer is there already ends the handshake still.
func TestContextEndsWithTheAnswer(t *testing.T) {
	url := echoServer(t, ws.Options{Poller: poller})
	for range 20 {
		ctx, cancel := context.WithCancel(context.Background())
		hc := watching(t)
		inner := hc.Transport
		hc.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
			defer cancel()
			return inner.RoundTrip(r)
		})
		if c, _, err := ws.Dial(hc, get(t, url).WithContext(ctx), nil); c != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
	}
}

// A context that ends later ends nothing, on any way to the server.
func TestConnectionOutlivesTheContext(t *testing.T) {
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			hc, url := way(t, echoHandler(t, ws.Options{Poller: poller}))
			ctx, cancel := context.WithCancel(context.Background())
			d := open(t, hc, get(t, url).WithContext(ctx), nil)
			d.echoes("before")
			cancel()
			for range 20 {
				d.echoes("after")
			}
		})
	}
}

// Neither does a deadline, or a Timeout of the client.
func TestConnectionOutlivesTheTimeout(t *testing.T) {
	serve := func(c net.Conn) {
		r, err := http.ReadRequest(bufio.NewReader(c))
		if err != nil {
			return
		}
		_, _ = io.WriteString(c, switching(r))
		e := &echo{recorder: newRecorder()}
		e.conn = ws.NewConn(c, nil, nil, false)
		e.conn.Start(e)
	}
	pipes := func() (net.Conn, error) {
		client, server := net.Pipe()
		go serve(server)
		return client, nil
	}
	for name, rt := range map[string]http.RoundTripper{
		"net/http": &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return pipes() }},
		"own": roundTripper(func(r *http.Request) (*http.Response, error) {
			c, _ := pipes()
			context.AfterFunc(r.Context(), func() { _ = c.Close() })
			if err := r.Write(c); err != nil {
				return nil, err
			}
			resp, err := http.ReadResponse(bufio.NewReader(c), r)
			if err == nil {
				resp.Body = c
			}
			return resp, err
		}),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				for _, timeout := range []time.Duration{0, 2 * time.Minute} {
					d := open(t, &http.Client{Transport: rt, Timeout: timeout}, get(t, "http://pipe").WithContext(ctx), nil)
					d.echoes("before")
					time.Sleep(time.Hour)
					d.echoes("after")
					ctx = t.Context()
				}
			})
		})
	}
}

// A server that says that it refuses, but not why, is not waited for.
func TestRefusalWithoutEnd(t *testing.T) {
	gone := make(chan struct{}, 1)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusTeapot)
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
		gone <- struct{}{}
	}))
	defer srv.Close()
	var refused *ws.HandshakeError
	if _, _, err := ws.Dial(watching(t), get(t, srv.URL), nil); !errors.As(err, &refused) || refused.Status != http.StatusTeapot {
		t.Error(err)
	}
	receive(t, "end of the request", gone)
}

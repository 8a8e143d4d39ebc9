//go:build !js

package ws_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gosio/sio/internal/ws"
)

// wrapped is a connection of a custom dialer.
type wrapped struct{ net.Conn }

// ways are those to a server with a handler: each returns an http.Client and
// the URL for it.
var ways = map[string]func(t testing.TB, h http.Handler) (*http.Client, string){
	"plain": func(t testing.TB, h http.Handler) (*http.Client, string) {
		srv := httptest.NewServer(h)
		t.Cleanup(srv.Close)
		return client(t, new(http.Transport)), srv.URL
	},
	"tls": func(t testing.TB, h http.Handler) (*http.Client, string) {
		srv := httptest.NewTLSServer(h)
		t.Cleanup(srv.Close)
		return srv.Client(), srv.URL
	},
	"tls with HTTP/2": func(t testing.TB, h http.Handler) (*http.Client, string) {
		srv := httptest.NewUnstartedServer(h)
		srv.EnableHTTP2 = true
		srv.StartTLS()
		t.Cleanup(srv.Close)
		hc := srv.Client()
		resp, err := hc.Do(get(t, srv.URL)) // so that there is a connection of HTTP/2 already
		if err != nil || resp.ProtoMajor != 2 {
			t.Fatalf("%v, %v", resp, err)
		}
		_ = resp.Body.Close()
		return hc, srv.URL
	},
	"unix": func(t testing.TB, h http.Handler) (*http.Client, string) {
		path := filepath.Join(t.TempDir(), "s")
		l, err := net.Listen("unix", path)
		if err != nil {
			t.Skip(err)
		}
		srv := httptest.NewUnstartedServer(h)
		srv.Listener = l
		srv.Start()
		t.Cleanup(srv.Close)
		return client(t, &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return net.Dial("unix", path) }}), "http://socket"
	},
	"custom dialer": func(t testing.TB, h http.Handler) (*http.Client, string) {
		srv := httptest.NewServer(h)
		t.Cleanup(srv.Close)
		return client(t, &http.Transport{DialContext: func(_ context.Context, network, addr string) (net.Conn, error) {
			c, err := net.Dial(network, addr)
			return wrapped{c}, err
		}}), srv.URL
	},
	"a proxy": func(t testing.TB, h http.Handler) (*http.Client, string) {
		proxy, used := proxying(t)
		srv := httptest.NewServer(h)
		t.Cleanup(func() { srv.Close(); used("GET") })
		return client(t, &http.Transport{Proxy: http.ProxyURL(proxy)}), srv.URL
	},
	"a proxy and tls": func(t testing.TB, h http.Handler) (*http.Client, string) {
		proxy, used := proxying(t)
		srv := httptest.NewTLSServer(h)
		t.Cleanup(func() { srv.Close(); used("CONNECT") })
		trust := srv.Client().Transport.(*http.Transport).TLSClientConfig
		return client(t, &http.Transport{Proxy: http.ProxyURL(proxy), TLSClientConfig: trust}), srv.URL
	},
	"a RoundTripper": func(t testing.TB, h http.Handler) (*http.Client, string) {
		srv := httptest.NewServer(h)
		t.Cleanup(srv.Close)
		return &http.Client{Transport: roundTripper(ownTrip)}, srv.URL
	},
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// ownTrip is a RoundTripper that knows nothing of httptrace, and ends what it
// has made with the context of the request.
func ownTrip(r *http.Request) (*http.Response, error) {
	c, err := net.Dial("tcp", r.URL.Host)
	if err != nil {
		return nil, err
	}
	go func() { <-r.Context().Done(); _ = c.Close() }()
	if err := r.Write(c); err != nil {
		return nil, err
	}
	br := bufio.NewReader(c)
	resp, err := http.ReadResponse(br, r)
	if err == nil && resp.StatusCode == 101 {
		resp.Body = struct {
			io.Reader
			io.WriteCloser
		}{br, c}
	}
	return resp, err
}

// proxying is an HTTP proxy. used checks that it had requests of a method.
func proxying(t testing.TB) (_ *url.URL, used func(method string)) {
	var methods atomic.Value
	forward := httputil.ReverseProxy{Rewrite: func(*httputil.ProxyRequest) {}}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		methods.Store(r.Method)
		if r.Method != http.MethodConnect {
			forward.ServeHTTP(w, r)
			return
		}
		up, err := net.Dial("tcp", r.Host)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer up.Close()
		down, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer down.Close()
		_, _ = io.WriteString(down, "HTTP/1.1 200 OK\r\n\r\n")
		go func() { _, _ = io.Copy(up, down); _ = up.Close() }()
		_, _ = io.Copy(down, up)
	}))
	t.Cleanup(srv.Close)
	u, _ := url.Parse(srv.URL)
	return u, func(method string) {
		if got := methods.Load(); got != method {
			t.Errorf("the proxy got %v, not %s", got, method)
		}
	}
}

// Messages of all sizes, on every way to a server, compressed or not.
func TestDialEveryWay(t *testing.T) {
	for name, way := range ways {
		for _, deflate := range []*ws.Deflate{nil, {Threshold: 100}} {
			t.Run(name, func(t *testing.T) {
				hc, url := way(t, echoHandler(t, ws.Options{Poller: poller, Deflate: deflate}))
				d := open(t, hc, get(t, url), &ws.DialOptions{Options: ws.Options{Deflate: deflate}})
				if got := d.resp.Header.Get("Sec-WebSocket-Extensions") != ""; got != (deflate != nil) {
					t.Errorf("compression: %v", got)
				}
				for i, n := range []int{0, 1, 125, 126, 2048, 70_000, 1 << 20} {
					d.echoes(string(letters(n, uint64(i))))
				}
				d.conn.Close(4000, "bye")
				var closed *ws.CloseError
				if err := receive(t, "end", d.closed); !errors.As(err, &closed) || closed.Code != 4000 {
					t.Errorf("ended with %v", err)
				}
			})
		}
	}
}

// CloseNow ends a connection of every kind without waiting for anybody.
func TestDialAndCloseNow(t *testing.T) {
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			hc, url := way(t, echoHandler(t, ws.Options{Poller: poller}))
			d := open(t, hc, get(t, url), nil)
			d.echoes("hello")
			d.conn.CloseNow()
			if err := receive(t, "end", d.closed); err != ws.ErrClosed {
				t.Errorf("ended with %v", err)
			}
		})
	}
}

// What the server sends together with its answer is not lost, nor waited for.
func TestDataBehindTheAnswer(t *testing.T) {
	early := string(unmasked(0x81, []byte("early"))) + string(unmasked(0x82, letters(100_000, 1)))
	for _, cut := range []int{0, 1, 5, 7, 10, 1000, 3000, 5000, 20_000, len(early)} {
		for _, secure := range []bool{false, true} {
			rest := make(chan struct{})
			srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				c, _, err := http.NewResponseController(w).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				defer c.Close()
				_, _ = io.WriteString(c, switching(r)+early[:cut]) // one packet, or one record of TLS, if that is small
				<-rest
				_, _ = io.WriteString(c, early[cut:])
				_, _ = io.Copy(io.Discard, c)
			}))
			if srv.Start(); secure {
				srv.Close()
				srv = httptest.NewUnstartedServer(srv.Config.Handler)
				srv.StartTLS()
			}
			d := open(t, srv.Client(), get(t, srv.URL), nil)
			if cut >= 7 {
				if got := receive(t, "early message", d.messages); got.data != "early" {
					t.Errorf("cut %d: %q", cut, got.data)
				}
			}
			close(rest)
			if cut < 7 {
				if got := receive(t, "early message", d.messages); got.data != "early" {
					t.Errorf("cut %d: %q", cut, got.data)
				}
			}
			if got := receive(t, "large message", d.messages); got.data != string(letters(100_000, 1)) {
				t.Errorf("cut %d: %d bytes, or other ones", cut, len(got.data))
			}
			d.conn.CloseNow()
			receive(t, "end", d.gone)
			srv.Close()
		}
	}
}

// The server has gone right behind its answer.
func TestEndBehindTheAnswer(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, _, _ := http.NewResponseController(w).Hijack()
		_, _ = io.WriteString(c, switching(r)+string(unmasked(0x81, []byte("last words"))))
		_ = c.Close()
	}))
	defer srv.Close()
	for range 50 {
		d := open(t, client(t, new(http.Transport)), get(t, srv.URL), nil)
		if got := receive(t, "message", d.messages); got.data != "last words" {
			t.Errorf("got %q", got.data)
		}
		if err := receive(t, "end", d.closed); err != io.EOF {
			t.Errorf("ended with %v", err)
		}
	}
}

// RoundTrippers that hide the connection, in one way or another.
func TestOddBodies(t *testing.T) {
	hidden := roundTripper(func(r *http.Request) (*http.Response, error) {
		resp, err := ownTrip(r)
		resp.Body = io.NopCloser(strings.NewReader(""))
		return resp, err
	})
	url := echoServer(t, ws.Options{Poller: poller})
	if c, _, err := ws.Dial(&http.Client{Transport: hidden}, get(t, url), nil); c != nil || err == nil || !strings.Contains(err.Error(), "RoundTripper") {
		t.Errorf("no connection: %v", err)
	}
	var closed atomic.Bool
	inner := client(t, &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}})
	reading := roundTripper(func(r *http.Request) (*http.Response, error) {
		resp, err := inner.Transport.RoundTrip(r)
		if err == nil {
			resp.Body = &onlyReads{resp.Body, &closed}
		}
		return resp, err
	})
	secure := httptest.NewTLSServer(echoHandler(t, ws.Options{}))
	defer secure.Close()
	for _, u := range []string{url, secure.URL} {
		closed.Store(false)
		d := open(t, &http.Client{Transport: reading}, get(t, u), nil)
		d.echoes("hello")
		d.conn.Close(0, "")
		receive(t, "end", d.gone)
		if !closed.Load() {
			t.Error("the body was not closed")
		}
	}
}

type onlyReads struct {
	io.ReadCloser
	closed *atomic.Bool
}

func (b *onlyReads) Close() error { b.closed.Store(true); return b.ReadCloser.Close() }

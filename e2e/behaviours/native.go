//go:build !js

package behaviours

import (
	"context"
	"net"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"sync/atomic"

	"github.com/gosio/sio/client"
)

// httpClient is one for this behaviour only, with connections that end with it.
func (t *T) httpClient() *http.Client {
	transport := &http.Transport{MaxIdleConnsPerHost: 100}
	t.later(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// native are behaviours that cannot be shown in browsers.
var native = []Behaviour{
	{"native: cookies are kept, and sent with the next connection", []Need{begins(client.Polling)}, func(t *T) {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatalf("%v", err)
		}
		s := t.connect("/", func(c *client.Config) { c.HTTPClient.Jar = jar })
		first := t.whoami(s)
		t.equal(first.Cookie, "")
		s.Disconnect()
		t.connected(s)
		if got, want := t.whoami(s).Cookie, "io="+first.Connection; got != want {
			t.Errorf("the cookie is %q, not %q", got, want)
		}
	}},
	{"native: WebSocket messages are compressed, if both sides want that", []Need{overWebSocket}, func(t *T) {
		text := strings.Repeat("compressible ", 10_000)
		for _, deflate := range []*client.Deflate{{}, nil} {
			var sent, received atomic.Int64
			s := t.connect("/", func(c *client.Config) {
				c.PerMessageDeflate = deflate
				c.HTTPClient.Transport.(*http.Transport).DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
					var d net.Dialer
					conn, err := d.DialContext(ctx, network, address)
					return &counted{conn, &sent, &received}, err
				}
			})
			t.equal(t.ack(s, "message-with-ack", text)[0], text)
			compressed := []any{sent.Load() < 20_000, received.Load() < 20_000}
			t.equal(compressed, []any{deflate != nil, deflate != nil})
		}
	}},
}

// counted counts what goes over a connection.
type counted struct {
	net.Conn
	sent, received *atomic.Int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.received.Add(int64(n))
	return n, err
}

func (c *counted) Write(p []byte) (int, error) {
	c.sent.Add(int64(len(p))) // before the answer can come
	return c.Conn.Write(p)
}

// overWebSocket is the need of a connection that stays one.
func overWebSocket(w *World) bool { return w.Mode != "polling" }

package engine_test

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/gosio/sio/engine"
)

// Over HTTP/2 the deadline is that of one request: the others of the connection go on.
func TestBodyTimeoutHTTP2(t *testing.T) {
	f := serveTLS(t, &engine.Config{Limits: engine.Limits{BodyTimeout: 50 * time.Millisecond}})
	conn, err := f.dial()
	if err != nil {
		t.Fatal(err)
	}
	server := conn.RemoteAddr().String()
	_ = conn.Close()
	transport := &http.Transport{
		ForceAttemptHTTP2: true, DisableCompression: true,
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "tcp", server)
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	f.client = &http.Client{Transport: overTLS{transport}}
	p, other := f.open(), f.open()
	poll := other.pending()
	body, w := io.Pipe()
	defer w.Close()
	r, err := f.tryBody("POST", p.query, body)
	if err != nil {
		t.Fatal(err)
	}
	r.is(f, 408, "")
	p.s.expectEnd(t, engine.TransportError, engine.ErrBodyTimeout.Error())
	other.send("4x")
	other.s.expect(t, "x")
	other.s.text(t, "y")
	other.expectFrom(poll, 200, "4y")
}

package engine_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gosio/sio/engine"
)

// serveTLS runs a server with TLS. Clients speak HTTP/1.1.
func serveTLS(t *testing.T, cfg *engine.Config) *fixture {
	t.Helper()
	ts := httptest.NewTLSServer(nil) // for its certificate
	certificates := ts.TLS.Certificates
	ts.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dial := func() (net.Conn, error) {
		return tls.Dial("tcp", l.Addr().String(), &tls.Config{InsecureSkipVerify: true})
	}
	return serveOn(t, cfg, l, dial, func(f *fixture) { f.tls = &tls.Config{Certificates: certificates} })
}

func TestTLS(t *testing.T) {
	f := serveTLS(t, nil)
	w, s := f.openWS()
	p := f.open()
	if !s.Handshake().Secure() || !p.s.Handshake().Secure() {
		t.Error("not secure")
	}
	large := strings.Repeat("x", 300_000)
	s.text(t, large)
	w.expect("4" + large)
	w.text("4"+large, "4b")
	s.expect(t, large, "b")
	p.send("4" + large)
	p.s.expect(t, large)
	p.s.text(t, large)
	upgraded := p.upgrade()
	upgraded.expect("4" + large)
	upgraded.text("4c")
	p.s.expect(t, "c")
	s.Close()
	w.expectClose(1005, "")
	s.expectEnd(t, engine.ForcedClose, "")
	_ = upgraded.conn.Close()
	p.s.expectEnd(t, engine.TransportClose, "EOF")
}

// Polling works over HTTP/2, where the requests of all sessions share a
// connection; WebSockets are refused there.
func TestHTTP2(t *testing.T) {
	f := serveTLS(t, nil)
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
	poll := p.pending()
	p.send("4up")
	p.s.expect(t, "up")
	p.s.text(t, "down")
	p.expectFrom(poll, 200, "4down")

	poll = p.pending()
	p.s.Abort()
	p.expectFrom(poll, 200, "1")
	p.unknown()
	other.s.alive(t)
	ctx, cancel := context.WithCancel(context.Background())
	req, err := http.NewRequestWithContext(ctx, "GET", "http://"+host+"/engine.io/?"+other.query, nil)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := f.roundTrip(req)
		done <- err
	}()
	eventually(t, "a pending poll", other.s.Writable)
	cancel()
	if get(t, "end of the request", done) == nil {
		t.Error("answered")
	}
	other.s.expectEnd(t, engine.TransportError, "poll connection closed prematurely")
	f.do("GET", wsQuery, "").is(f, 400, `{"code":3,"message":"Bad request"}`)
}

// overTLS makes requests by https and HTTP/2.
type overTLS struct{ http.RoundTripper }

func (o overTLS) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme = "https"
	resp, err := o.RoundTripper.RoundTrip(r)
	if err == nil && resp.ProtoMajor != 2 {
		panic(resp.Proto)
	}
	return resp, err
}

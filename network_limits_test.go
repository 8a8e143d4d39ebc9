package sio_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/gosio/sio"
	"github.com/gosio/sio/engine"
)

// Limits and proxies are the engine's, and the address of a socket's handshake
// is the client's.
func TestLimitsAndProxies(t *testing.T) {
	refused := make(chan *engine.ConnectionError, 1)
	addresses := make(chan string, 1)
	io := sio.NewServer(&sio.Config{
		TrustedProxies:    []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Limits:            sio.Limits{HandshakeRatePerAddress: sio.Rate{Count: 1, Per: 1 << 40}},
		OnConnectionError: func(e *engine.ConnectionError) { refused <- e },
	})
	io.OnConnect(func(s *sio.Socket) { addresses <- s.Handshake().Address })
	server := httptest.NewServer(io)
	t.Cleanup(func() {
		_ = io.Close()
		server.Close()
	})
	do := func(method, query, body string) (int, http.Header, string) {
		req, _ := http.NewRequest(method, server.URL+"/socket.io/?EIO=4&transport=polling"+query, strings.NewReader(body))
		req.Header.Set("X-Forwarded-For", "203.0.113.9, 192.0.2.1:80")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b := make([]byte, 512)
		n, _ := res.Body.Read(b)
		return res.StatusCode, res.Header, string(b[:n])
	}
	_, _, open := do("GET", "", "")
	do("POST", "&sid="+open[len(`0{"sid":"`):][:20], "40")
	if a := <-addresses; a != "192.0.2.1" {
		t.Errorf("address %q", a)
	}
	if status, h, _ := do("GET", "", ""); status != http.StatusTooManyRequests || h.Get("Retry-After") == "" {
		t.Errorf("%d %v", status, h)
	}
	if e := <-refused; !errors.Is(e, engine.ErrTooManyHandshakes) || e.Context["address"] != "192.0.2.1:80" {
		t.Errorf("%v", e.Context)
	}
}

package dialer_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gosio/sio/engine/dialer"
	"github.com/gosio/sio/wire/eio"
)

// exchange is an http.RoundTripper without a network. The first poll is answered with an
// open packet, or with what the fuzzer says, the second one with that, and others never.
type exchange struct {
	mu      sync.Mutex
	answers []string
	header  http.Header
}

func (e *exchange) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	for name := range e.header {
		rec.Header().Set(name, e.header.Get(name))
	}
	if r.Method == http.MethodPost {
		_, _ = io.Copy(io.Discard, r.Body)
		_ = r.Body.Close()
		return rec.Result(), nil
	}
	e.mu.Lock()
	var next string
	more := len(e.answers) > 0
	if more {
		next, e.answers = e.answers[0], e.answers[1:]
	}
	e.mu.Unlock()
	if !more {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	_, _ = rec.WriteString(next)
	return rec.Result(), nil
}

// FuzzServer has a server say arbitrary things: in answer to the first poll, to the next
// one, and over a WebSocket. Whatever it is, the session ends once, and leaves nothing.
func FuzzServer(f *testing.F) {
	for _, s := range []string{openPacket, openPacket + "\x1e4x\x1ebAQID\x1e2", "4a\x1e1\x1e4b", "", "x", "2:4a3:4€", "\x00\x02\xff4a\x01\x02\xff\x04\x01", "0{}",
		"\x81\x024a\x82\x01x\x81\x012", "\x88\x02\x03\xe8", "\x89\x00\x8a\x00", "\x01\x014\x80\x01x", "\x81\x7e\xff\xff", strings.Repeat("4", 20_000), "3probe", "6\x1e5\x1e3"} {
		f.Add([]byte(s), byte(0))
		f.Add([]byte(s), byte(1))
		f.Add([]byte(s), byte(7))
	}
	f.Fuzz(func(t *testing.T, said []byte, how byte) {
		version := 4
		opened := openPacket
		if how&1 != 0 {
			version, opened = 3, packet3(openPacket)
		}
		x := &exchange{answers: []string{string(said)}, header: http.Header{"Content-Type": {"text/plain"}}}
		if how&2 != 0 {
			x.header.Set("Content-Type", "application/octet-stream")
		}
		if how&4 != 0 {
			x.answers = []string{opened, string(said)}
			if how&2 != 0 {
				x.answers[0] = string(eio.AppendBinaryPayloadV3(nil, eio.Packet{Type: eio.Open, Data: []byte(openPacket[1:])}))
			}
		}
		u := &url.URL{Scheme: "http", Host: "x", Path: "/"}
		fuzzSession(t, &dialer.Config{URL: u, Version: version, NoUpgrade: true, HTTPClient: &http.Client{Transport: x}, MaxMessage: 1 << 20}, len(said))

		stream := string(said)
		if how&4 != 0 {
			stream = "\x81" + string(rune(len(openPacket))) + openPacket + stream
		}
		dial := func(context.Context, string, string) (net.Conn, error) {
			client, server := net.Pipe()
			go answerWebSocket(server, stream)
			return client, nil
		}
		tr := &http.Transport{DialContext: dial, DisableKeepAlives: true}
		defer tr.CloseIdleConnections()
		fuzzSession(t, &dialer.Config{URL: u, Version: version, Transports: []string{dialer.WebSocket}, HTTPClient: &http.Client{Transport: tr}, MaxMessage: 1 << 20}, len(said))
	})
}

func fuzzSession(t *testing.T, cfg *dialer.Config, said int) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	c, err := attempt(ctx, t, cfg, nil)
	if err != nil {
		if ctx.Err() != nil {
			t.Fatal("hangs")
		}
		return
	}
	_ = c.Send([]byte("x"), true)
	c.Close()
	get(t, "end", c.ended)
	c.Abort()
	get(t, "Done", c.Done())
	for range len(c.messages) {
		if m := <-c.messages; len(m.data) > said {
			t.Errorf("a message of %d bytes", len(m.data))
		}
	}
}

// answerWebSocket accepts a handshake, says something, and closes.
func answerWebSocket(conn net.Conn, stream string) {
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(patience))
	p := &peer{conn: conn, rw: conn}
	if !p.upgrade() {
		return
	}
	go func() { _, _ = io.Copy(io.Discard, conn) }()
	p.raw(stream)
}

package dialer_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
)

// openPacket is one of a server with short intervals.
const openPacket = `0{"sid":"S","upgrades":["websocket"],"pingInterval":300,"pingTimeout":200,"maxPayload":100}`

// script is a server that does what a test says. What is nil or "" behaves well.
type script struct {
	open   string                                               // the answer to the first GET
	poll   func(w http.ResponseWriter, r *http.Request)         // by default nothing comes
	post   func(w http.ResponseWriter, r *http.Request, b body) // by default it is taken
	socket func(p *peer)                                        // the connection ends when it returns
	refuse int                                                  // status of WebSocket handshakes

	mu    sync.Mutex
	posts []string
}

type body struct{ data, contentType string }

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	switch {
	case q.Get("transport") == "websocket" && s.refuse != 0:
		http.Error(w, "no WebSockets today", s.refuse)
	case q.Get("transport") == "websocket":
		conn, rw, _, err := ws.UpgradeHTTP(r, w)
		if err != nil {
			return
		}
		defer func() { _ = conn.Close() }()
		if s.socket == nil {
			_, _ = io.Copy(io.Discard, rw)
			return
		}
		s.socket(&peer{conn: conn, rw: rw})
	case r.Method == http.MethodPost:
		data, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.posts = append(s.posts, string(data))
		s.mu.Unlock()
		if s.post != nil {
			s.post(w, r, body{string(data), r.Header.Get("Content-Type")})
		} else {
			_, _ = io.WriteString(w, "ok")
		}
	case q.Get("sid") == "":
		open := s.open
		if open == "" {
			open = openPacket
		}
		_, _ = io.WriteString(w, open)
	case s.poll != nil:
		s.poll(w, r)
	default:
		<-r.Context().Done()
	}
}

// posted returns the bodies of POSTs.
func (s *script) posted() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.posts...)
}

// peer is the other end of a WebSocket.
type peer struct {
	conn net.Conn
	rw   io.ReadWriter
}

func (p *peer) text(s string)   { _ = wsutil.WriteServerText(p.conn, []byte(s)) }
func (p *peer) binary(s string) { _ = wsutil.WriteServerBinary(p.conn, []byte(s)) }
func (p *peer) raw(s string)    { _, _ = io.WriteString(p.conn, s) }
func (p *peer) close(code int) {
	_ = ws.WriteFrame(p.conn, ws.NewCloseFrame(ws.NewCloseFrameBody(ws.StatusCode(code), "why")))
}

// read returns the next message, or what ended the connection.
func (p *peer) read() string {
	for {
		h, err := ws.ReadHeader(p.rw)
		if err != nil {
			return "lost"
		}
		payload := make([]byte, h.Length)
		if _, err := io.ReadFull(p.rw, payload); err != nil {
			return "lost"
		}
		if h.Masked {
			ws.Cipher(payload, h.Mask, 0)
		}
		switch h.OpCode {
		case ws.OpText:
			return string(payload)
		case ws.OpBinary:
			return "binary:" + string(payload)
		case ws.OpClose:
			return "close"
		}
	}
}

// rest reads until the connection ends.
func (p *peer) rest() (all []string) {
	for {
		s := p.read()
		if all = append(all, s); s == "close" || s == "lost" {
			return all
		}
	}
}

// answers are those to polls, one after the other; then nothing comes.
func answers(list ...string) func(w http.ResponseWriter, r *http.Request) {
	var mu sync.Mutex
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		if len(list) == 0 {
			mu.Unlock()
			<-r.Context().Done()
			return
		}
		next := list[0]
		list = list[1:]
		mu.Unlock()
		_, _ = io.WriteString(w, next)
	}
}

func same(t testing.TB, what string, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("%s: %.500q, want %.500q", what, got, want)
	}
}

// packet3 is a payload of protocol 3 with one packet.
func packet3(packet string) string { return fmt.Sprintf("%d:%s", len(packet), packet) }

// upgrade accepts a WebSocket on a connection.
func (p *peer) upgrade() bool {
	_, err := ws.Upgrade(p.conn)
	return err == nil
}

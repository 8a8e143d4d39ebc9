package engine_test

import (
	"io"
	"net"
	"runtime"
	"strconv"
	"testing"

	"github.com/gosio/sio/engine"
)

// rawConn is a connection of a client that allocates nothing: it knows how
// long the answers are.
type rawConn struct {
	net.Conn
	buf [4096]byte
}

func (f *fixture) rawConn() *rawConn {
	f.t.Helper()
	conn, err := f.dial()
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { _ = conn.Close() })
	return &rawConn{Conn: conn}
}

// exchange sends something and reads an answer of n bytes, or if n is 0 one
// that comes in a single piece. It returns how long that was.
func (c *rawConn) exchange(f *fixture, send []byte, n int) int {
	if _, err := c.Write(send); err != nil {
		f.t.Fatal(err)
	}
	var err error
	if n == 0 {
		n, err = c.Read(c.buf[:])
	} else {
		_, err = io.ReadFull(c, c.buf[:n])
	}
	if err != nil {
		f.t.Fatal(err)
	}
	return n
}

// lean has a server whose receivers do and keep nothing.
func lean(f *fixture) {
	f.srv = engine.NewServer(nil, func(*engine.Session) engine.Receiver { return nothing{} })
	f.handler = f.srv
}

type nothing struct{}

func (nothing) Message([]byte, bool) <-chan struct{} { return nil }
func (nothing) Closed(engine.Reason, error)          {}
func (nothing) CaughtUp() <-chan struct{}            { return nil }

// ignoring has receivers ignore the messages.
func ignoring(f *fixture) { f.prepare = func(s *session) { s.onMessage = nothing{}.Message } }

// request is a request of a client that polls.
func (p *poller) request(method, body string) []byte {
	head := method + " /engine.io/?" + p.query + " HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: bench\r\n"
	if body != "" {
		head += "Content-Type: text/plain;charset=UTF-8\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n"
	}
	return []byte(head + "\r\n" + body)
}

func BenchmarkPoll(b *testing.B) {
	f := serve(b, nil, ignoring)
	p := f.open()
	c, get := f.rawConn(), p.request("GET", "")
	message := []byte("hello, world")
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		if err := p.s.Send(message, false); err != nil {
			b.Fatal(err)
		}
		n = c.exchange(f, get, n)
	}
}

func BenchmarkPollThatWaits(b *testing.B) {
	f := serve(b, nil, ignoring)
	p := f.open()
	c, get := f.rawConn(), p.request("GET", "")
	message := []byte("hello, world")
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Write(get); err != nil {
			b.Fatal(err)
		}
		for !p.s.Writable() {
			runtime.Gosched()
		}
		if err := p.s.Send(message, false); err != nil {
			b.Fatal(err)
		}
		n = c.exchange(f, nil, n)
	}
}

func BenchmarkPost(b *testing.B) {
	f := serve(b, nil, ignoring)
	p := f.open()
	c, post := f.rawConn(), p.request("POST", "4hello, world")
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		n = c.exchange(f, post, n)
	}
}

func BenchmarkPollingHandshake(b *testing.B) {
	f := serve(b, nil, lean)
	c := f.rawConn()
	get := (&poller{query: handshakeQuery}).request("GET", "")
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		n = c.exchange(f, get, n)
	}
}

// A client that connects over WebSocket, sends a message, and leaves.
func BenchmarkWebSocketSession(b *testing.B) {
	f := serve(b, nil, lean)
	request := []byte(wsRequest(wsQuery))
	farewell := []byte(wsFrame(0x81, "4hello, world") + wsFrame(0x88, "\x03\xe8"))
	b.ReportAllocs()
	for b.Loop() {
		c, err := f.dial()
		if err != nil {
			b.Fatal(err)
		}
		r := rawConn{Conn: c}
		r.exchange(f, request, 0)
		r.exchange(f, farewell, 0)
		if _, err := io.Copy(io.Discard, c); err != nil {
			b.Fatal(err)
		}
		_ = c.Close()
	}
}

package ws_test

import (
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	gobwas "github.com/gobwas/ws"

	"github.com/gosio/sio/internal/ws"
)

// A peer that never answers the close frame is dropped when the time is up.
func TestCloseWithoutAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, client := net.Pipe()
		r := newRecorder()
		c := ws.NewConn(server, nil, &ws.Options{Poller: poller}, false)
		c.Start(r)
		c.Close(1001, "")
		if f, err := readFrame(client); err != nil || f.Header.OpCode != gobwas.OpClose {
			t.Fatalf("%v, %v", f.Header.OpCode, err)
		}
		begin := time.Now()
		if err := <-r.closed; err != ws.ErrClosed {
			t.Errorf("ended with %v", err)
		}
		if took := time.Since(begin); took != 10*time.Second {
			t.Errorf("after %v", took)
		}
		<-r.gone
		if _, err := client.Read(make([]byte, 1)); err != io.EOF {
			t.Error(err)
		}
	})
}

// The same for one that does not even take what is queued before it.
func TestCloseOfStuckPeer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, _ := net.Pipe()
		r := newRecorder()
		c := ws.NewConn(server, nil, &ws.Options{Poller: poller}, false)
		c.Start(r)
		_ = c.Enqueue(textFrame("never read"))
		c.Flush()
		c.Close(0, "")
		if err := <-r.closed; err != ws.ErrClosed {
			t.Errorf("ended with %v", err)
		}
		<-r.gone
		synctest.Wait() // for the writer, which now sees that
		if c.Queued() != 0 {
			t.Errorf("%d bytes still queued", c.Queued())
		}
	})
}

// A peer that breaks the rules and does not read why holds the connection for
// 2 seconds, and nothing that was queued for it.
func TestStuckViolator(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, client := net.Pipe()
		r := newRecorder()
		c := ws.NewConn(server, nil, &ws.Options{Poller: poller}, false)
		_ = c.Enqueue(textFrame("never read"))
		c.Flush()
		_ = c.Enqueue(textFrame("nor this"))
		c.Start(r)
		_, _ = client.Write([]byte{0xff, 0xff})
		begin := time.Now()
		var protocol *ws.ProtocolError
		if err := <-r.closed; !errors.As(err, &protocol) || time.Since(begin) != 0 {
			t.Errorf("ended with %v, after %v", err, time.Since(begin))
		}
		<-r.gone
		if took := time.Since(begin); took != 2*time.Second {
			t.Errorf("gone after %v", took)
		}
		if c.Queued() != 0 {
			t.Errorf("%d bytes still queued", c.Queued())
		}
	})
}

// Both ends closing at once is an ordinary close.
func TestCloseFromBothSides(t *testing.T) {
	onCarriers(t, func(t *testing.T, p *pair) {
		go p.write(masked(0x88, []byte{3, 232}))
		p.conn.Close(1001, "")
		for f := p.read(); f.Header.OpCode != gobwas.OpClose; f = p.read() {
			t.Errorf("got %v", f.Header.OpCode)
		}
		var closed *ws.CloseError
		if err := receive(t, "end", p.closed); !errors.As(err, &closed) || closed.Code != 1000 {
			t.Errorf("ended with %v", err)
		}
		receive(t, "end of the goroutine", p.gone)
		if _, err := p.client.Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("more than one close frame: %v", err)
		}
	})
}

// Nothing follows the close frame: no pong either.
func TestNoPongAfterClose(t *testing.T) {
	onCarriers(t, func(t *testing.T, p *pair) {
		p.conn.Close(0, "")
		if f := p.read(); f.Header.OpCode != gobwas.OpClose {
			t.Errorf("got %v", f.Header.OpCode)
		}
		go p.write(masked(0x89, []byte("ping")), masked(0x81, []byte("still open on this side")), masked(0x88, nil))
		if got := receive(t, "message", p.messages); got.data != "still open on this side" {
			t.Errorf("got %q", got.data)
		}
		if _, err := p.client.Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("after the close frame: %v", err)
		}
	})
}

func TestValidCloseCodes(t *testing.T) {
	for _, code := range []int{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999} {
		p := connect(t, tcpPair, ws.Options{})
		p.write(masked(0x88, []byte{byte(code >> 8), byte(code)}))
		p.expectClose(code)
		var closed *ws.CloseError
		if err := receive(t, "end", p.closed); !errors.As(err, &closed) || closed.Code != code || closed.Reason != "" {
			t.Errorf("%d: ended with %v", code, err)
		}
	}
}

func TestLongReasonIsCutBetweenRunes(t *testing.T) {
	for _, test := range []struct {
		reason string
		length int
	}{
		{strings.Repeat("a", 123), 123},
		{strings.Repeat("a", 124), 123},
		{strings.Repeat("€", 41), 123},
		{"a" + strings.Repeat("€", 41), 121},
		{"ab" + strings.Repeat("😀", 40), 122},
	} {
		p := connect(t, tcpPair, ws.Options{})
		p.conn.Close(4000, test.reason)
		f := p.read()
		_, reason := gobwas.ParseCloseFrameData(f.Payload)
		if len(reason) != test.length || !utf8.ValidString(reason) || !strings.HasPrefix(test.reason, reason) {
			t.Errorf("%d bytes became %d: %q", len(test.reason), len(reason), reason)
		}
	}
}

// brokenConn fails to write, and then to read, as it is closed.
type brokenConn struct {
	net.Conn
	once   sync.Once
	closed chan struct{}
}

var errBroken = errors.New("cable cut")

func (c *brokenConn) Read([]byte) (int, error)    { <-c.closed; return 0, net.ErrClosed }
func (c *brokenConn) Write([]byte) (int, error)   { return 0, errBroken }
func (c *brokenConn) SetDeadline(time.Time) error { return nil }
func (c *brokenConn) Close() error                { c.once.Do(func() { close(c.closed) }); return nil }

// What ends a connection is the error of the write, not what the reader makes of it.
func TestWriteErrorEnds(t *testing.T) {
	for name, write := range map[string]func(*ws.Conn){
		"Flush": func(c *ws.Conn) { _ = c.Enqueue(textFrame("x")); c.Flush() },
		"Close": func(c *ws.Conn) { c.Close(0, "") },
	} {
		r := newRecorder()
		c := ws.NewConn(&brokenConn{closed: make(chan struct{})}, nil, nil, false)
		c.Start(r)
		write(c)
		if err := receive(t, "end", r.closed); err != errBroken {
			t.Errorf("%s: ended with %v", name, err)
		}
		receive(t, "end of the goroutine", r.gone)
		if c.Queued() != 0 || c.Enqueue(textFrame("x")) != ws.ErrClosed {
			t.Errorf("%s: not closed", name)
		}
	}
}

// Closed comes once, and before Gone, whoever ends the connection and however often.
func TestEndsOnce(t *testing.T) {
	for range 200 {
		server, client := tcpPair(t)
		r := newRecorder()
		c := ws.NewConn(server, nil, &ws.Options{Poller: poller}, false)
		c.Start(r)
		var wg sync.WaitGroup
		for _, end := range []func(){
			c.CloseNow,
			func() { c.Close(1000, "") },
			func() { _ = c.Enqueue(textFrame("x")); c.Flush() },
			func() { _, _ = client.Write(masked(0x88, nil)) },
			func() { _ = client.Close() },
		} {
			wg.Go(end)
		}
		wg.Wait()
		receive(t, "end of the goroutine", r.gone)
		if n := len(r.closed); n != 1 {
			t.Fatalf("Closed was called %d times", n)
		}
		if _, err := server.Write([]byte{0}); !errors.Is(err, net.ErrClosed) {
			t.Fatalf("gone, but the descriptor is open: %v", err)
		}
	}
}

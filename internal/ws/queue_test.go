package ws_test

import (
	"errors"
	"net"
	"strings"
	"testing"

	gobwas "github.com/gobwas/ws"

	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/ws"
)

// Small and empty frames take memory as well: their number is bounded, too.
func TestEmptyFramesFillTheQueue(t *testing.T) {
	server, client := net.Pipe()
	defer func() { _ = client.Close() }()
	c := ws.NewConn(server, nil, &ws.Options{Poller: poller, MaxQueue: 64_000}, false)
	defer c.CloseNow()
	for taken := 0; ; taken++ {
		f := frame.New(0)
		f.Seal(true, false)
		if err := c.Enqueue(f); err != nil {
			if !errors.Is(err, ws.ErrQueueFull) || taken != 1000 {
				t.Errorf("%v after %d frames", err, taken)
			}
			return
		}
		if taken > 1000 {
			t.Fatal("no end")
		}
	}
}

// Frames that go together are taken together or not at all, and released.
func TestAllOrNothing(t *testing.T) {
	before := frame.Outstanding()
	server, client := tcpPair(t)
	defer func() { _ = client.Close() }()
	c := ws.NewConn(server, nil, &ws.Options{Poller: poller, MaxQueue: 1000}, false)
	r := newRecorder()
	c.Start(r)
	if err := c.Enqueue(textFrame("one"), textFrame("two")); err != nil {
		t.Fatal(err)
	}
	if err := c.Enqueue(textFrame("three"), textFrame(strings.Repeat("x", 1000))); err != ws.ErrQueueFull {
		t.Errorf("error %v", err)
	}
	if n := c.Queued(); n != len("onetwo") {
		t.Errorf("%d bytes queued", n)
	}
	if err := c.Enqueue(textFrame("four")); err != nil {
		t.Error(err)
	}
	c.Close(0, "")
	if err := c.Enqueue(textFrame("five"), textFrame("six")); err != ws.ErrClosed {
		t.Errorf("error %v", err)
	}
	for _, want := range []string{"one", "two", "four", ""} {
		f, err := readFrame(client)
		if err != nil || string(f.Payload) != want {
			t.Errorf("%q, %v, want %q", f.Payload, err, want)
		}
		if (f.Header.OpCode == gobwas.OpClose) != (want == "") {
			t.Errorf("%v", f.Header.OpCode)
		}
	}
	_ = client.Close()
	receive(t, "end", r.gone)
	if n := frame.Outstanding() - before; n != 0 { // counted with the tag bufdebug
		t.Errorf("%d frames not released", n)
	}
}

// A connection whose peer takes what it gets is never congested, not even
// where a goroutine does the writing.
func TestNotCongestedByLittle(t *testing.T) {
	onCarriers(t, func(t *testing.T, p *pair) {
		for range 500 {
			if p.conn.Congested() {
				t.Fatal("congested")
			}
			_ = p.conn.Enqueue(textFrame("little"))
			p.conn.Flush()
			if p.conn.Congested() {
				t.Fatal("congested after a small message")
			}
			p.read()
		}
	})
}

func TestStuckPortablePeerCongests(t *testing.T) {
	server, client := net.Pipe() // takes nothing unless it is read
	defer func() { _ = client.Close() }()
	c := ws.NewConn(server, nil, nil, false)
	defer c.CloseNow()
	_ = c.Enqueue(textFrame(strings.Repeat("x", 10_000)))
	c.Flush()
	if c.Congested() {
		t.Error("congested by 10 KB")
	}
	_ = c.Enqueue(textFrame(strings.Repeat("x", 10_000)))
	c.Flush()
	if !c.Congested() {
		t.Error("not congested by 20 KB")
	}
}

// Nothing waits once everything is written: what is counted is given back.
func TestCountsReturnToZero(t *testing.T) {
	onCarriers(t, func(t *testing.T, p *pair) {
		for range 100 {
			_ = p.conn.Enqueue(textFrame("a"), textFrame(strings.Repeat("b", 5000)), textFrame(""))
			p.conn.Flush()
		}
		for range 300 {
			p.read()
		}
		p.conn.Close(0, "") // behind which nothing waits
		p.expectClose(1005)
		go p.write(masked(0x88, nil))
		receive(t, "end", p.gone)
		if n := p.conn.Queued(); n != 0 {
			t.Errorf("%d bytes queued", n)
		}
	})
}

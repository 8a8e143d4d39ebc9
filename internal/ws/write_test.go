package ws_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"

	gobwas "github.com/gobwas/ws"

	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/ws"
)

func TestFramesLeaveOnceAndInOrder(t *testing.T) {
	onCarriers(t, func(t *testing.T, p *pair) {
		const n = 3000
		go func() {
			for i := range n {
				s := fmt.Sprintf("%d:", i)
				if i%50 == 0 {
					s += strings.Repeat("x", 10000)
				}
				if err := p.conn.Enqueue(textFrame(s), textFrame("second of "+s)); err != nil {
					t.Error(err)
				}
				if i%7 == 0 {
					p.conn.Flush()
				}
			}
			p.conn.Flush()
		}()
		for i := range n {
			for _, prefix := range []string{fmt.Sprintf("%d:", i), fmt.Sprintf("second of %d:", i)} {
				if f := p.read(); !bytes.HasPrefix(f.Payload, []byte(prefix)) {
					t.Fatalf("got %.30q, want %q", f.Payload, prefix)
				}
			}
		}
	})
}

func TestConcurrentSenders(t *testing.T) {
	onCarriers(t, func(t *testing.T, p *pair) {
		var wg sync.WaitGroup
		for s := range 8 {
			wg.Go(func() {
				for i := range 500 {
					_ = p.conn.Enqueue(textFrame(fmt.Sprintf("%d %d", s, i)))
					p.conn.Flush()
				}
			})
		}
		next := make([]int, 8)
		for range 8 * 500 {
			var s, i int
			if _, err := fmt.Sscanf(string(p.read().Payload), "%d %d", &s, &i); err != nil || next[s] != i {
				t.Fatalf("sender %d: %d, want %d (%v)", s, i, next[s], err)
			}
			next[s]++
		}
		wg.Wait()
	})
}

func TestSharedFrame(t *testing.T) {
	f := textFrame("to all")
	var pairs []*pair
	for range 20 {
		pairs = append(pairs, connect(t, tcpPair, ws.Options{}))
	}
	f.Retain(len(pairs))
	f.Release()
	for _, p := range pairs {
		if err := p.conn.Enqueue(f); err != nil {
			t.Fatal(err)
		}
		p.conn.Flush()
	}
	for _, p := range pairs {
		if got := string(p.read().Payload); got != "to all" {
			t.Errorf("got %q", got)
		}
	}
}

// A peer that does not read costs what its queue may hold, and no more; nobody
// waits for it, and when it reads again, everything that was taken arrives.
func TestPeerThatDoesNotRead(t *testing.T) {
	for _, c := range carriers[:2] {
		t.Run(c.name, func(t *testing.T) {
			o := c.opt
			o.MaxQueue = 1 << 20
			p := connect(t, tcpPair, o)
			payload := strings.Repeat("x", 10000)
			taken := 0
			for {
				err := p.conn.Enqueue(textFrame(payload))
				if errors.Is(err, ws.ErrQueueFull) {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				taken++
				p.conn.Flush()
			}
			if !p.conn.Congested() || p.conn.Queued() > o.MaxQueue || p.conn.Queued() == 0 {
				t.Errorf("congested %v, %d bytes queued", p.conn.Congested(), p.conn.Queued())
			}
			for range taken {
				if got := p.read(); len(got.Payload) != len(payload) {
					t.Fatal("damaged frame")
				}
			}
			for p.conn.Congested() || p.conn.Queued() != 0 {
				runtime.Gosched()
			}
			if err := p.conn.Enqueue(textFrame("again")); err != nil {
				t.Fatal(err)
			}
			p.conn.Flush()
			if got := string(p.read().Payload); got != "again" {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestOneMessageAlwaysFits(t *testing.T) {
	p := connect(t, tcpPair, ws.Options{MaxQueue: 10})
	if err := p.conn.Enqueue(textFrame(strings.Repeat("x", 100))); err != nil {
		t.Fatal(err)
	}
	if err := p.conn.Enqueue(textFrame("y")); err != ws.ErrQueueFull {
		t.Errorf("error %v", err)
	}
	p.conn.Flush()
	p.read()
}

func TestCloseDeliversWhatIsQueued(t *testing.T) {
	onCarriers(t, func(t *testing.T, p *pair) {
		_ = p.conn.Enqueue(textFrame("last words"))
		p.conn.Close(0, "")
		p.conn.Close(4000, "ignored")
		if err := p.conn.Enqueue(textFrame("too late")); err != ws.ErrClosed {
			t.Errorf("error %v", err)
		}
		if got := string(p.read().Payload); got != "last words" {
			t.Errorf("got %q", got)
		}
		if f := p.read(); f.Header.OpCode != gobwas.OpClose || len(f.Payload) != 0 {
			t.Errorf("got %v %q", f.Header.OpCode, f.Payload)
		}
		go p.write(masked(0x88, nil))
		var closed *ws.CloseError
		if err := receive(t, "end", p.closed); !errors.As(err, &closed) {
			t.Errorf("ended with %v", err)
		}
		if _, err := p.client.Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("after the close frames: %v", err)
		}
	})
}

func TestCloseWithCode(t *testing.T) {
	p := connect(t, tcpPair, ws.Options{})
	p.conn.Close(4001, "because")
	f := p.read()
	if code, reason := gobwas.ParseCloseFrameData(f.Payload); code != 4001 || reason != "because" {
		t.Errorf("%d %q", code, reason)
	}
}

func TestCloseNowEndsEverything(t *testing.T) {
	onCarriers(t, func(t *testing.T, p *pair) {
		for range 2000 { // enough that a writer is stuck
			_ = p.conn.Enqueue(textFrame(strings.Repeat("x", 10000)))
			p.conn.Flush()
		}
		p.conn.CloseNow()
		p.conn.CloseNow()
		if err := receive(t, "end", p.closed); err != ws.ErrClosed {
			t.Errorf("ended with %v", err)
		}
		receive(t, "end of the goroutine", p.gone)
		if err := p.conn.Enqueue(textFrame("x")); err != ws.ErrClosed {
			t.Errorf("error %v", err)
		}
		p.conn.Flush()
		p.conn.Close(0, "")
	})
}

func TestCloseNowBeforeStart(t *testing.T) {
	server, client := tcpPair(t)
	defer client.Close()
	r := newRecorder()
	c := ws.NewConn(server, nil, &ws.Options{Poller: poller}, false)
	c.CloseNow()
	c.Start(r)
	if err := receive(t, "end", r.closed); err != ws.ErrClosed {
		t.Errorf("ended with %v", err)
	}
	receive(t, "end of the goroutine", r.gone)
}

func TestDeflate(t *testing.T) {
	p := connect(t, tcpPair, ws.Options{MaxMessage: 100000, Deflate: &ws.Deflate{Threshold: 100}})
	long := strings.Repeat("all work and no play ", 100)
	small := frame.New(3)
	small.B = append(small.B, "abc"...)
	small.Seal(false, true)
	plain := frame.New(len(long))
	plain.B = append(plain.B, long...)
	plain.Seal(false, false) // not to be compressed
	_ = p.conn.Enqueue(textFrame(long), small, plain)
	p.conn.Flush()
	if f := p.read(); f.Header.Rsv != 4 || len(f.Payload) > 200 {
		t.Errorf("rsv %d, %d bytes", f.Header.Rsv, len(f.Payload))
	} else {
		p.write(masked(0xc1, f.Payload)) // what we deflate, we inflate
		if got := receive(t, "message", p.messages); got.data != long {
			t.Errorf("inflated to %.40q", got.data)
		}
	}
	for _, want := range []string{"abc", long} {
		if f := p.read(); f.Header.Rsv != 0 || string(f.Payload) != want {
			t.Errorf("rsv %d, %.20q", f.Header.Rsv, f.Payload)
		}
	}
}

func TestInflateIsBounded(t *testing.T) {
	bomb := frame.New(1 << 20)
	bomb.B = append(bomb.B, make([]byte, 1<<20)...)
	bomb.Seal(true, true)
	f, err := readFrame(bytes.NewReader(bomb.Deflated()))
	if err != nil {
		t.Fatal(err)
	}
	p := connect(t, tcpPair, ws.Options{MaxMessage: 100000, Deflate: &ws.Deflate{}})
	p.write(masked(0xc2, f.Payload))
	if err := receive(t, "end", p.closed); err != ws.ErrMessageTooBig {
		t.Errorf("ended with %v", err)
	}
	p.expectClose(1009)
	bomb.Release()
}

func TestBrokenCompression(t *testing.T) {
	p := connect(t, tcpPair, ws.Options{Deflate: &ws.Deflate{}})
	p.write(masked(0xc1, []byte("\xff\xff\xff\xff")))
	p.expectClose(1007)
}

func TestAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	p := connect(t, tcpPair, ws.Options{Poller: poller})
	f := textFrame("a message")
	buf := make([]byte, 100)
	if n := testing.AllocsPerRun(500, func() {
		f.Retain(1)
		_ = p.conn.Enqueue(f)
		p.conn.Flush()
		_, _ = io.ReadFull(p.client, buf[:11])
	}); n >= 1 {
		t.Errorf("sending: %v allocations", n)
	}
	f.Release()
	got := make(chan struct{}, 1)
	server, client := tcpPair(t)
	defer client.Close()
	r := newRecorder()
	r.onText = func([]byte, bool) { got <- struct{}{} }
	c := ws.NewConn(server, nil, &ws.Options{Poller: poller}, false)
	c.Start(r)
	m := masked(0x81, []byte("a message"))
	if n := testing.AllocsPerRun(500, func() { _, _ = client.Write(m); <-got }); n >= 1 {
		t.Errorf("receiving: %v allocations", n)
	}
	c.CloseNow()
	receive(t, "end", r.gone)
}

func BenchmarkEcho(b *testing.B) {
	server, client := tcpPair(b)
	defer client.Close()
	r := newRecorder()
	var c *ws.Conn
	r.onText = func(p []byte, _ bool) {
		f := frame.New(len(p))
		f.B = append(f.B, p...)
		f.Seal(false, true)
		_ = c.Enqueue(f)
		c.Flush()
	}
	c = ws.NewConn(server, nil, &ws.Options{Poller: poller}, false)
	c.Start(r)
	m, buf := masked(0x81, make([]byte, 64)), make([]byte, 66)
	b.ReportAllocs()
	for b.Loop() {
		_, _ = client.Write(m)
		if _, err := io.ReadFull(client, buf); err != nil {
			b.Fatal(err)
		}
	}
	c.CloseNow()
}

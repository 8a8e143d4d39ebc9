package engine_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/internal/buf"
	"github.com/gosio/sio/internal/frame"
)

// body returns n letters that are different for every i.
func body(n, i int) string {
	return strings.Repeat(fmt.Sprintf("%d-abcdefghijklmnopqrstuvwxyz,", i), n/27+1)[:n]
}

// The data of messages of LargeMessage bytes or more is the receiver's: it
// stays as it is, whatever else arrives, and whatever is given back.
func TestLargeDataIsTheReceivers(t *testing.T) {
	type arrival struct {
		data   []byte
		binary bool
	}
	arrived := make(chan arrival, 10)
	keep := func(f *fixture) {
		f.prepare = func(s *session) {
			s.onMessage = func(data []byte, binary bool) <-chan struct{} {
				if len(data) < engine.LargeMessage {
					data = bytes.Clone(data)
				}
				arrived <- arrival{data, binary}
				return nil
			}
		}
	}
	overWS := func(w *wsClient) func(string, bool) {
		return func(data string, binary bool) {
			frame := wsFrame(0x81, "4"+data)
			if binary {
				frame = wsFrame(0x82, data)
			}
			w.write(wsFrame(0x81, "4small") + frame + wsFrame(0x81, "4small"))
		}
	}
	for _, way := range []struct {
		name  string
		begin func(f *fixture) (send func(data string, binary bool)) // between small messages
	}{
		{"websocket", func(f *fixture) func(string, bool) {
			w, _ := f.openWS()
			return overWS(w)
		}},
		{"polling", func(f *fixture) func(string, bool) {
			p := f.open()
			return func(data string, binary bool) {
				packet := "4" + data
				if binary {
					packet = inBase64(data)
				}
				p.send("4small", packet, "4small") // in one payload, whose memory all share
			}
		}},
		{"upgraded", func(f *fixture) func(string, bool) { return overWS(f.open().upgrade()) }},
	} {
		t.Run(way.name, func(t *testing.T) {
			send := way.begin(serve(t, nil, keep))
			var kept [][]byte
			var want []string
			for i := range 64 {
				data := body([]int{engine.LargeMessage - 1, engine.LargeMessage, engine.LargeMessage + 1, 70_000 + i}[i%4], i)
				binary := i/4%2 == 0
				send(data, binary)
				before, m, behind := get(t, "message", arrived), get(t, "message", arrived), get(t, "message", arrived)
				if string(m.data) != data || m.binary != binary || string(before.data)+string(behind.data) != "smallsmall" {
					t.Fatalf("message %d: %d bytes, binary %v, between %.20q and %.20q", i, len(m.data), m.binary, before.data, behind.data)
				}
				if i%3 == 0 && len(m.data) >= engine.LargeMessage { // done with it
					engine.Recycle(m.data)
					continue
				}
				kept, want = append(kept, m.data), append(want, data)
			}
			for i := range kept {
				if string(kept[i]) != want[i] {
					t.Errorf("message %d has changed", i)
				}
			}
		})
	}
}

// lend queues a text with an attachment whose memory is the caller's again
// when it returns.
func (s *session) lend(text, attachment string) error {
	first := frame.New(len(text))
	first.B = append(first.B, text...)
	first.Seal(false, true)
	memory := []byte(attachment)
	rest := frame.New(0)
	rest.Borrow(memory)
	rest.Seal(true, true)
	err := s.Queue(frame.Group{First: first, Rest: []*frame.Frame{rest}}, false)
	for i := range memory {
		memory[i] = '!'
	}
	return err
}

func inBase64(data string) string { return "b" + base64.StdEncoding.EncodeToString([]byte(data)) }

// The memory of an attachment is the caller's again when Queue returns,
// whatever becomes of the attachment then.
func TestBorrowedAttachments(t *testing.T) {
	one, two := body(40_000, 1), body(500_000, 2)
	lend := func(t *testing.T, s *session) {
		t.Helper()
		for i, attachment := range []string{one, two} {
			if err := s.lend(fmt.Sprint("451-", i), attachment); err != nil {
				t.Fatal(err)
			}
		}
	}
	polled := "451-0\x1e" + inBase64(one) + "\x1e451-1\x1e" + inBase64(two)
	overWS := []string{"451-0", "b:" + one, "451-1", "b:" + two}
	t.Run("queued for a poll", func(t *testing.T) {
		p := serve(t, nil).open()
		lend(t, p.s)
		p.expect(polled)
	})
	t.Run("with a poll pending", func(t *testing.T) {
		p := serve(t, nil).open()
		poll := p.pending()
		lend(t, p.s)
		p.s.Flush()
		p.expectFrom(poll, 200, polled)
	})
	t.Run("moved by an upgrade", func(t *testing.T) {
		p := serve(t, nil).open()
		w := p.probe()
		lend(t, p.s)
		w.text("5")
		w.expect(overWS...)
	})
	t.Run("after an upgrade", func(t *testing.T) {
		p := serve(t, nil).open()
		w := p.upgrade()
		lend(t, p.s)
		p.s.Flush()
		w.expect(overWS...)
	})
	t.Run("websocket", func(t *testing.T) {
		w, s := serve(t, nil).openWS()
		lend(t, s)
		s.Flush()
		w.expect(overWS...)
	})
	t.Run("websocket, corked", func(t *testing.T) {
		w, s := serve(t, nil).openWS()
		s.Cork()
		if err := s.queue("4before", false); err != nil {
			t.Fatal(err)
		}
		lend(t, s)
		s.Uncork()
		w.expect(append([]string{"4before"}, overWS...)...)
	})
	t.Run("portable websocket", func(t *testing.T) {
		bubble(t, nil, func(t *testing.T, f *fixture) {
			w, s := f.openWS()
			lend(t, s)
			s.Flush()
			w.expect(overWS...)
		})
	})
	t.Run("compressed websocket", func(t *testing.T) {
		w, s := serve(t, &engine.Config{PerMessageDeflate: &engine.Deflate{}}).openWS("Sec-WebSocket-Extensions", "permessage-deflate")
		lend(t, s)
		s.Flush()
		for _, want := range overWS {
			h, payload, err := w.next()
			if err == nil && h.Rsv1() {
				payload = inflate(t, payload)
			}
			if err != nil || h.Rsv1() != (len(want) > 1024) || payload != strings.TrimPrefix(want, "b:") {
				t.Fatalf("%+v, %v", h, err)
			}
		}
	})
}

// A client that does not read gets what was lent when it does, while the same
// memory is used for the next message.
func TestBorrowedBySlowClient(t *testing.T) {
	f := serve(t, &engine.Config{MaxQueue: 64 << 20})
	w, s := f.openWS()
	_ = w.conn.(*net.TCPConn).SetReadBuffer(16 << 10)
	const n = 40
	var want []string
	for i := range n {
		attachment := body(300_000, i)
		text := fmt.Sprint("451-", i)
		if err := s.lend(text, attachment); err != nil {
			t.Fatal(err)
		}
		want = append(want, text, "b:"+attachment)
		s.Flush()
	}
	if s.Queued() == 0 {
		t.Error("the kernel has taken everything")
	}
	w.expect(want...)
}

// Nothing is lost, overtaken or changed when an upgrade comes while messages
// with borrowed memory are sent.
func TestBorrowedWhileUpgrading(t *testing.T) {
	f := serve(t, &engine.Config{MaxQueue: 64 << 20})
	for round := range 10 {
		p := f.open()
		w := p.probe()
		const n = 60
		started, done := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(done)
			for i := range n {
				if err := p.s.lend(fmt.Sprint("451-", i), body(20_000, i)); err != nil {
					t.Error(err)
				}
				p.s.Flush()
				if i == round*4 {
					close(started)
				}
			}
		}()
		<-started
		w.text("5")
		for i := range n {
			w.expect(fmt.Sprint("451-", i), "b:"+body(20_000, i))
		}
		<-done
		p.s.alive(t)
		p.s.Abort()
	}
}

// What is refused is released, and no part of it is sent.
func TestBorrowedIsRefused(t *testing.T) {
	f := serve(t, &engine.Config{MaxQueue: 100_000})
	buffers, frames := buf.Outstanding(), frame.Outstanding() // counted with the tag bufdebug
	p := f.open()
	if err := p.s.lend("451-0", body(90_000, 0)); err != nil {
		t.Fatal(err)
	}
	if err := p.s.lend("451-1", body(20_000, 1)); !errors.Is(err, engine.ErrQueueFull) {
		t.Error(err)
	}
	p.s.expectEnd(t, engine.TransportError, "write queue full")
	if err := p.s.lend("451-2", body(20_000, 2)); err != engine.ErrSessionClosed {
		t.Error(err)
	}
	w, s := f.openWS()
	s.Abort()
	s.expectEnd(t, engine.ForcedClose, "")
	if err := s.lend("451-3", body(20_000, 3)); err != engine.ErrSessionClosed {
		t.Error(err)
	}
	w.expectEOF()
	eventually(t, "everything is released", func() bool { return buf.Outstanding() <= buffers && frame.Outstanding() <= frames })
}

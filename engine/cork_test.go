package engine_test

import (
	"bytes"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobwas/ws"
)

// oneWrite reads what the server wrote in one call.
func (w *wsClient) oneWrite() (packets []string) {
	w.f.t.Helper()
	if w.r.Buffered() > 0 {
		w.f.t.Fatal("something is left of the last write")
	}
	b := make([]byte, 1<<16)
	n, err := w.conn.Read(b)
	if err != nil {
		w.f.t.Fatal(err)
	}
	for r := bytes.NewReader(b[:n]); r.Len() > 0; {
		h, err := ws.ReadHeader(r)
		if err != nil {
			w.f.t.Fatal(err)
		}
		payload := make([]byte, h.Length)
		if _, err := io.ReadFull(r, payload); err != nil {
			w.f.t.Fatal(err)
		}
		packets = append(packets, string(payload))
	}
	return packets
}

func (s *session) soon(t testing.TB, packets ...string) {
	t.Helper()
	for _, p := range packets {
		if err := s.queue(p, false); err != nil {
			t.Fatal(err)
		}
		s.FlushSoon()
	}
}

// What is sent while the session is corked leaves at once, in one write, when
// it is uncorked.
func TestCork(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture) {
		w, s := f.openWS()
		for _, uncork := range []func(){s.Uncork, s.Flush} {
			c := newClock(t)
			synctest.Wait() // for the writer of what came before, which would take more along
			s.Cork()
			s.soon(t, "4a", "4b", "4c")
			synctest.Wait()
			if s.Queued() != 6 {
				t.Errorf("%d bytes queued", s.Queued())
			}
			uncork()
			if got := w.oneWrite(); len(got) != 3 || got[0] != "4a" || got[2] != "4c" {
				t.Errorf("written together: %q", got)
			}
			s.soon(t, "4d") // not corked any more
			if got := w.oneWrite(); len(got) != 1 || got[0] != "4d" {
				t.Errorf("written together: %q", got)
			}
			if time.Since(c.start) != 0 {
				t.Error("something waited for a timer")
			}
		}

		p := f.open()
		poll := p.pending()
		p.s.Cork()
		p.s.soon(t, "4a", "4b")
		synctest.Wait()
		if len(poll) != 0 {
			t.Error("answered while corked")
		}
		p.s.Uncork()
		p.expectFrom(poll, 200, "4a\x1e4b")
	})
}

// A handler that goes on working does not hold back what it has sent for more
// than 2 ms.
func TestCorkIsGuarded(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture) {
		w, s := f.openWS()
		p := f.open()
		for range 3 {
			poll := p.pending()
			c := newClock(t)
			for _, s := range []*session{s, p.s} {
				s.Cork()
				s.soon(t, "4a", "4b")
			}
			if got := w.oneWrite(); len(got) != 2 {
				t.Errorf("written together: %q", got)
			}
			p.expectFrom(poll, 200, "4a\x1e4b")
			if d := time.Since(c.start); d == 0 || d > 2*time.Millisecond {
				t.Errorf("flushed after %v", d)
			}
		}
		// The end of a session in the guard's list is no harm.
		s.Cork()
		s.soon(t, "4a")
		s.Abort()
		s.expectEnd(t, "forced close", "")
		time.Sleep(time.Second)
	})
}

// Send is for those who have not heard of Cork.
func TestSendWhileCorked(t *testing.T) {
	f := serve(t, nil)
	w, s := f.openWS()
	s.Cork()
	s.text(t, "at once")
	w.expect("4at once")
	s.soon(t, "4within 2 ms") // also where time is real
	w.expect("4within 2 ms")
}

// An upgrade while the session is corked loses nothing.
func TestCorkAcrossUpgrade(t *testing.T) {
	f := serve(t, nil)
	p := f.open()
	w := p.probe()
	p.s.Cork()
	if err := p.s.queue("4a", false); err != nil {
		t.Fatal(err)
	}
	w.text("5")
	eventually(t, "an upgraded session", func() bool { return p.s.Transport() == "websocket" })
	p.s.soon(t, "4b")
	p.s.Uncork()
	w.expect("4a", "4b")
}

package engine_test

import (
	"errors"
	"testing"

	"github.com/gosio/sio/engine"
)

func TestCloseOnPolling(t *testing.T) {
	t.Run("poll pending", func(t *testing.T) {
		f := serve(t, nil)
		p := f.open()
		poll := p.pending()
		p.s.Close()
		p.s.expectEnd(t, engine.ForcedClose, "")
		p.expectFrom(poll, 200, "1")
		p.unknown()
	})
	t.Run("poll pending and data", func(t *testing.T) {
		f := serve(t, nil)
		p := f.open()
		poll := p.pending()
		if err := p.s.queue("4last words", false); err != nil {
			t.Fatal(err)
		}
		p.s.Close()
		// Not together: the official client would drop the message.
		p.expectFrom(poll, 200, "4last words")
		p.expect("6\x1e1")
		p.s.expectEnd(t, engine.ForcedClose, "")
		p.unknown()
	})
	t.Run("no poll", func(t *testing.T) {
		f := serve(t, nil)
		p := f.open()
		p.s.Close()
		p.expect("6\x1e1")
		p.s.expectEnd(t, engine.ForcedClose, "")
		p.unknown()
	})
	t.Run("no poll and data", func(t *testing.T) {
		f := serve(t, nil)
		p := f.open()
		p.s.text(t, "one")
		p.s.text(t, "two")
		p.s.Close()
		p.s.Close()
		if p.s.Open() || p.s.Send([]byte("x"), false) != engine.ErrSessionClosed || len(p.s.ended) != 0 {
			t.Error("not closing")
		}
		p.send("4ignored") // as the session takes nothing any more
		p.expect("4one\x1e4two")
		p.expect("6\x1e1")
		p.s.expectEnd(t, engine.ForcedClose, "")
		if len(p.s.messages) != 0 {
			t.Error("a message while closing")
		}
		p.unknown()
	})
	t.Run("the client closes first", func(t *testing.T) {
		f := serve(t, nil)
		p := f.open()
		p.s.text(t, "one")
		p.s.Close()
		p.send("4ignored", "1")
		p.s.expectEnd(t, engine.TransportClose, "")
		p.unknown()
		eventually(t, "no timers", func() bool { return f.srv.Timers() == 0 })
	})
	t.Run("abort while closing", func(t *testing.T) {
		f := serve(t, nil)
		p := f.open()
		p.s.text(t, "one")
		p.s.Close()
		p.s.Abort()
		p.s.expectEnd(t, engine.ForcedClose, "")
		p.unknown()
		eventually(t, "no timers", func() bool { return f.srv.Timers() == 0 })
	})
}

// A POST that is being received when the session ends is cut.
func TestEndWhilePosting(t *testing.T) {
	for name, end := range map[string]func(*poller) string{
		"close with a poll": func(p *poller) string {
			poll := p.pending()
			p.s.Close()
			return get(p.f.t, "answer", poll).body
		},
		"close, then a poll": func(p *poller) string {
			p.s.Close()
			return p.poll().body
		},
		"abort": func(p *poller) string {
			poll := p.pending()
			p.s.Abort()
			return get(p.f.t, "answer", poll).body
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := serve(t, nil)
			p := f.open()
			post := p.posting("4hello")
			post.more("4he")
			if got := end(p); got != "1" && got != "6\x1e1" {
				t.Errorf("answered %q", got)
			}
			p.s.expectEnd(t, engine.ForcedClose, "")
			post.expectEOF()
			if len(p.s.messages) != 0 || len(p.s.ended) != 0 {
				t.Error("something after the end")
			}
		})
	}
}

func TestAbort(t *testing.T) {
	f := serve(t, nil)
	p := f.open()
	poll := p.pending()
	if err := p.s.queue("4dropped", false); err != nil {
		t.Fatal(err)
	}
	p.s.Abort()
	p.s.Abort()
	p.s.Close()
	p.s.expectEnd(t, engine.ForcedClose, "")
	p.expectFrom(poll, 200, "1")
	p.unknown()

	w, s := f.openWS()
	if err := s.queue("4dropped", false); err != nil {
		t.Fatal(err)
	}
	s.Abort()
	s.Abort()
	s.expectEnd(t, engine.ForcedClose, "")
	w.expectEOF()
	if err := s.Send([]byte("x"), false); !errors.Is(err, engine.ErrSessionClosed) {
		t.Error(err)
	}
	if len(p.s.ended)+len(s.ended) != 0 {
		t.Error("ended twice")
	}
}

func TestCloseOnWebSocket(t *testing.T) {
	f := serve(t, nil)
	w, s := f.openWS()
	for range 100 {
		if err := s.queue("4hello", false); err != nil {
			t.Fatal(err)
		}
	}
	s.Close()
	s.Close()
	s.expectEnd(t, engine.ForcedClose, "")
	if s.Open() || s.Send([]byte("x"), false) != engine.ErrSessionClosed {
		t.Error("still open")
	}
	w.text("4ignored") // before the answer to the close frame
	for range 100 {
		w.expect("4hello")
	}
	w.expectClose(1005, "")
	if len(s.messages)+len(s.ended) != 0 {
		t.Error("something after the end")
	}
}

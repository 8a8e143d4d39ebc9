package engine_test

import (
	"slices"
	"testing"
	"time"

	"github.com/gosio/sio/engine"
)

func TestUpgrade(t *testing.T) {
	f := serve(t, &engine.Config{UpgradeTimeout: time.Hour})
	p := f.open()
	s := p.s
	poll := p.pending()
	w := p.probe()
	p.expectFrom(poll, 200, "6") // so that the client can stop polling
	if s.Transport() != engine.Polling || !s.Upgrading() {
		t.Error("upgraded already")
	}
	// Until the 5, everything goes on over polling.
	p.send("4up")
	s.expect(t, "up")
	s.text(t, "down")
	p.expect("4down")
	w.text("2probe") // again
	w.expect("3probe")
	s.text(t, "one")
	if err := s.Send([]byte{2}, true); err != nil {
		t.Fatal(err)
	}
	w.text("5")
	w.expect("4one", "b:\x02") // what was not polled follows
	if s.Transport() != engine.WebSocket || s.Upgrading() {
		t.Error("not upgraded")
	}
	s.text(t, "three")
	w.expect("4three")
	w.text("4four")
	s.expect(t, "four")
	if n := s.Queued(); n != 0 {
		t.Errorf("%d bytes queued", n)
	}

	// The old transport is no way in any more, and a second upgrade is none.
	for _, method := range []string{"GET", "POST"} {
		f.do(method, p.query, "").is(f, 400, `{"code":3,"message":"Bad request"}`)
		if c := f.refusedWith(engine.BadRequest); c["name"] != engine.TransportMismatch {
			t.Errorf("context %v", c)
		}
	}
	second := f.dialWS(wsQuery + "&sid=" + s.ID())
	second.text("2probe", "5", "4x")
	second.expectClose(1005, "")
	s.text(t, "five")
	w.expect("4five")
	s.alive(t)
	if len(s.messages) != 0 || f.srv.Len() != 1 {
		t.Error("the session was disturbed")
	}
	w.write(wsFrame(0x88, ""))
	s.expectEnd(t, engine.TransportClose, "1005")
	eventually(t, "no timers", func() bool { return f.srv.Timers() == 0 })
}

// A session that began on a WebSocket cannot be upgraded.
func TestUpgradeOfWebSocket(t *testing.T) {
	f := serve(t, nil)
	w, s := f.openWS()
	second := f.dialWS(wsQuery + "&sid=" + s.ID())
	second.text("2probe", "5")
	second.expectClose(1005, "")
	s.text(t, "x")
	w.expect("4x")
	s.alive(t)
}

// Polls are released as long as the upgrade takes, one noop at a time.
func TestNoopsWhileUpgrading(t *testing.T) {
	f := serve(t, nil)
	p := f.open()
	w := p.probe()
	for range 4 {
		start := time.Now()
		p.expect("6")
		if time.Since(start) > 20*time.Second { // a ping would come then
			t.Error("not released")
		}
	}
	w.text("5")
	eventually(t, "an upgraded session", func() bool { return p.s.Transport() == engine.WebSocket })
}

// A client that probes again and again does not make the server's timers more.
func TestManyProbes(t *testing.T) {
	f := serve(t, nil)
	p := f.open()
	w := p.probe()
	timers := 0
	for i := range 50 {
		w.text("2probe")
		w.expect("3probe")
		if i == 0 { // the first probe, whose answer left before its timer was set, is done with now
			timers = f.srv.Timers()
		}
	}
	if n := f.srv.Timers(); n != timers {
		t.Errorf("%d timers became %d", timers, n)
	}
	w.text("5")
	p.s.text(t, "x")
	w.expect("4x")
	if n := f.srv.Timers(); n != 1 {
		t.Errorf("%d timers after the upgrade, and one is for the heartbeat", n)
	}
}

// The 5 may come without a probe, and along with messages.
func TestUpgradeWithoutProbe(t *testing.T) {
	f := serve(t, nil)
	p := f.open()
	p.s.text(t, "queued")
	w := f.dialWS(wsQuery + "&sid=" + p.s.ID())
	w.text("5", "4at once")
	p.s.expect(t, "at once")
	w.expect("4queued")
	if p.s.Transport() != engine.WebSocket {
		t.Error("not upgraded")
	}
}

func TestEagerUpgrade(t *testing.T) {
	f := serve(t, nil)
	p := f.open()
	w := f.raw(wsRequest(wsQuery+"&sid="+p.s.ID()) + textFrames("2probe", "5", "4at once"))
	if r := w.response(); r.status != 101 {
		t.Fatalf("%+v", r)
	}
	p.s.expect(t, "at once")
	w.expect("3probe")
	p.s.text(t, "x")
	w.expect("4x")
}

// Offering no upgrades does not forbid them; only Transports does.
func TestUpgradeThatWasNotOffered(t *testing.T) {
	f := serve(t, &engine.Config{NoUpgrades: true})
	p := f.open()
	w := p.upgrade()
	p.s.text(t, "x")
	w.expect("4x")
}

func TestSecondCandidate(t *testing.T) {
	f := serve(t, nil)
	p := f.open()
	w := p.probe()
	second := f.dialWS(wsQuery + "&sid=" + p.s.ID())
	second.text("2probe", "5", "4x")
	second.expectClose(1005, "")
	if !p.s.Upgrading() || p.s.Transport() != engine.Polling {
		t.Error("the first upgrade was disturbed")
	}
	w.text("5", "4first")
	p.s.expect(t, "first")
}

// Whatever happens to a candidate, the session goes on, and may try again.
func TestCandidateThatFails(t *testing.T) {
	for name, fail := range map[string]func(*wsClient){
		"message":         func(w *wsClient) { w.text("4x", "5", "4y"); w.expectClose(1005, "") },
		"binary":          func(w *wsClient) { w.write(wsFrame(0x82, "x") + textFrames("5")); w.expectClose(1005, "") },
		"unknown probe":   func(w *wsClient) { w.text("2foo", "5"); w.expectClose(1005, "") },
		"empty ping":      func(w *wsClient) { w.text("2", "5"); w.expectClose(1005, "") },
		"pong":            func(w *wsClient) { w.text("3probe", "5"); w.expectClose(1005, "") },
		"rubbish":         func(w *wsClient) { w.text("woot", "5"); w.expectClose(1005, "") },
		"empty":           func(w *wsClient) { w.text("", "5"); w.expectClose(1005, "") },
		"close packet":    func(w *wsClient) { w.text("1", "5"); w.expectClose(1005, "") },
		"close frame":     func(w *wsClient) { w.write(wsFrame(0x88, "") + textFrames("5")); w.expectClose(1005, "") },
		"bad frame":       func(w *wsClient) { w.write("\x81\x015" + textFrames("5")); w.expectClose(1002, "") },
		"lost":            func(w *wsClient) { _ = w.conn.Close() },
		"after the probe": func(w *wsClient) { w.text("2probe"); w.expect("3probe"); w.text("4x", "5"); w.expectClose(1005, "") },
		"lost after the probe": func(w *wsClient) {
			w.text("2probe")
			w.expect("3probe")
			_ = w.conn.Close()
		},
		"no answer to the close": func(w *wsClient) {
			w.text("4x", "5", "2probe", "5")
			if op, _ := w.read(); op != 8 {
				w.f.t.Errorf("opcode %x", op)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := serve(t, &engine.Config{UpgradeTimeout: time.Hour})
			p := f.open()
			poll := p.pending()
			w := f.dialWS(wsQuery + "&sid=" + p.s.ID())
			eventually(t, "a candidate", p.s.Upgrading)
			fail(w)
			eventually(t, "no candidate", func() bool { return !p.s.Upgrading() })
			p.s.alive(t)
			if p.s.Transport() != engine.Polling || len(p.s.messages) != 0 {
				t.Error("the candidate had an effect")
			}
			p.s.text(t, "x")
			if r := get(t, "answer", poll); r.body == "6" { // after a probe
				p.expect("4x")
			} else {
				r.is(f, 200, "4x")
			}
			p.send("4y")
			p.s.expect(t, "y")
			p.s.text(t, "z")
			p.upgrade().expect("4z")
			p.s.Abort()
			eventually(t, "no timers", func() bool { return f.srv.Timers() == 0 })
		})
	}
}

// An upgrade that takes too long is given up; the session goes on.
func TestUpgradeTimeout(t *testing.T) {
	for _, probe := range []bool{false, true} {
		f := serve(t, &engine.Config{UpgradeTimeout: 300 * time.Millisecond})
		p := f.open()
		start := time.Now()
		w := f.dialWS(wsQuery + "&sid=" + p.s.ID())
		if probe {
			w.text("2probe")
			w.expect("3probe")
		}
		if op, payload := w.read(); op != 8 || payload != "" {
			t.Fatalf("opcode %x, %q", op, payload)
		}
		if d := time.Since(start); d < 300*time.Millisecond {
			t.Errorf("given up after %v", d)
		}
		w.text("5") // too late
		eventually(t, "no candidate", func() bool { return !p.s.Upgrading() })
		w.write(wsFrame(0x88, ""))
		w.expectEOF()
		p.s.alive(t)
		p.s.text(t, "x")
		p.expect("4x")
		p.send("4x")
		p.s.expect(t, "x")
	}
}

// A poll that is still pending, and a POST that is still being received, end
// with the upgrade, and the session does not.
func TestUpgradeEndsRequests(t *testing.T) {
	f := serve(t, nil)
	p := f.open()
	w := f.dialWS(wsQuery + "&sid=" + p.s.ID()) // no probe, so no noops
	post := p.posting("4hello")
	post.more("4he")
	poll := p.pending()
	w.text("5")
	p.expectFrom(poll, 200, "1")
	post.expectEOF()
	p.s.text(t, "x")
	w.expect("4x")
	w.text("4y")
	p.s.expect(t, "y")
	p.s.alive(t)
}

// Closing while an upgrade goes on closes the candidate.
func TestEndWhileUpgrading(t *testing.T) {
	for name, end := range map[string]struct {
		do     func(*poller)
		reason engine.Reason
		text   string
	}{
		"abort":            {func(p *poller) { p.s.Abort() }, engine.ForcedClose, ""},
		"close":            {func(p *poller) { p.s.Close() }, engine.ForcedClose, ""},
		"client closes":    {func(p *poller) { p.send("1") }, engine.TransportClose, ""},
		"malformed packet": {func(p *poller) { p.send("x") }, engine.ParseError, "malformed"},
	} {
		t.Run(name, func(t *testing.T) {
			f := serve(t, &engine.Config{UpgradeTimeout: time.Hour})
			p := f.open()
			w := f.dialWS(wsQuery + "&sid=" + p.s.ID())
			eventually(t, "a candidate", p.s.Upgrading)
			poll := p.pending()
			end.do(p)
			p.s.expectEnd(t, end.reason, end.text)
			want := "1"
			if name == "client closes" {
				want = "6"
			}
			p.expectFrom(poll, 200, want)
			w.expectEOF()
			p.unknown()
			eventually(t, "no timers", func() bool { return f.srv.Timers() == 0 })
		})
	}
}

// A session that closes in order, and waits for a poll to tell, is told by the
// WebSocket if the client completes its upgrade; what was sent before comes first.
func TestUpgradeWhileClosing(t *testing.T) {
	f := serve(t, nil)
	p := f.open()
	w := p.probe()
	p.s.text(t, "last words")
	p.s.Close()
	if p.s.Open() || p.s.Send([]byte("x"), false) != engine.ErrSessionClosed {
		t.Error("still open")
	}
	w.text("5")
	w.expect("4last words")
	w.expectClose(1005, "")
	p.s.expectEnd(t, engine.ForcedClose, "")
	p.unknown()
	eventually(t, "no timers", func() bool { return f.srv.Timers() == 0 })
}

// Reasons are told once, whoever ends the session.
func TestEndsOnce(t *testing.T) {
	for range 20 {
		f := serve(t, nil)
		p := f.open()
		w := f.dialWS(wsQuery + "&sid=" + p.s.ID())
		eventually(t, "a candidate", p.s.Upgrading)
		poll := p.pending()
		done := make(chan bool, 3)
		go func() { p.s.Close(); done <- true }()
		go func() { p.s.Abort(); done <- true }()
		go func() { w.text("5"); _ = w.conn.Close(); done <- true }()
		for range 3 {
			get(t, "end", done)
		}
		e := get(t, "end of the session", p.s.ended)
		if !slices.Contains([]engine.Reason{engine.ForcedClose, engine.TransportClose}, e.reason) {
			t.Errorf("%q, %v", e.reason, e.err)
		}
		get(t, "answer", poll)
		eventually(t, "no session", func() bool { return f.srv.Len() == 0 })
		if len(p.s.ended) != 0 {
			t.Error("ended twice")
		}
	}
}

// A poll that comes a little after the probe is released like one that waited
// for it; a client that does not stop polling gets few noops an interval.
func TestNoopsPerInterval(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture) {
		const interval = 100 * time.Millisecond
		p := f.open()
		w := p.probe()
		start := time.Now()
		wait := func(want bool, body string) {
			t.Helper()
			p.expect(body)
			if passed := time.Since(start); want != (passed > 0) {
				t.Fatalf("answered after %v", passed)
			}
			start = time.Now()
		}
		wait(false, "6")
		wait(false, "6")
		wait(true, "6") // with the interval's first noop
		wait(false, "6")
		p.s.text(t, "news") // is not kept for an interval
		wait(false, "4news")
		wait(true, "6")
		time.Sleep(2*interval + interval/2) // what is not used does not add up
		start = time.Now()
		wait(false, "6")
		wait(false, "6")
		wait(true, "6")

		_ = w.conn.Close() // the session stays on polling
		eventually(t, "a candidate that is given up", func() bool { return !p.s.Upgrading() })
		pending := p.pending()
		time.Sleep(2 * interval)
		p.s.text(t, "more")
		p.expectFrom(pending, 200, "4more")
	})
}

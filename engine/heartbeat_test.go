package engine_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio/engine"
)

const (
	interval = engine.DefaultPingInterval
	timeout  = engine.DefaultPingTimeout
)

func TestPings(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture) {
		w, s := f.openWS()
		c := newClock(t)
		for range 3 {
			w.expect("2")
			c.at(interval)
			time.Sleep(timeout - time.Millisecond) // just in time
			w.text("3")
			synctest.Wait()
			c.start = time.Now() // the next is counted from the answer
		}
		s.alive(t)

		p := f.open()
		c = newClock(t)
		for range 3 {
			p.expect("2")
			c.at(interval)
			time.Sleep(timeout - time.Millisecond)
			p.send("3")
			c.start = time.Now()
		}
		p.s.alive(t)
	})
}

func TestPingTimeout(t *testing.T) {
	t.Run("WebSocket", func(t *testing.T) {
		bubble(t, nil, func(t *testing.T, f *fixture) {
			w, s := f.openWS()
			c := newClock(t)
			w.expect("2")
			w.expectEOF()
			c.at(interval + timeout)
			s.expectEnd(t, engine.PingTimeout, "")
		})
	})
	t.Run("polling", func(t *testing.T) {
		bubble(t, nil, func(t *testing.T, f *fixture) {
			p := f.open()
			c := newClock(t)
			p.expect("2")
			p.expect("1") // the poll that is pending then
			c.at(interval + timeout)
			p.s.expectEnd(t, engine.PingTimeout, "")
			p.unknown()
		})
	})
	t.Run("no poll", func(t *testing.T) {
		bubble(t, nil, func(t *testing.T, f *fixture) {
			p := f.open()
			c := newClock(t)
			p.s.expectEnd(t, engine.PingTimeout, "")
			c.at(interval + timeout)
			p.unknown()
		})
	})
	t.Run("later", func(t *testing.T) {
		bubble(t, &engine.Config{PingInterval: 300 * time.Millisecond, PingTimeout: 100 * time.Millisecond}, func(t *testing.T, f *fixture) {
			w, s := f.openWS()
			for range 5 {
				w.expect("2")
				w.text("3")
				synctest.Wait()
			}
			c := newClock(t)
			w.expect("2")
			c.at(300 * time.Millisecond)
			s.expectEnd(t, engine.PingTimeout, "")
			c.at(100 * time.Millisecond)
		})
	})
}

// A pong that nobody asked for puts off the next ping; no other packet does.
func TestUnsolicitedPong(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture) {
		w, s := f.openWS()
		time.Sleep(interval - time.Second)
		w.text("3")
		c := newClock(t)
		w.expect("2")
		c.at(interval)
		w.text("3")
		c = newClock(t)
		time.Sleep(interval - time.Second)
		w.text("4x", "6")
		s.expect(t, "x")
		w.expect("2")
		c.at(interval)
	})
}

// While an answer is awaited, the first other packet gives it more time, once.
func TestBusyClient(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture) {
		w, s := f.openWS()
		for range 2 { // each ping anew
			w.expect("2")
			time.Sleep(timeout - time.Millisecond)
			w.text("4busy")
			s.expect(t, "busy")
			time.Sleep(timeout - time.Millisecond)
			s.alive(t)
			w.text("3")
		}
		w.expect("2")
		c := newClock(t)
		time.Sleep(timeout / 2)
		w.text("4busy")
		s.expect(t, "busy")
		time.Sleep(timeout / 2)
		w.text("4still busy")
		s.expectEnd(t, engine.PingTimeout, "")
		c.at(timeout/2 + timeout)
	})
}

// As long as the receiver wants to wait, the client cannot be seen to answer.
func TestWaitHoldsBackTheTimeout(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture) {
		first, second := make(chan struct{}), make(chan struct{})
		waits := make(chan chan struct{}, 2)
		waits <- first
		waits <- second
		f.prepare = func(s *session) {
			s.onMessage = func([]byte, bool) <-chan struct{} { return <-waits }
		}
		w, s := f.openWS()
		w.text("4x")
		w.expect("2")
		go w.text("3", "4y") // not read yet
		for range 10 {       // so that the client does not give up
			c := newClock(t)
			w.expect("2")
			c.at(interval)
		}
		s.alive(t)
		close(first)
		c := newClock(t)
		w.expect("2") // at once, as the client may have waited long
		c.at(0)
		w.expect("2") // after the answer
		c.at(interval)
		time.Sleep(10 * timeout)
		s.alive(t)
		close(second) // without an answer that was not read
		w.expect("2")
		s.expectEnd(t, engine.PingTimeout, "")
		w.expectEOF()
	})
}

// Reading does not wait for writing: a client that takes nothing, but answers,
// is alive.
func TestPongsOfSlowReader(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture) {
		w, s := f.openWS()
		s.text(t, strings.Repeat("x", 2<<20))
		for range 20 {
			time.Sleep(interval + timeout/2) // an answer comes after the ping
			w.text("3")
		}
		s.alive(t)
		if s.Writable() {
			t.Error("writable though much waits")
		}
		w.expect("4" + strings.Repeat("x", 2<<20))
	})
}

// An answer counts on the new transport, and a missing one, too.
func TestHeartbeatAcrossUpgrade(t *testing.T) {
	for _, answers := range []bool{true, false} {
		bubble(t, nil, func(t *testing.T, f *fixture) {
			p := f.open()
			c := newClock(t)
			p.expect("2")
			c.at(interval)
			w := f.dialWS(wsQuery + "&sid=" + p.s.ID())
			w.text("5")
			if !answers {
				p.s.expectEnd(t, engine.PingTimeout, "")
				c.at(timeout)
				w.expectEOF()
				return
			}
			w.text("3")
			w.expect("2")
			c.at(interval)
			p.s.alive(t)
		})
	}
}

// A ping that was not polled follows on the new transport.
func TestPingWaitsForUpgrade(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture) {
		p := f.open()
		w := f.dialWS(wsQuery + "&sid=" + p.s.ID())
		time.Sleep(engine.DefaultUpgradeTimeout - time.Second)
		w.text("2probe")
		w.expect("3probe")
		w.text("5")
		w.expect("2")
		w.text("3")
		w.expect("2")
		p.s.alive(t)

		p = f.open()
		time.Sleep(interval + time.Second) // the ping waits in vain
		w = f.dialWS(wsQuery + "&sid=" + p.s.ID())
		w.text("5")
		w.expect("2")
		w.text("3")
		c := newClock(t)
		w.expect("2")
		c.at(interval)
	})
}

func TestUpgradeTimeoutInFull(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture) {
		p := f.open()
		c := newClock(t)
		w := p.probe()
		w.expectClose(1005, "")
		c.at(engine.DefaultUpgradeTimeout)
		p.s.alive(t)
		w = p.probe()
		time.Sleep(engine.DefaultUpgradeTimeout - time.Millisecond) // just in time
		w.text("5")
		p.s.text(t, "x")
		w.expect("4x")
		time.Sleep(engine.DefaultUpgradeTimeout)
		p.s.alive(t)
	})
}

func TestNoopTicker(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture) {
		p := f.open()
		p.probe()
		c := newClock(t)
		for range 5 {
			p.expect("6")
			if d := time.Since(c.start); d > 200*time.Millisecond {
				t.Errorf("released after %v", d)
			}
			c.start = time.Now()
		}
	})
}

// A session that closes in order waits 30 s for a poll, or until its client is
// given up anyway.
func TestCloseWithoutPoll(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture) {
		p := f.open()
		p.s.text(t, "last words")
		p.s.Close()
		c := newClock(t)
		p.s.expectEnd(t, engine.ForcedClose, "")
		c.at(30 * time.Second)
		p.unknown()
		eventually(t, "no timers", func() bool { return f.srv.Timers() == 0 })
	})
	bubble(t, &engine.Config{PingInterval: time.Second, PingTimeout: time.Second}, func(t *testing.T, f *fixture) {
		p := f.open()
		p.s.Close()
		c := newClock(t)
		p.s.expectEnd(t, engine.PingTimeout, "")
		c.at(2 * time.Second)
		eventually(t, "no timers", func() bool { return f.srv.Timers() == 0 })
	})
}

// No ping is sent while a session closes.
func TestNoPingWhileClosing(t *testing.T) {
	bubble(t, &engine.Config{PingInterval: time.Second}, func(t *testing.T, f *fixture) {
		p := f.open()
		p.s.Close()
		time.Sleep(2 * time.Second)
		p.expect("6\x1e1")
		p.s.expectEnd(t, engine.ForcedClose, "")
	})
}

// After is a timer of the session's server.
func TestAfter(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture) {
		p := f.open()
		c := newClock(t)
		fired := make(chan string, 2)
		stopped := p.s.After(time.Second, func() { fired <- "stopped" })
		p.s.After(2*time.Second, func() { fired <- "not stopped" })
		p.s.StopTimer(stopped)
		if got := get(t, "timer", fired); got != "not stopped" {
			t.Error(got)
		}
		c.at(2 * time.Second)
	})
}

package engine_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio/engine"
)

// In protocol 3 the client pings; the answers have no data.
func TestPings3(t *testing.T) {
	bubble(t, allow3, func(t *testing.T, f *fixture) {
		w, s := f.openWS3("")
		p := f.open3("")
		for range 4 {
			time.Sleep(interval + timeout - time.Millisecond) // just in time
			w.text("2", "2probe")
			w.expect("3", "3")
			p.send3("2")
			p.expect("1:3")
		}
		s.alive(t)
		p.s.alive(t)
	})
}

// Only a ping counts as a sign of life.
func TestPingTimeout3(t *testing.T) {
	bubble(t, allow3, func(t *testing.T, f *fixture) {
		w, s := f.openWS3("")
		c := newClock(t)
		time.Sleep(interval)
		w.text("4a", "6")
		s.expect(t, "a")
		w.expectEOF() // without a ping from the server before
		c.at(interval + timeout)
		s.expectEnd(t, engine.PingTimeout, "")

		p := f.open3("")
		c = newClock(t)
		time.Sleep(interval)
		p.send3("2")
		p.expect("1:3")
		p.expect("1:1")
		c.at(2*interval + timeout)
		p.s.expectEnd(t, engine.PingTimeout, "")
	})
}

func TestHeartbeatDirection3(t *testing.T) {
	f := serve(t, allow3)
	w, s := f.openWS3("")
	w.text("3")
	s.expectEnd(t, engine.TransportError, "invalid heartbeat direction")
	p := f.open3("")
	p.send3("3")
	p.s.expectEnd(t, engine.TransportError, "invalid heartbeat direction")
}

// The timeout goes on over an upgrade.
func TestPingTimeoutAfterUpgrade3(t *testing.T) {
	bubble(t, allow3, func(t *testing.T, f *fixture) {
		p := f.open3("")
		c := newClock(t)
		w := f.dialWS("EIO=3&transport=websocket&sid=" + p.s.ID())
		w.text("2probe")
		w.expect("3probe")
		w.text("5")
		w.expectEOF()
		c.at(interval + timeout)
		p.s.expectEnd(t, engine.PingTimeout, "")
	})
}

// A client that is not read is not blamed for pings that are not seen.
func TestPausedClient3(t *testing.T) {
	bubble(t, allow3, func(t *testing.T, f *fixture) {
		f.prepare = func(s *session) {
			wait := make(chan struct{})
			time.AfterFunc(5*(interval+timeout), func() { close(wait) })
			s.onMessage = func([]byte, bool) <-chan struct{} { return wait }
		}
		w, s := f.openWS3("")
		go w.text("4hold", "2") // which the pipe takes when it is read
		time.Sleep(5*(interval+timeout) - time.Second)
		synctest.Wait()
		s.alive(t)
		w.expect("3")
		c := newClock(t)
		w.expectEOF()
		c.at(interval + timeout)
		s.expectEnd(t, engine.PingTimeout, "")
	})
}

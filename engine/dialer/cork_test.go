package dialer_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio/engine/dialer"
)

func (c *client) soon(t testing.TB, messages ...string) {
	t.Helper()
	for _, m := range messages {
		if err := c.queue(m, false); err != nil {
			t.Fatal(err)
		}
		c.FlushSoon()
	}
}

// none checks that nothing has come.
func (s *session) none(t testing.TB, when string) {
	t.Helper()
	synctest.Wait()
	if len(s.messages) != 0 {
		t.Errorf("%s: %v has come", when, <-s.messages)
	}
}

func corking(t *testing.T, test func(t *testing.T, c *client, s *session)) {
	for _, transport := range []string{dialer.Polling, dialer.WebSocket} {
		t.Run(transport, func(t *testing.T) {
			bubble(t, nil, func(t *testing.T, f *fixture) {
				c, s := f.dial(over(transport))
				test(t, c, s)
			})
		})
	}
}

// What is sent while the session is corked leaves at once when it is uncorked.
func TestCork(t *testing.T) {
	corking(t, func(t *testing.T, c *client, s *session) {
		for _, uncork := range []func(){c.Uncork, c.Flush} {
			clock := newClock(t)
			synctest.Wait() // for the request of what came before, which would be followed by another one
			c.Cork()
			c.soon(t, "a", "b", "c")
			s.none(t, "corked")
			uncork()
			s.expect(t, text("a"), text("b"), text("c"))
			c.soon(t, "d") // not corked any more
			s.expect(t, text("d"))
			clock.at(0)
		}
	})
}

// A handler that goes on working does not hold back what it has sent for more than 2 ms.
func TestCorkIsGuarded(t *testing.T) {
	corking(t, func(t *testing.T, c *client, s *session) {
		for range 3 {
			clock := newClock(t)
			synctest.Wait() // for the request of what came before, which would be followed by another one
			c.Cork()
			c.soon(t, "a", "b")
			s.expect(t, text("a"), text("b"))
			clock.at(2 * time.Millisecond)
		}
		c.Cork()
		c.soon(t, "a")
		c.Abort() // the guard does not mind
		time.Sleep(time.Second)
	})
}

// Send is for those who have not heard of Cork.
func TestSendWhileCorked(t *testing.T) {
	corking(t, func(t *testing.T, c *client, s *session) {
		clock := newClock(t)
		c.Cork()
		c.send(t, text("at once"))
		s.expect(t, text("at once"))
		clock.at(0)
	})
}

// What is sent between Gather and Gathered leaves then, whatever asks for it before.
func TestGather(t *testing.T) {
	corking(t, func(t *testing.T, c *client, s *session) {
		clock := newClock(t)
		for _, flush := range []func(){c.Flush, c.FlushSoon, c.Uncork} {
			synctest.Wait()
			c.Gather()
			if err := c.queue("a", false); err != nil {
				t.Fatal(err)
			}
			flush()
			s.none(t, "gathering")
			c.Gathered()
			s.expect(t, text("a"))
		}
		c.Gather()
		c.Gathered()
		synctest.Wait()
		c.send(t, text("b"))
		s.expect(t, text("b"))
		clock.at(0)
	})
}

// Closing sends what has gathered.
func TestCloseWhileGathering(t *testing.T) {
	corking(t, func(t *testing.T, c *client, s *session) {
		c.Cork()
		c.Gather()
		c.soon(t, "a")
		c.Close()
		s.expect(t, text("a"))
		c.Gathered()
		c.ends(t, dialer.ForcedClose)
	})
}

package siotest

import "time"

// Next waits for the next event, whatever it is.
func (c *Client) Next() *Message {
	c.t().Helper()
	m := c.next()
	if m == nil {
		c.missing("an event")
	}
	return m
}

// Expect waits for the next event, which must have this name and exactly these
// arguments, but any in the place of Any. They are compared as they are on the
// wire: an int equals a float64, and a struct the map that it becomes.
func (c *Client) Expect(name string, args ...any) *Message {
	c.t().Helper()
	m := c.next()
	if m == nil {
		c.missing(show(name, args))
	}
	got, want := c.values(m), c.wanted(args)
	if m.Name != name || !equal(got, want) {
		c.session.fail("got  %s\nwant %s", show(m.Name, got), show(name, want))
	}
	return m
}

// ExpectNone checks that no event comes within d. In a bubble of
// testing/synctest any d, even a nanosecond, is as long as all others have
// something to do.
func (c *Client) ExpectNone(d time.Duration) {
	c.t().Helper()
	s := c.session
	if s.wait(d, func() bool { return len(c.in) > 0 }) {
		c.unexpected()
	}
}

// ExpectDisconnect waits until the client is disconnected, and checks the
// reason, which is the official client's: "io server disconnect", "io client
// disconnect", "transport close", "transport error", "ping timeout", "parse
// error" or "forced close". No event may come before.
func (c *Client) ExpectDisconnect(reason string) {
	c.t().Helper()
	c.session.wait(c.session.o.Timeout, func() bool { return len(c.in) > 0 || c.left })
	c.unexpected()
	left, got := c.gone()
	switch {
	case !left:
		c.session.fail("still connected after %v, want %q", c.session.o.Timeout, reason)
	case got != reason:
		c.session.fail("disconnected: %q, want %q", got, reason)
	}
}

// unexpected fails the test if there is an event.
func (c *Client) unexpected() {
	c.t().Helper()
	if m := c.pop(); m != nil {
		c.session.fail("got %s, and nothing was expected", show(m.Name, c.values(m)))
	}
}

// next waits for the next event; nil if none comes.
func (c *Client) next() *Message {
	c.session.wait(c.session.o.Timeout, func() bool { return len(c.in) > 0 || c.left })
	return c.pop()
}

func (c *Client) pop() (m *Message) {
	c.session.mu.Lock()
	defer c.session.mu.Unlock()
	if len(c.in) > 0 {
		m, c.in = c.in[0], c.in[1:]
	}
	return m
}

// missing fails the test because something has not come.
func (c *Client) missing(what string) {
	c.t().Helper()
	if left, reason := c.gone(); left {
		c.session.fail("want %s, but the client is disconnected: %s", what, reason)
	}
	c.session.fail("want %s, but nothing came for %v", what, c.session.o.Timeout)
}

package dialer

import "time"

const (
	// closePatience bounds an orderly Close.
	closePatience = 10 * time.Second
	// lastPollPatience is how long a server that was told of the end may take to answer a
	// poll.
	lastPollPatience = 2 * time.Second
)

// Close ends the session in order, with ForcedClose: an upgrade that waits for nothing but
// the end of polling is completed, what was queued is sent, and the server told of the
// end. What the server sends meanwhile is dropped. After 10 seconds it is aborted. Close
// returns at once; Done tells when all is over.
func (c *Conn) Close() {
	c.mu.Lock()
	if c.state.Load() != open {
		c.mu.Unlock()
		return
	}
	c.state.Store(closing)
	c.patience = time.AfterFunc(closePatience, c.giveUp)
	u := c.upgrade
	c.mu.Unlock()
	if u != nil {
		u.hurry()
		return // it calls endTransport
	}
	c.endTransport()
}

// Abort ends the session at once, with ForcedClose. What is queued is dropped.
func (c *Conn) Abort() {
	c.finishSoon(ForcedClose, nil)
}

// endTransport goes on with Close.
func (c *Conn) endTransport() { c.transport().end() }

// left ends the session when the server has been told of that, or could not be. What is
// still under way is a poll, which the server should answer now.
func (c *Conn) left(err error) {
	c.conclude(ForcedClose, err)
	if err != nil {
		c.abort()
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.patience.Reset(lastPollPatience)
}

// giveUp ends a Close that takes too long.
func (c *Conn) giveUp() {
	c.conclude(ForcedClose, nil)
	c.abort()
}

// finish ends the session and closes its transport at once.
func (c *Conn) finish(reason Reason, err error) {
	if c.conclude(reason, err) {
		c.abort()
	}
}

// finishSoon is finish for methods of Conn, whose callers Closed must not be called by.
func (c *Conn) finishSoon(reason Reason, err error) {
	if tell := c.concluding(reason, err); tell != nil {
		go tell()
	}
	c.abort() // also if it was closing already
}

// abort closes the transport and what there is besides.
func (c *Conn) abort() {
	c.cancel() // an upgrade sees that
	for {
		t := c.transport()
		if t.abort(); t == c.transport() { // else an upgrade was completed in this moment
			return
		}
	}
}

// conclude ends the session, but for its transport, which is ending by itself or is
// the caller's. It reports false if the session had ended before.
func (c *Conn) conclude(reason Reason, err error) bool {
	tell := c.concluding(reason, err)
	if tell == nil {
		return false
	}
	tell()
	return true
}

// concluding is conclude, but returns what tells the receiver, to be called once, or
// nil if the session had ended before.
func (c *Conn) concluding(reason Reason, err error) (tell func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch c.state.Load() {
	case closed:
		return nil
	case closing:
		reason = ForcedClose // whatever came in between
	}
	c.state.Store(closed)
	c.stopHeartbeat()
	c.unwatchNetwork()
	if !c.begun {
		c.early = &outcome{reason, err}
		return func() {}
	}
	return func() { c.ended(reason, err) }
}

// ended tells the receiver.
func (c *Conn) ended(reason Reason, err error) {
	if c.polled && reason != ForcedClose {
		c.cfg.forgetConnections()
	}
	c.receiver.Closed(reason, err)
	c.release()
}

package dialer

import "time"

// ExpireAt changes when a session expires by the wall clock.
func (c *Conn) ExpireAt(t time.Time) { c.beat.expiry.Store(t.UnixNano()) }

// Reserve is what a limit becomes.
var Reserve = reserve

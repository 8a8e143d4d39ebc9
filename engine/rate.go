package engine

import (
	"net/netip"
	"time"
)

// A limiter keeps one time for each address: when all that it has been allowed
// is worked off, at the pace of the rate (the generic cell rate algorithm).

// next says when, counted from the start of the server, what is paid for until due
// at now will be worked off if one more is let in; or how long that one has to wait.
func (r Rate) next(due, now time.Duration) (paid, wait time.Duration) {
	paid = max(due, now) + r.interval()
	return paid, max(paid-now-r.Per, 0)
}

// maxRecent bounds how many addresses one generation of recent has.
const maxRecent = 1 << 15

// recent has the times of addresses, in two generations: when the newer one is
// full, or too old for anything in the older one to count, the older one is forgotten.
type recent struct {
	newer, older map[netip.Addr]time.Duration
	since        time.Duration // the newer one's beginning
}

func (t *recent) get(a netip.Addr) time.Duration {
	if due, ok := t.newer[a]; ok {
		return due
	}
	return t.older[a]
}

// put notes a time of an address. Nothing matters for longer than keep.
func (t *recent) put(a netip.Addr, due, now, keep time.Duration) {
	if _, known := t.newer[a]; t.newer == nil || now-t.since > keep || !known && len(t.newer) >= maxRecent {
		t.older, t.newer, t.since = t.newer, make(map[netip.Addr]time.Duration), now
	}
	t.newer[a] = due
}

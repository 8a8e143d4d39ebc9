//go:build bufdebug

package buf

import "sync/atomic"

var outstanding atomic.Int64

// Outstanding returns how many buffers are taken and not released. Only the
// build tag bufdebug counts them; without it, it is 0.
func Outstanding() int { return int(outstanding.Load()) }

func taken() { outstanding.Add(1) }

func released(b []byte) {
	outstanding.Add(-1)
	poison(b)
}

// poison overwrites what was given back, so that use after that shows.
func poison(b []byte) {
	b = b[:cap(b)]
	for i := range b {
		b[i] = 0xdb
	}
}

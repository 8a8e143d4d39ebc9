//go:build bufdebug

package frame

import "sync/atomic"

var outstanding atomic.Int64

// Outstanding returns how many frames have references. Only the build tag
// bufdebug counts them; without it, it is 0.
func Outstanding() int { return int(outstanding.Load()) }

func inUse() { outstanding.Add(1) }

// released poisons what was given back, so that use after release shows.
func released(b []byte) {
	outstanding.Add(-1)
	b = b[:cap(b)]
	for i := range b {
		b[i] = 0xdb
	}
}

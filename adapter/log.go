package adapter

import (
	"slices"
	"time"

	"github.com/gosio/sio/internal/frame"
)

// log is the latest events of a namespace, in the order of their places, which
// have no gaps.
type log struct {
	entries []entry
	last    uint64 // the place of the latest event there was
	bytes   int
}

type entry struct {
	target Target
	group  frame.Group
	size   int
	at     time.Duration
}

// entryCost is what an entry needs beside the message and its rooms.
const entryCost = 256

// push appends an event, of which it takes over a reference.
func (l *log) push(t Target, g frame.Group, at time.Duration) {
	size := entryCost + g.Len()
	for _, names := range [][]string{t.Rooms, t.Except} {
		for _, name := range names {
			size += 16 + len(name)
		}
	}
	l.entries = append(l.entries, entry{t, g, size, at})
	l.last++
	l.bytes += size
}

// gone returns the place of the latest event that is not there any more.
func (l *log) gone() uint64 { return l.last - uint64(len(l.entries)) }

// trim forgets what is older, and the oldest while all need more than so many bytes.
func (l *log) trim(before time.Duration, bytes int) {
	n := 0
	for ; n < len(l.entries) && (l.bytes > bytes || l.entries[n].at < before); n++ {
		l.bytes -= l.entries[n].size
		l.entries[n].group.Release()
		l.entries[n] = entry{}
	}
	if l.entries = l.entries[n:]; len(l.entries) == 0 {
		l.entries = nil
	}
}

// after returns the events after a place that somebody in the rooms gets,
// with the place of the last one. No reference is added.
func (l *log) after(place uint64, rooms []string) (missed []frame.Group, last uint64) {
	first := l.gone() + 1
	for i := max(place+1, first) - first; i < uint64(len(l.entries)); i++ {
		if e := &l.entries[i]; e.target.matches(rooms) {
			missed, last = append(missed, e.group), first+i
		}
	}
	return missed, last
}

// matches reports whether a socket in the rooms is meant.
func (t *Target) matches(rooms []string) bool {
	in := func(name string) bool { return slices.Contains(rooms, name) }
	return (len(t.Rooms) == 0 || slices.ContainsFunc(t.Rooms, in)) && !slices.ContainsFunc(t.Except, in)
}

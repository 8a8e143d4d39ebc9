package engine

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// FlushAsync sends what is queued, on a worker that broadcasts share: the
// caller does not pay for the writes, and what gathers until the worker comes
// to a session leaves in one write.
func (s *Session) FlushAsync() {
	if !s.dirty.Swap(true) {
		s.srv.flush.add(s)
	}
}

// flushers spreads dirty sessions over a few workers, whose goroutines exist
// only while there are some.
type flushers struct {
	next   atomic.Uint32
	once   sync.Once
	shards []flusher
}

type flusher struct {
	mu      sync.Mutex
	list    []*Session
	spare   []*Session // memory of the list before
	running bool
}

// maxSpare keeps one huge broadcast from pinning its list for good.
const maxSpare = 1 << 14

// shardRun is how many sessions in a row go to the same worker: enough to
// make waking it worthwhile.
const shardRun = 64

func (f *flushers) add(s *Session) {
	f.once.Do(func() { f.shards = make([]flusher, runtime.GOMAXPROCS(0)) })
	n := f.next.Add(1)
	f.shards[n/shardRun%uint32(len(f.shards))].add(s)
}

func (f *flusher) add(s *Session) {
	f.mu.Lock()
	f.list = append(f.list, s)
	start := !f.running
	f.running = true
	f.mu.Unlock()
	if start {
		go f.run()
	}
}

func (f *flusher) run() {
	for {
		f.mu.Lock()
		if len(f.list) == 0 {
			f.running = false
			f.mu.Unlock()
			return
		}
		list := f.list
		f.list, f.spare = f.spare, nil
		f.mu.Unlock()
		for _, s := range list {
			s.dirty.Store(false)
			s.current().flush()
		}
		if clear(list); cap(list) <= maxSpare {
			f.mu.Lock()
			f.spare = list[:0]
			f.mu.Unlock()
		}
	}
}

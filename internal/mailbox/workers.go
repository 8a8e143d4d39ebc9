package mailbox

import (
	"runtime"
	"sync"
)

// Workers run the jobs of many mailboxes. A goroutine for every mailbox that
// gets something to do would cost more than what most jobs do, so a worker goes
// on to the next mailbox when it is done with one. As it cannot know whether a
// job is going to wait, it sees to it, before it begins, that there is another
// worker to run if others are waiting: the scheduler gets to that one only if
// this one waits, or takes long. There are no workers when there is nothing to
// do. The zero value is ready.
type Workers struct {
	once   sync.Once
	shards []shard
}

// shard has a share of the mailboxes.
type shard struct {
	mu          sync.Mutex
	first, last *queue // those that wait for a worker
	coming      bool   // a worker has been started, and has not taken one yet
	work        func() // run, made once
	_           [64]byte
}

func (w *Workers) init() {
	w.shards = make([]shard, runtime.GOMAXPROCS(0))
	for i := range w.shards {
		w.shards[i].work = w.shards[i].run
	}
}

// add has the jobs of a mailbox run.
func (w *Workers) add(q *queue) {
	w.once.Do(w.init)
	s := &w.shards[q.number%uint32(len(w.shards))]
	s.mu.Lock()
	if s.first == nil {
		s.first = q
	} else {
		s.last.next = q
	}
	s.last = q
	start := !s.coming
	s.coming = true
	s.mu.Unlock()
	if start {
		go s.work()
	}
}

// run is a worker.
func (s *shard) run() {
	growStack()
	s.mu.Lock()
	s.coming = false
	for {
		q := s.first
		if q == nil {
			s.mu.Unlock()
			return
		}
		s.first, q.next = q.next, nil
		start := s.first != nil && !s.coming
		s.coming = s.coming || start
		s.mu.Unlock()
		if start {
			go s.work()
		}
		q.mailbox.run(q)
		s.mu.Lock()
	}
}

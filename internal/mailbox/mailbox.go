// Package mailbox runs jobs one at a time, in the order in which they were put
// into a mailbox, on goroutines that exist only while there are jobs.
package mailbox

import (
	"sync"
	"sync/atomic"
)

// Job is something to do. Jobs embed a Link, so that putting one in
// allocates nothing.
type Job interface {
	// Do does the job. It may wait as long as it likes.
	Do()
	link() *Link
}

// Link is embedded in jobs.
type Link struct {
	next Job
	size int
}

//lint:ignore U1000 it makes whoever embeds a Link a Job
func (l *Link) link() *Link { return l }

// Owner is whose mailbox it is.
type Owner interface {
	// Workers returns those who do the jobs.
	Workers() *Workers
	// Busy is called before the first job.
	Busy()
	// Idle is called when all jobs are done. It may put in more jobs.
	Idle()
}

// Mailbox holds jobs. The zero value is ready. It must not be copied after
// the first use. All methods may be called from any goroutine, and none waits.
type Mailbox struct {
	mu      sync.Mutex
	running bool
	closed  bool
	*queue  // nil while nothing waits and nothing runs
}

// queue is what a mailbox in use needs, and an idle one does without.
type queue struct {
	mailbox     *Mailbox
	owner       Owner
	number      uint32 // tells which of the workers' shards it is in
	next        *queue // in that shard
	first, last Job    // put in since the worker took what there was
	taken       Job    // the first of those that it took; the worker's own
	size        atomic.Int64
	limit       int64         // below which there is room
	space       chan struct{} // closed when there is room again; nil while nobody waits
	waited      atomic.Bool   // space is not nil
}

var (
	queues = sync.Pool{New: func() any { return &queue{number: made.Add(1)} }}
	made   atomic.Uint32
)

// Batch is a list of jobs. The zero value is empty.
type Batch struct {
	first, last Job
	size, n     int
}

// Add appends a job, which counts as size bytes until it has begun.
func (b *Batch) Add(j Job, size int) {
	l := j.link()
	l.next, l.size = nil, size
	if b.first == nil {
		b.first = j
	} else {
		b.last.link().next = j
	}
	b.last = j
	b.size += size
	b.n++
}

// Len returns the number of jobs.
func (b *Batch) Len() int { return b.n }

// Drop takes the jobs out, and hands each to drop.
func (b *Batch) Drop(drop func(Job)) {
	for j := b.first; j != nil; {
		next := j.link().next
		drop(j)
		j = next
	}
	*b = Batch{}
}

// Put appends one job; see PutAll.
func (m *Mailbox) Put(o Owner, j Job, size, limit int) (room <-chan struct{}, ok bool) {
	var b Batch
	b.Add(j, size)
	return m.PutAll(o, &b, limit)
}

// PutAll appends jobs, takes them out of the batch, and reports whether they
// were taken: a closed mailbox takes none. If the jobs that wait now have more than
// limit bytes together, room is a channel that is closed when they have not any
// more, and until when nothing more should be put in.
func (m *Mailbox) PutAll(o Owner, b *Batch, limit int) (room <-chan struct{}, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, false
	}
	m.put(o, b)
	if m.size.Load() <= int64(limit) {
		return nil, true
	}
	m.limit = int64(limit)
	if m.space == nil {
		m.space = make(chan struct{})
	}
	m.waited.Store(true)
	if m.size.Load() <= m.limit { // jobs have begun meanwhile, and nobody was seen to wait
		m.signal()
		return nil, true
	}
	return m.space, true
}

// Close appends the last job, whatever the limit, and refuses all that come
// after it. It reports false when the mailbox was closed before.
func (m *Mailbox) Close(o Owner, last Job) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return false
	}
	m.closed = true
	var b Batch
	b.Add(last, 0)
	m.put(o, &b)
	m.signal()
	return true
}

// CloseIdle refuses all jobs that come after it, if there are none now, and
// reports whether that was so.
func (m *Mailbox) CloseIdle() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed || m.running {
		return false
	}
	m.closed = true
	return true
}

// Size returns the bytes of the jobs that wait.
func (m *Mailbox) Size() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.queue == nil {
		return 0
	}
	return int(m.size.Load())
}

// put appends jobs, and sees to it that they are done. m.mu is held.
func (m *Mailbox) put(o Owner, b *Batch) {
	if m.queue == nil {
		q := queues.Get().(*queue)
		q.mailbox, q.owner = m, o
		m.queue = q
	}
	if m.first == nil {
		m.first = b.first
	} else {
		m.last.link().next = b.first
	}
	m.last = b.last
	m.size.Add(int64(b.size))
	*b = Batch{}
	if !m.running {
		m.running = true
		o.Workers().add(m.queue)
	}
}

// signal lets those go on who wait for room. m.mu is held.
func (q *queue) signal() {
	if q.space != nil {
		close(q.space)
		q.space = nil
		q.waited.Store(false)
	}
}

// next returns the next job, or nil. Jobs are taken all at once, so that those
// of a burst cost one lock.
func (m *Mailbox) next(q *queue) Job {
	if q.taken == nil {
		m.mu.Lock()
		q.taken, q.first, q.last = q.first, nil, nil
		m.mu.Unlock()
	}
	j := q.taken
	if j == nil {
		return nil
	}
	l := j.link()
	q.taken, l.next = l.next, nil
	if q.size.Add(-int64(l.size)); q.waited.Load() {
		m.mu.Lock()
		if q.size.Load() <= q.limit {
			q.signal()
		}
		m.mu.Unlock()
	}
	return j
}

// end lets the worker go, unless there are jobs again.
func (m *Mailbox) end(q *queue) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if q.first != nil {
		return false
	}
	m.queue = nil
	q.mailbox, q.owner = nil, nil
	queues.Put(q)
	m.running = false
	return true
}

// run does the jobs until there are none.
func (m *Mailbox) run(q *queue) {
	o, finished := q.owner, false
	defer func() {
		if !finished { // a job called runtime.Goexit: the rest must still be done
			o.Workers().add(q)
		}
	}()
	for !finished {
		o.Busy()
		for j := m.next(q); j != nil; j = m.next(q) {
			j.Do()
		}
		o.Idle()
		finished = m.end(q)
	}
}

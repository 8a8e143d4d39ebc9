// Package mailbox is a serial worker: jobs run one at a time, in the order in
// which they were put in, on a goroutine that exists only while there are jobs.
package mailbox

import "sync"

// Job is something to do. Jobs embed a Link, so that putting one in
// allocates nothing.
type Job interface {
	// Do does the job, on the mailbox's goroutine.
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

// Owner is told when the mailbox's goroutine begins and ends. Both are called
// on that goroutine.
type Owner interface {
	// Busy is called before the first job.
	Busy()
	// Idle is called when all jobs are done, and before the goroutine ends.
	// It may put in more jobs.
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
	start       func() // run, made once
	first, last Job
	size, limit int
	space       chan struct{} // closed when there is room again; nil while nobody waits
}

var queues = sync.Pool{New: func() any { return new(queue) }}

// Put appends a job, which counts as size bytes until it has begun, and
// reports whether it was taken: a closed mailbox takes none. If the jobs that
// wait now have more than limit bytes together, room is a channel that is closed
// when they have not any more, and until when nothing more should be put in.
func (m *Mailbox) Put(o Owner, j Job, size, limit int) (room <-chan struct{}, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil, false
	}
	m.put(o, j, size)
	if m.size <= limit {
		return nil, true
	}
	m.limit = limit
	if m.space == nil {
		m.space = make(chan struct{})
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
	m.put(o, last, 0)
	m.signal()
	return true
}

// Size returns the bytes of the jobs that wait.
func (m *Mailbox) Size() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.queue == nil {
		return 0
	}
	return m.size
}

func (m *Mailbox) put(o Owner, j Job, size int) {
	if m.queue == nil {
		q := queues.Get().(*queue)
		if q.start == nil {
			q.start = func() { q.mailbox.run(q.owner) }
		}
		q.mailbox, q.owner = m, o
		m.queue = q
	}
	l := j.link()
	l.next, l.size = nil, size
	if m.first == nil {
		m.first = j
	} else {
		m.last.link().next = j
	}
	m.last = j
	m.size += size
	if !m.running {
		m.running = true
		go m.start()
	}
}

func (m *Mailbox) signal() {
	if m.space != nil {
		close(m.space)
		m.space = nil
	}
}

func (m *Mailbox) take() Job {
	j := m.first
	if j == nil {
		return nil
	}
	l := j.link()
	m.first = l.next
	if m.first == nil {
		m.last = nil
	}
	m.size -= l.size
	l.next = nil
	if m.size <= m.limit {
		m.signal()
	}
	return j
}

func (m *Mailbox) run(o Owner) {
	finished := false
	defer func() {
		if !finished { // a job called runtime.Goexit: the rest must still be done
			go m.run(o)
		}
	}()
	o.Busy()
	for idle := false; ; {
		m.mu.Lock()
		j := m.take()
		if j == nil && idle {
			q := m.queue
			m.queue = nil
			q.mailbox, q.owner = nil, nil
			queues.Put(q)
			m.running = false
			finished = true
			m.mu.Unlock()
			return
		}
		m.mu.Unlock()
		if j == nil {
			idle = true
			o.Idle()
			continue
		}
		if idle {
			idle = false
			o.Busy()
		}
		j.Do()
	}
}

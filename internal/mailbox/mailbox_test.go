package mailbox_test

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio/internal/mailbox"
)

const noLimit = 1 << 40

type job struct {
	mailbox.Link
	do func()
}

func (j *job) Do() { j.do() }

type owner struct {
	workers    mailbox.Workers
	busy, idle atomic.Int32
}

func (o *owner) Workers() *mailbox.Workers { return &o.workers }

func (o *owner) Busy() { o.busy.Add(1) }
func (o *owner) Idle() { o.idle.Add(1) }

func TestOrderOneAtATime(t *testing.T) {
	var m mailbox.Mailbox
	var o owner
	var running atomic.Int32
	next := make(map[int]int) // producer → the number expected next; only jobs touch it
	var producers, jobs sync.WaitGroup
	for p := range 4 {
		producers.Go(func() {
			for i := range 1000 {
				jobs.Add(1)
				m.Put(&o, &job{do: func() {
					defer jobs.Done()
					if running.Add(1) != 1 {
						t.Error("two jobs at once")
					}
					if next[p] != i {
						t.Errorf("producer %d: job %d, want %d", p, i, next[p])
					}
					next[p]++
					running.Add(-1)
				}}, 1, noLimit)
			}
		})
	}
	producers.Wait()
	jobs.Wait()
}

func TestGoroutineOnlyWhileBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		before := runtime.NumGoroutine()
		var m mailbox.Mailbox
		var o owner
		ran := 0
		m.Put(&o, &job{do: func() { ran++ }}, 1, noLimit)
		synctest.Wait()
		if n := runtime.NumGoroutine(); n != before || ran != 1 {
			t.Errorf("%d goroutines more, %d jobs done", n-before, ran)
		}
		if o.busy.Load() != 1 || o.idle.Load() != 1 {
			t.Errorf("busy %d times, idle %d times", o.busy.Load(), o.idle.Load())
		}
	})
}

func TestLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m mailbox.Mailbox
		var o owner
		put := func(size int, do func()) <-chan struct{} {
			room, ok := m.Put(&o, &job{do: do}, size, 10)
			if !ok {
				t.Fatal("refused")
			}
			return room
		}
		release := make(chan struct{})
		wait := func() { <-release }
		put(1000, wait)
		synctest.Wait() // begun: counts no more
		if put(6, wait) != nil || put(4, wait) != nil {
			t.Fatal("full at the limit")
		}
		room := put(8, wait)
		if room == nil || m.Size() != 18 {
			t.Fatalf("not full with %d bytes", m.Size())
		}
		if put(1, wait) != room {
			t.Error("another channel for the same room")
		}
		release <- struct{}{}
		synctest.Wait() // 13 bytes wait
		select {
		case <-room:
			t.Fatal("room above the limit")
		default:
		}
		release <- struct{}{}
		<-room
		if put(1, wait) != nil {
			t.Error("full after there was room")
		}
		close(release)
	})
}

func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m mailbox.Mailbox
		var o owner
		var done []string
		release := make(chan struct{})
		m.Put(&o, &job{do: func() { <-release; done = append(done, "first") }}, 1, 1)
		synctest.Wait()
		room, _ := m.Put(&o, &job{do: func() { done = append(done, "second") }}, 2, 1)
		if !m.Close(&o, &job{do: func() { done = append(done, "last") }}) {
			t.Error("Close reported false")
		}
		<-room // whoever waits is let go
		if m.Close(&o, &job{}) {
			t.Error("the second Close reported true")
		}
		if room, ok := m.Put(&o, &job{}, 1, noLimit); ok || room != nil {
			t.Error("a closed mailbox took a job")
		}
		close(release)
		synctest.Wait()
		if len(done) != 3 || done[2] != "last" {
			t.Errorf("done: %v", done)
		}
	})
}

func TestIdleMayPutMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m mailbox.Mailbox
		o := &refill{m: &m}
		m.Put(o, &job{do: func() {}}, 1, noLimit)
		synctest.Wait()
		if o.done != 5 {
			t.Errorf("%d jobs done", o.done)
		}
	})
}

type refill struct {
	workers mailbox.Workers
	m       *mailbox.Mailbox
	done    int
}

func (r *refill) Workers() *mailbox.Workers { return &r.workers }

func (r *refill) Busy() {}
func (r *refill) Idle() {
	if r.done < 5 {
		r.m.Put(r, &job{do: func() { r.done++ }}, 1, noLimit)
	}
}

func TestGoexitInAJob(t *testing.T) {
	var m mailbox.Mailbox
	var o owner
	done := make(chan struct{})
	m.Put(&o, &job{do: runtime.Goexit}, 1, noLimit)
	m.Put(&o, &job{do: func() { close(done) }}, 1, noLimit)
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("jobs after a Goexit are lost")
	}
}

// Neither waking the mailbox nor a job costs anything.
func TestAllocations(t *testing.T) {
	var m mailbox.Mailbox
	var o owner
	done := make(chan struct{})
	j := &job{do: func() { done <- struct{}{} }}
	if n := testing.AllocsPerRun(1000, func() { m.Put(&o, j, 1, noLimit); <-done }); n >= 1 {
		t.Errorf("%v allocations to wake it", n)
	}
	first, second := &job{do: func() {}}, &job{do: func() {}}
	if n := testing.AllocsPerRun(1000, func() {
		m.Put(&o, first, 1, noLimit)
		m.Put(&o, second, 1, noLimit)
		m.Put(&o, j, 1, noLimit)
		<-done
	}); n >= 1 {
		t.Errorf("%v allocations for three jobs", n)
	}
}

// As many mailboxes as there are can wait, and others go on.
func TestJobsThatWaitHoldNobodyUp(t *testing.T) {
	var o owner
	const waiting = 100
	release := make(chan struct{})
	var begun, ended sync.WaitGroup
	begun.Add(waiting)
	ended.Add(waiting)
	for range waiting {
		m := new(mailbox.Mailbox)
		m.Put(&o, &job{do: func() { begun.Done(); <-release; ended.Done() }}, 1, noLimit)
	}
	begun.Wait()
	done := make(chan struct{})
	var m mailbox.Mailbox
	m.Put(&o, &job{do: func() { close(done) }}, 1, noLimit)
	receive(t, "a job while others wait", done)
	close(release)
	ended.Wait()
}

// Jobs that do not wait, in many mailboxes, do not need as many goroutines.
func TestWorkersAreFew(t *testing.T) {
	const mailboxes = 1000
	var o owner
	var most, done atomic.Int32
	hold := make(chan struct{})
	var first mailbox.Mailbox
	first.Put(&o, &job{do: func() { <-hold }}, 1, noLimit)
	before := runtime.NumGoroutine()
	all := make([]mailbox.Mailbox, mailboxes)
	finished := make(chan struct{})
	for i := range all {
		all[i].Put(&o, &job{do: func() {
			n := int32(runtime.NumGoroutine() - before)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			if done.Add(1) == mailboxes {
				close(finished)
			}
		}}, 1, noLimit)
	}
	receive(t, "the jobs", finished)
	close(hold)
	if n := int(most.Load()); n > mailboxes/10 { // as many as processors, and those that were preempted
		t.Errorf("%d goroutines", n)
	}
}

func receive(t *testing.T, what string, c <-chan struct{}) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(10 * time.Second):
		t.Fatalf("%s: waited too long", what)
	}
}

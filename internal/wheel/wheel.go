// Package wheel is a timing wheel: thousands of coarse timers (heartbeats,
// deadlines) over one runtime timer.
//
// A timer costs its owner one embedded struct and no goroutine. The wheel
// sleeps until the next timer that is due, and holds nothing while it has
// none, so an idle server has no tick.
package wheel

import (
	"sync"
	"time"
)

// Tick is the wheel's resolution. A timer never fires early, and late by less
// than one Tick plus what the scheduler adds.
const Tick = 10 * time.Millisecond

const (
	slotBits = 8
	slots    = 1 << slotBits
	slotMask = slots - 1
	// horizon is the furthest a timer can be placed at once; later ones wait
	// in the last slot and are placed again from there.
	horizon = slots*slots - slots
)

// Task is what a timer does when it is due. Expire is called on a goroutine
// of the wheel, one task after another, so it must not block.
type Task interface{ Expire() }

// Func makes a Task of a function.
type Func func()

// Expire calls f.
func (f Func) Expire() { f() }

// Timer is a place in the wheel. The zero value is an unset timer. It must
// not be copied while it is set.
type Timer struct {
	next *Timer
	prev **Timer // the pointer that points here; nil while the timer is unset
	due  int64   // tick
	task Task
}

// Wheel is a set of timers. The zero value is ready. All methods may be
// called from any goroutine.
type Wheel struct {
	mu     sync.Mutex
	epoch  time.Time
	now    int64 // the last tick that was worked off
	near   [slots]*Timer
	far    [slots]*Timer
	count  int
	driver *time.Timer
	wake   int64 // the tick that driver is set for; 0 when it is not set
}

// Set arms t to run task once, after d or a little later. A timer that is set
// already is moved.
func (w *Wheel) Set(t *Timer, d time.Duration, task Task) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.epoch.IsZero() {
		w.epoch = time.Now()
	}
	w.remove(t)
	if w.count == 0 {
		w.now = w.ticks(time.Since(w.epoch)) // nothing was missed while it was empty
	}
	t.task = task
	t.due = w.ticks(time.Since(w.epoch) + d + Tick - 1)
	if t.due <= w.now {
		t.due = w.now + 1
	}
	w.insert(t)
	w.count++
	w.schedule()
}

// Stop unsets t, and reports whether it was set. When it reports false the
// task has run, is running, or is about to.
func (w *Wheel) Stop(t *Timer) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.remove(t) {
		return false
	}
	if w.count == 0 {
		w.schedule()
	}
	return true
}

// IsSet reports whether t is set. A task that finds it so under the lock under which t
// is set comes too late: meanwhile it has been set anew.
func (w *Wheel) IsSet(t *Timer) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return t.prev != nil
}

// Len returns the number of timers that are set.
func (w *Wheel) Len() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.count
}

func (w *Wheel) ticks(d time.Duration) int64 { return int64(d / Tick) }

func (w *Wheel) insert(t *Timer) {
	var head **Timer
	if ahead := t.due - w.now; ahead < slots {
		head = &w.near[t.due&slotMask]
	} else {
		head = &w.far[(min(t.due, w.now+horizon)>>slotBits)&slotMask]
	}
	t.next, t.prev = *head, head
	if t.next != nil {
		t.next.prev = &t.next
	}
	*head = t
}

func (w *Wheel) remove(t *Timer) bool {
	if t.prev == nil {
		return false
	}
	*t.prev = t.next
	if t.next != nil {
		t.next.prev = t.prev
	}
	t.next, t.prev, t.task = nil, nil, nil
	w.count--
	return true
}

// run works off all ticks that have passed, on the driver's goroutine.
func (w *Wheel) run() {
	w.mu.Lock()
	w.wake = 0
	var due []Task
	for until := w.ticks(time.Since(w.epoch)); w.now < until && w.count > 0; {
		w.now++
		if w.now&slotMask == 0 {
			w.cascade()
		}
		for head := &w.near[w.now&slotMask]; *head != nil; {
			due = append(due, (*head).task)
			w.remove(*head)
		}
	}
	w.schedule()
	w.mu.Unlock()
	for _, task := range due {
		task.Expire()
	}
}

// cascade moves the timers of the window that begins now to their own slots.
func (w *Wheel) cascade() {
	head := &w.far[(w.now>>slotBits)&slotMask]
	t := *head
	*head = nil
	for t != nil {
		next := t.next
		w.insert(t)
		t = next
	}
}

// schedule sets the driver for the next tick that has work.
func (w *Wheel) schedule() {
	if w.count == 0 {
		if w.driver != nil && w.wake != 0 {
			w.driver.Stop()
			w.wake = 0
		}
		return
	}
	next := w.nextBusy()
	if w.wake != 0 && w.wake <= next {
		return // it wakes in time; an early wake only looks again
	}
	w.wake = next
	delay := time.Until(w.epoch.Add(time.Duration(next) * Tick))
	if w.driver == nil {
		w.driver = time.AfterFunc(delay, w.run)
		return
	}
	w.driver.Reset(delay)
}

// nextBusy returns the next tick at which a timer is due or a window with
// timers begins.
func (w *Wheel) nextBusy() int64 {
	next := w.now + horizon
	for i := int64(1); i < slots; i++ {
		if w.near[(w.now+i)&slotMask] != nil {
			next = w.now + i
			break
		}
	}
	window := w.now >> slotBits
	for i := int64(1); i < slots; i++ {
		if start := (window + i) << slotBits; start >= next {
			break
		} else if w.far[(window+i)&slotMask] != nil {
			return start
		}
	}
	return next
}

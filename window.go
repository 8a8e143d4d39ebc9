package sio

import (
	"container/list"
	"crypto/sha256"
	"sync"

	"github.com/gosio/sio/internal/frame"
)

// deduplicator knows the latest events of the sessions of a namespace.
type deduplicator struct {
	namespace *Namespace
	cfg       Deduplication

	mu      sync.Mutex // a leaf
	windows map[string]*window
	recent  list.List // of *window, the one that was used last at the end
	bytes   int
}

// window is what is known of a session.
type window struct {
	session string
	events  map[eventKey]*occurrence
	order   []*occurrence // the oldest first
	place   *list.Element
}

// What is known needs memory, beside keys of sessions and answers.
const (
	windowCost     = 512
	occurrenceCost = 256
)

// eventKey is a hash, so that a long key costs no more.
type eventKey [16]byte

func hash(name []byte, key string) eventKey {
	b := make([]byte, 0, 64)
	b = append(append(append(b, name...), 0), key...)
	sum := sha256.Sum256(b)
	return eventKey(sum[:len(eventKey{})])
}

// occurrence is an event that has been handled, or is being handled.
type occurrence struct {
	key     eventKey
	window  *window // nil when it is not known any more
	done    bool
	answer  frame.Group // empty until it is done, and for an event that wanted none
	waiting duplicate   // the latest one, which has come too early; the client gave up others
}

// duplicate is an event that has to be acknowledged.
type duplicate struct {
	socket *Socket
	id     int64
}

// look returns the occurrence of an event, and whether it is the first.
func (d *deduplicator) look(session string, key eventKey, wantsAck bool) (o *occurrence, isNew bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	w := d.windows[session]
	if w == nil {
		w = &window{session: session, events: make(map[eventKey]*occurrence)}
		w.place = d.recent.PushBack(w)
		d.windows[session] = w
		d.bytes += windowCost + len(session)
	}
	d.recent.MoveToBack(w.place)
	if o = w.events[key]; o != nil {
		return o, false
	}
	o = &occurrence{key: key, window: w, done: !wantsAck}
	w.events[key] = o
	w.order = append(w.order, o)
	d.bytes += occurrenceCost
	if len(w.order) > d.cfg.Window {
		d.forget(w)
	}
	d.trim()
	return o, true
}

// answerTo returns a reference of the answer to a duplicate, if it is known; else
// it will be given to dup later.
func (d *deduplicator) answerTo(o *occurrence, dup duplicate) (answer frame.Group, known bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !o.done {
		o.waiting = dup
		return frame.Group{}, false
	}
	if o.answer.First != nil {
		o.answer.Retain(1)
	}
	return o.answer, true
}

// answered keeps the answer to an event, and returns the duplicate that waits
// for it, if there is one.
func (d *deduplicator) answered(o *occurrence, g frame.Group) (waiting duplicate) {
	d.mu.Lock()
	defer d.mu.Unlock()
	waiting, o.waiting, o.done = o.waiting, duplicate{}, true
	if o.window != nil {
		g.Retain(1)
		o.answer = g
		d.bytes += g.Len()
		d.trim()
	}
	return waiting
}

// trim forgets events, those of sessions first that were not active for the
// longest time. d.mu is held.
func (d *deduplicator) trim() {
	for d.bytes > d.cfg.MaxBytes {
		d.forget(d.recent.Front().Value.(*window))
	}
}

// forget forgets the oldest event of a window. d.mu is held.
func (d *deduplicator) forget(w *window) {
	o := w.order[0]
	w.order[0], w.order = nil, w.order[1:]
	delete(w.events, o.key)
	d.bytes -= occurrenceCost
	if o.window = nil; o.answer.First != nil {
		d.bytes -= o.answer.Len()
		o.answer.Release()
		o.answer = frame.Group{}
	}
	if len(w.order) == 0 {
		d.recent.Remove(w.place)
		delete(d.windows, w.session)
		d.bytes -= windowCost + len(w.session)
	}
}

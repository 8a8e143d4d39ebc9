package engine

import (
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/wheel"
)

// pollWait is how long a session that is closing waits for a poll that takes
// the close packet.
const pollWait = 30 * time.Second

// lastPollWait is that when the server shuts down.
const lastPollWait = 10 * time.Second

// errMoved says that the session has left the polling transport.
var errMoved = errors.New("engine: moved to another transport")

// polling carries a session over HTTP requests: a GET waits for packets to
// the client, POSTs bring packets from it. It owns the queue of the former.
type polling struct {
	s       *Session
	dialect *dialect // nil for the usual clients

	mu     sync.Mutex
	queue  []*frame.Frame
	bytes  int
	leaves int                 // bytes in responses that are being written
	room   chan struct{}       // see more; nil if nobody waits
	poll   chan answer         // the GET that waits; nil if there is none
	posts  bool                // a POST is under way
	body   http.ResponseWriter // of that POST, while its body is being received
	noops  int                 // so many of the next polls are not kept waiting
	state  pollState
	waiter wheel.Timer // for a poll that takes the close packet
}

type pollState uint8

const (
	polls  pollState = iota
	ending           // the next poll that finds an empty queue takes the close packet
	moved            // to another transport
	ended
)

// answer says what a GET is answered with.
type answer uint8

const (
	flushed   answer = iota // what is queued
	released                // what is queued, or a noop
	closedNow               // the close packet
)

func (p *polling) name() string { return Polling }

func (p *polling) send(g frame.Group, polite bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.state == moved:
		return errMoved
	case p.state != polls:
		g.Release()
		return ErrSessionClosed
	case p.full(g, polite):
		g.Release()
		return ErrQueueFull
	}
	g.Own()
	p.queue = append(append(p.queue, g.First), g.Rest...)
	p.bytes += g.Len()
	return nil
}

func (p *polling) writable() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.poll != nil && len(p.queue) == 0
}

func (p *polling) queued() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.bytes + p.leaves
}

func (p *polling) flush() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.queue) > 0 {
		p.answer(flushed)
	}
}

// noop ends a pending poll.
func (p *polling) noop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer(released)
}

// hurry ends a pending poll, and those that come next, n in all, so that the
// client can pause polling.
func (p *polling) hurry(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.noops = n
	if n > 0 && p.answer(released) {
		p.noops--
	}
}

// answer lets the pending poll go. p.mu is held.
func (p *polling) answer(a answer) bool {
	if p.poll == nil {
		return false
	}
	p.poll <- a
	p.poll = nil
	return true
}

func (p *polling) end() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state != polls {
		return true
	}
	// What is queued goes alone, as the official client drops messages that come
	// in one payload with the close packet.
	if len(p.queue) > 0 {
		p.answer(flushed)
	} else if p.answer(closedNow) {
		p.state = ended
		p.cut()
		return true
	}
	p.state = ending
	p.freed()
	p.s.srv.wheel.Set(&p.waiter, pollWait, wheel.Func(func() { p.s.finish(ForcedClose, nil) }))
	return false
}

// hasten gives a closing session whose client has no poll pending only
// lastPollWait: it may have vanished, and the server would wait for it.
func (p *polling) hasten() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state == ending {
		p.s.srv.wheel.Set(&p.waiter, lastPollWait, wheel.Func(func() { p.s.finish(ForcedClose, nil) }))
	}
}

func (p *polling) abort() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state = ended
	p.drop()
	p.answer(closedNow)
	p.s.srv.wheel.Stop(&p.waiter)
	p.cut()
}

// cut ends a POST whose body is still being received. A complete one is left
// alone: its connection will serve other requests. p.mu is held.
func (p *polling) cut() {
	if p.body != nil && http.NewResponseController(p.body).SetReadDeadline(time.Unix(1, 0)) == nil {
		p.body = nil
	}
}

// move hands the queue over to the transport that follows, under the lock
// that sends take, so that none falls in between.
func (p *polling) move(to func(queue []*frame.Frame)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.s.srv.wheel.Stop(&p.waiter)
	to(p.queue)
	p.queue, p.bytes, p.state = nil, 0, moved
	p.freed()
	p.answer(closedNow)
	p.cut()
}

func (p *polling) drop() {
	for _, f := range p.queue {
		f.Release()
	}
	p.queue, p.bytes = nil, 0
	p.freed()
}

// take returns what is queued, for a response, and its size, which counts until
// wrote is told of it.
func (p *polling) take() (batch []*frame.Frame, size int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.takeAll()
}

// takeAll is take. p.mu is held.
func (p *polling) takeAll() (batch []*frame.Frame, size int) {
	batch, size = p.queue, p.bytes
	p.queue, p.bytes = nil, 0
	p.leaves += size
	return batch, size
}

// wrote says that a response has been written, and that many bytes of what was
// queued have left with it.
func (p *polling) wrote(size int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.leaves -= size
	p.freed()
}

package dialer

import (
	"context"
	"sync"

	"github.com/gosio/sio/internal/buf"
	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/wire/eio"
)

// polling carries a session over HTTP requests: GETs, one after the other, bring what the
// server sends, and POSTs, one after the other, take what is queued here. An upgrade
// pauses both.
type polling struct {
	c *Conn

	mu       sync.Mutex
	queue    []*frame.Frame
	bytes    int           // of payload in it
	leaving  int           // bytes in the POST that is under way
	leavingN int           // and frames
	room     chan struct{} // see more; nil if nobody waits
	getting  bool          // a GET is under way, or what it brought is handed over
	posting  bool          // a POST is under way
	quiet    chan struct{} // closed when neither is; nil unless paused
	state    pollState
}

type pollState uint8

const (
	polls  pollState = iota
	ending           // when the queue is empty, the server is told of the end
	ended
	moved // to another transport
)

// openPolling opens a session by polling, and goes on with it.
func openPolling(ctx context.Context, s *settings, accept func(*Conn) Receiver) (*Conn, error) {
	a, err := s.get(ctx, "")
	if err != nil {
		return nil, err
	}
	h, err := s.openPacket(a)
	if err != nil {
		a.body.Release()
		return nil, err
	}
	c := newConn(ctx, s)
	c.polled = true
	p := &polling{c: c, getting: true}
	c.hold()
	c.begin(h, p, accept)
	c.startUpgrade()
	go p.run(a)
	return c, nil
}

// openPacket returns the handshake that an answer begins with.
func (s *settings) openPacket(a answer) (h eio.Handshake, err error) {
	for first, err := range s.packets(a.body.B, a.contentType) {
		if err != nil {
			return h, undecodable(Polling)
		}
		if first.Type == eio.Open && !first.Binary {
			h, err = eio.ParseHandshake(first.Data)
			if err == nil {
				return h, nil
			}
			return h, failed(Polling, serverError, err)
		}
		break
	}
	return h, failed(Polling, serverError, errNotOpen)
}

// run hands over what an answer brought, and polls. In the first answer there is an open
// packet before that, which has no meaning any more. The zero answer is none.
func (p *polling) run(a answer) {
	defer p.c.release()
	for {
		if a.body != nil {
			p.deliver(a)
			a.body.Release()
		}
		if !p.again() {
			return
		}
		var err error
		if a, err = p.c.cfg.get(p.c.ctx, p.c.shake.SID); err != nil {
			p.failed(err)
			p.stopped()
			return
		}
	}
}

// deliver hands over what an answer brought.
func (p *polling) deliver(a answer) {
	c, handed := p.c, false
	for packet, err := range c.cfg.packets(a.body.B, a.contentType) {
		switch {
		case c.state.Load() == closed || p.over():
			return
		case err != nil:
			c.finish(TransportFailed, undecodable(Polling))
			return
		}
		if len(packet.Data) >= LargeMessage {
			own := buf.Take(len(packet.Data))
			copy(own, packet.Data)
			packet.Data = own
		}
		handed = handed || packet.Type == eio.Message
		p.hold(c.receive(packet))
	}
	if handed && c.state.Load() == open {
		p.hold(c.receiver.CaughtUp())
	}
}

// hold waits as long as the receiver wants it to.
func (p *polling) hold(wait <-chan struct{}) {
	if wait == nil {
		return
	}
	p.c.pause()
	select {
	case <-wait:
		p.c.resume()
	case <-p.c.ctx.Done():
	}
}

// over reports whether the server has been told of the end: what comes then, or fails
// to come, has no meaning.
func (p *polling) over() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.state == ended
}

// failed ends the session.
func (p *polling) failed(err error) {
	if !p.over() {
		p.c.finish(TransportFailed, err)
	}
}

// again reports whether there is to be another GET.
func (p *polling) again() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.quiet == nil && p.state <= ending {
		return true
	}
	p.getting = false
	p.quieten()
	return false
}

// stopped notes that run ends.
func (p *polling) stopped() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.getting = false
	p.quieten()
}

// quieten tells who has paused requests if none is under way. p.mu is held.
func (p *polling) quieten() {
	if p.quiet != nil && !p.getting && !p.posting {
		close(p.quiet)
	}
}

// suspend has no new requests made, until resume, and returns a channel that is closed
// when none is under way.
func (p *polling) suspend() (quiet <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.quiet = make(chan struct{})
	quiet = p.quiet
	p.quieten()
	return quiet
}

// proceed ends suspend.
func (p *polling) proceed() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.quiet = nil
	if p.state > ending {
		return
	}
	if !p.getting {
		p.getting = true
		p.c.hold()
		go p.run(answer{})
	}
	p.start()
}

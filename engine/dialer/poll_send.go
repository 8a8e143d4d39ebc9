package dialer

import (
	"github.com/gosio/sio/internal/buf"
	"github.com/gosio/sio/internal/frame"
)

func (p *polling) name() string { return Polling }

func (p *polling) send(g frame.Group, polite bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.state == moved:
		return errMoved
	case p.state == ended || p.state == ending && polite:
		g.Release()
		return ErrClosed
	case p.full(g, polite):
		g.Release()
		return ErrQueueFull
	}
	g.Own()
	p.queue = append(append(p.queue, g.First), g.Rest...)
	p.bytes += g.Len()
	return nil
}

// full reports whether a group does not fit into the queue. p.mu is held.
func (p *polling) full(g frame.Group, polite bool) bool {
	limit := p.c.cfg.limit
	if polite {
		limit = limit.Polite()
	}
	waiting := len(p.queue) + p.leavingN
	return waiting > 0 && limit.Exceeded(p.bytes+p.leaving+g.Len(), waiting+1+len(g.Rest))
}

func (p *polling) writable() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.state == polls && !p.posting && p.quiet == nil
}

func (p *polling) queued() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.bytes + p.leaving
}

func (p *polling) more() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.room == nil {
		p.room = make(chan struct{})
	}
	room := p.room
	if p.state != polls || len(p.queue)+p.leavingN == 0 {
		p.freed()
	}
	return room
}

// freed wakes up those who wait for room. p.mu is held.
func (p *polling) freed() {
	if p.room != nil {
		close(p.room)
		p.room = nil
	}
}

func (p *polling) flush() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.start()
}

func (p *polling) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state != polls {
		return
	}
	p.state = ending
	p.freed()
	p.start()
}

func (p *polling) abort() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state == moved {
		return
	}
	p.state = ended
	for _, f := range p.queue {
		f.Release()
	}
	p.queue, p.bytes = nil, 0
	p.freed()
}

// start has a goroutine send what there is to send. p.mu is held.
func (p *polling) start() {
	if p.posting || p.quiet != nil {
		return
	}
	if batch, last := p.take(); batch != nil {
		p.posting = true
		p.c.hold()
		go p.post(batch, last)
	}
}

// take returns what the next POST sends, or nil if there is nothing to send: what waits,
// as far as the server takes that at once or, when the session ends and nothing waits, the close
// packet, which is the last. p.mu is held.
func (p *polling) take() (batch []*frame.Frame, last bool) {
	switch {
	case p.state > ending:
		return nil, false
	case len(p.queue) == 0 && p.state == ending:
		p.state = ended
		return []*frame.Frame{retained(closeFrame)}, true
	case len(p.queue) == 0:
		return nil, false
	}
	n := p.fitting()
	batch = p.queue[:n:n]
	if p.queue = p.queue[n:]; len(p.queue) == 0 {
		p.queue = nil
	}
	for _, f := range batch {
		p.leaving += f.Len()
	}
	p.leavingN = n
	p.bytes -= p.leaving
	return batch, false
}

// fitting returns how many of the packets that wait fit into a POST: as many as the
// server's maxPayload allows, but one at least. p.mu is held.
func (p *polling) fitting() int {
	limit, size := p.c.shake.MaxPayload, 0
	for i, f := range p.queue {
		size += p.c.cfg.size(f)
		if i > 0 {
			if !p.c.cfg.eio3 {
				size++ // the separator
			}
			if limit > 0 && size > limit {
				return i
			}
		}
	}
	return len(p.queue)
}

// post sends a batch, and what comes to wait meanwhile.
func (p *polling) post(batch []*frame.Frame, last bool) {
	c := p.c
	defer c.release()
	for batch != nil {
		size := 0
		for _, f := range batch {
			size += c.cfg.size(f) + 1
		}
		payload := buf.Get(size)
		var contentType string
		payload.B, contentType = c.cfg.appendPayload(payload.B, batch)
		for _, f := range batch {
			f.Release()
		}
		err := c.cfg.post(c.ctx, c.shake.SID, payload, contentType)
		switch {
		case last:
			c.left(err)
		case err != nil:
			p.failed(err)
		}
		p.mu.Lock()
		p.leaving, p.leavingN = 0, 0
		p.freed()
		if batch = nil; p.quiet == nil {
			batch, last = p.take()
		}
		if batch == nil {
			p.posting = false
			p.quieten()
		}
		p.mu.Unlock()
	}
}

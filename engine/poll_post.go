package engine

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"

	"github.com/gosio/sio/internal/buf"
	"github.com/gosio/sio/wire/eio"
)

// receive takes the packets that a POST brings.
func (p *polling) receive(w http.ResponseWriter, r *http.Request) {
	s := p.s
	p.mu.Lock()
	switch {
	case p.posts:
		p.mu.Unlock()
		s.finish(TransportError, errPostOverlap)
		fail(w, http.StatusBadRequest)
		return
	case p.state == ended || p.state == moved:
		p.mu.Unlock()
		s.srv.refuse(w, refusal(r, SessionIDUnknown, map[string]any{"sid": s.id}))
		return
	}
	p.posts = true
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		p.posts = false
		p.mu.Unlock()
	}()

	contentType := r.Header.Get("Content-Type")
	if contentType == octetStream[0] && !s.eio3 {
		s.finish(TransportError, errContent)
		fail(w, http.StatusBadRequest)
		return
	}
	body, err := p.readBody(w, r)
	switch {
	case errors.Is(err, errMaxPayload):
		fail(w, http.StatusRequestEntityTooLarge)
		return
	case errors.Is(err, errCut): // the session has ended or moved meanwhile
		panic(http.ErrAbortHandler)
	case errors.Is(err, os.ErrDeadlineExceeded):
		s.finish(TransportError, ErrBodyTimeout)
		s.srv.refuse(w, bodyRefusal(r))
		return
	case err != nil: // the client has gone
		s.finish(TransportError, errPostAborted)
		panic(http.ErrAbortHandler)
	}
	defer body.Release()
	if p.deliver(body.B, contentType) {
		p.noop() // the client has closed: its pending poll ends before the session does
		s.finish(TransportClose, nil)
	}
	if s.srv.cfg.OnHeaders != nil {
		s.srv.cfg.OnHeaders(w.Header(), r)
	}
	writeHead(w, r, textHTML, 2)
	_, _ = io.WriteString(w, "ok")
}

// deliver hands the packets of a payload to the session, and reports whether
// one of them was the client's close, which counts while this side waits to close, too.
func (p *polling) deliver(payload []byte, contentType string) (left bool) {
	s := p.s
	s.recv.Lock()
	defer s.recv.Unlock()
	packets := 0
	if p.dialect == nil {
		packets, left = p.unpack(payload)
	} else {
		packets, left = p.translate(payload, contentType)
	}
	s.srv.received(Polling, packets, len(payload))
	p.hold(s.receiver.CaughtUp())
	return left
}

// unpack is deliver for the usual clients. s.recv is held.
func (p *polling) unpack(payload []byte) (packets int, left bool) {
	for packet, err := range eio.Payload(eio.ValidText(payload)) {
		packets++
		if more, left := p.arrived(packet, err); !more {
			return packets, left
		}
	}
	return packets, false
}

// arrived handles a packet of a payload, and reports whether the next one is
// wanted, and whether this one was the client's close. s.recv is held.
func (p *polling) arrived(packet eio.Packet, err error) (more, left bool) {
	s := p.s
	p.mu.Lock()
	gone := p.state == moved
	p.mu.Unlock()
	switch {
	case gone:
		return false, false
	case err != nil:
		s.receiver.CaughtUp()
		s.finish(ParseError, err)
		return false, false
	case packet.Type == eio.Close && s.state.Load() != closed:
		return false, true
	}
	if len(packet.Data) >= LargeMessage {
		packet.Data = bytes.Clone(packet.Data)
	}
	p.hold(s.receive(packet))
	return s.state.Load() != closed, false
}

// hold waits as long as the receiver wants it to. s.recv, which is held, is not
// meanwhile: an upgrade must not have to wait, too.
func (p *polling) hold(wait <-chan struct{}) {
	if wait == nil {
		return
	}
	p.s.pause()
	p.s.recv.Unlock()
	<-wait
	p.s.resume()
	p.s.recv.Lock()
}

// errCut says that the rest of a body is not wanted any more.
var errCut = errors.New("engine: request cut")

// readBody reads the body of a POST, unless cut ends it.
func (p *polling) readBody(w http.ResponseWriter, r *http.Request) (*buf.Buffer, error) {
	p.mu.Lock()
	if p.state == ended || p.state == moved {
		p.mu.Unlock()
		return nil, errCut
	}
	p.body = w
	p.mu.Unlock()
	body, err := readAll(r.Body, p.s.srv.cfg.MaxPayload)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.body == nil {
		if err == nil {
			body.Release()
		}
		return nil, errCut
	}
	p.body = nil
	return body, err
}

// readAll reads a body of at most limit bytes, in memory that grows
// with what has arrived.
func readAll(r io.Reader, limit int) (*buf.Buffer, error) {
	b := buf.Get(512)
	for {
		if len(b.B) == cap(b.B) {
			b.Grow(1)
		}
		n, err := r.Read(b.B[len(b.B):min(cap(b.B), limit+1)])
		b.B = b.B[:len(b.B)+n]
		switch {
		case len(b.B) > limit:
			b.Release()
			return nil, errMaxPayload
		case err == io.EOF:
			return b, nil
		case err != nil:
			b.Release()
			return nil, err
		}
	}
}

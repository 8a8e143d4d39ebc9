package engine

import (
	"net/http"

	"github.com/gosio/sio/internal/frame"
)

var (
	noopFrame  = packetFrame("6")
	closeFrame = packetFrame("1")
)

// servePolling begins a session over polling, and answers the handshake.
func (s *Server) servePolling(w http.ResponseWriter, r *http.Request, q query) {
	if s.stopped() {
		s.refuse(w, closingRefusal(r))
		return
	}
	visit, refused := s.enter(r)
	if refused != nil {
		s.refuse(w, refused)
		return
	}
	defer visit.done()
	id, err := s.cfg.GenerateID(r)
	if err != nil {
		s.refuse(w, refusal(r, BadRequest, map[string]any{"name": IDGenerationError, "error": err}))
		return
	}
	sess := &Session{id: id, srv: s, handshake: s.newHandshake(r, visit.address), eio3: revision(q.eio) != Protocol}
	visit.sess = sess
	p := &polling{s: sess, dialect: newDialect(q)}
	var t transport = p
	sess.transport.Store(&t)
	s.open(sess, p)
	handshake, size := p.take() // before the application can send: that comes with the next poll
	if !s.begin(sess) {
		release(handshake)
		s.refuse(w, closingRefusal(r))
		return
	}
	if c := s.cfg.Cookie; c != nil {
		cookie := *c
		cookie.Name = orDefault(cookie.Name, "io")
		cookie.Value = id
		http.SetCookie(w, &cookie)
	}
	if s.cfg.OnInitialHeaders != nil {
		s.cfg.OnInitialHeaders(w.Header(), r)
	}
	p.writePayload(w, r, handshake)
	p.wrote(size)
}

// servePoll serves a polling request of a known session.
func (s *Server) servePoll(w http.ResponseWriter, r *http.Request, sess *Session) {
	p, ok := sess.current().(*polling)
	if !ok { // a plain request for a session on another transport, or one that just moved
		s.refuse(w, refusal(r, BadRequest, map[string]any{
			"name": TransportMismatch, "transport": Polling, "previousTransport": sess.Transport(),
		}))
		return
	}
	switch r.Method {
	case http.MethodGet:
		p.get(w, r)
	case http.MethodPost:
		p.receive(w, r)
	default:
		fail(w, http.StatusInternalServerError)
	}
}

// get answers a poll: with what is queued, or as soon as something is.
func (p *polling) get(w http.ResponseWriter, r *http.Request) {
	srv := p.s.srv
	p.mu.Lock()
	switch {
	case p.poll != nil:
		p.mu.Unlock()
		p.s.finish(TransportError, errOverlap)
		fail(w, http.StatusBadRequest)
		return
	case p.state == ended:
		p.mu.Unlock()
		srv.refuse(w, refusal(r, SessionIDUnknown, map[string]any{"sid": p.s.id}))
		return
	case p.state == moved:
		p.mu.Unlock()
		srv.refuse(w, refusal(r, BadRequest, map[string]any{
			"name": TransportMismatch, "transport": Polling, "previousTransport": p.s.Transport(),
		}))
		return
	case len(p.queue) > 0:
		batch, size := p.takeAll()
		p.mu.Unlock()
		p.writePayload(w, r, batch)
		p.wrote(size)
		return
	case p.state == ending:
		p.state = ended
		p.cut()
		p.mu.Unlock()
		srv.wheel.Stop(&p.waiter)
		p.writePayload(w, r, []*frame.Frame{shared(noopFrame).First, shared(closeFrame).First})
		p.s.conclude(ForcedClose, nil)
		return
	case p.noops > 0:
		p.noops--
		p.mu.Unlock()
		p.writePayload(w, r, []*frame.Frame{shared(noopFrame).First})
		return
	}
	wait := make(chan answer, 1)
	p.poll = wait
	p.mu.Unlock()
	select {
	case a := <-wait:
		p.respond(w, r, a)
	case <-r.Context().Done():
		p.mu.Lock()
		pending := p.poll == wait
		if pending {
			p.poll = nil
		}
		p.mu.Unlock()
		if pending {
			p.s.finish(TransportError, errPollAborted)
			return
		}
		p.respond(w, r, <-wait)
	}
}

// respond answers a poll that was let go.
func (p *polling) respond(w http.ResponseWriter, r *http.Request, a answer) {
	batch, size := p.take()
	defer p.wrote(size)
	switch {
	case a == closedNow:
		batch = append(batch, shared(closeFrame).First)
	case len(batch) == 0: // released, or an upgrade took what was queued
		batch = append(batch, shared(noopFrame).First)
	}
	p.writePayload(w, r, batch)
}

func release(frames []*frame.Frame) {
	for _, f := range frames {
		f.Release()
	}
}

package main

import (
	"crypto/rand"
	"io"
	"net/http"
	"strconv"
	"sync"

	"github.com/gosio/sio/bench/servers/internal/frame"
)

const separator = '\x1e'

var noop, closed = []byte("6"), []byte("1")

// A session holds what a poll has not taken yet.
type session struct {
	mu    sync.Mutex
	queue []byte
	more  chan struct{} // has a value when queue has got something
}

func (s *session) put(packet []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) > 0 {
		s.queue = append(s.queue, separator)
	}
	s.queue = append(s.queue, packet...)
	select {
	case s.more <- struct{}{}:
	default:
	}
}

func (s *session) take() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	queue := s.queue
	s.queue = nil
	return queue
}

var sessions sync.Map // of *session, by their id

func find(sid string) *session {
	s, _ := sessions.Load(sid)
	found, _ := s.(*session)
	return found
}

// queue has a poll of the session, if there is such a one, answer the packet.
func queue(sid string, packet []byte) {
	if s := find(sid); s != nil {
		s.put(packet)
	}
}

// end ends a session; a poll that waits says so.
func end(sid string) {
	queue(sid, closed)
	sessions.Delete(sid)
}

// open makes a session.
func open(w http.ResponseWriter) {
	sid := rand.Text()[:20]
	sessions.Store(sid, &session{more: make(chan struct{}, 1)})
	reply(w, []byte(`0{"sid":"`+sid+`","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}`))
}

// post queues what is posted: it is its own answer.
func post(w http.ResponseWriter, r *http.Request, sid string) {
	s := find(sid)
	if s == nil {
		http.Error(w, "unknown session", http.StatusBadRequest)
		return
	}
	if r.ContentLength < 0 || r.ContentLength > frame.Max {
		http.Error(w, "too much, or no length", http.StatusRequestEntityTooLarge)
		return
	}
	body := make([]byte, r.ContentLength)
	if _, err := io.ReadFull(r.Body, body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if string(body) == string(closed) {
		end(sid)
	} else {
		s.put(body)
	}
	reply(w, []byte("ok"))
}

// poll answers what is queued, as soon as something is.
func poll(w http.ResponseWriter, r *http.Request, sid string) {
	s := find(sid)
	if s == nil {
		http.Error(w, "unknown session", http.StatusBadRequest)
		return
	}
	for {
		if queued := s.take(); len(queued) > 0 {
			reply(w, queued)
			return
		}
		select {
		case <-s.more: // or it was, and an earlier poll has taken it
		case <-r.Context().Done():
			return
		}
	}
}

func reply(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Type", "text/plain; charset=UTF-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body)
}

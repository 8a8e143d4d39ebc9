package engine

import (
	"errors"
	"net/http"
	"os"
	"time"
)

// Deadlines are set and not lifted: net/http does that itself, the one for reading when the
// body has come, both when the request has been answered, and when its connection is
// taken over. What cannot have deadlines, such as a recorder, or a middleware that
// hides the connection, goes without.

// boundBody sets when the body of a request must have come, whoever reads it: net/http reads
// what nobody wants before it answers.
func (s *Server) boundBody(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength == 0 {
		return
	}
	timeout := s.cfg.Limits.BodyTimeout
	if server := serverOf(r); timeout <= 0 || server != nil && server.ReadTimeout > 0 && server.ReadTimeout < timeout {
		return
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(timeout))
}

// writeBody writes the body of an answer to a poll, and ends the session if the client
// takes too long to receive it.
func (p *polling) writeBody(w http.ResponseWriter, r *http.Request, body []byte) {
	timeout := p.s.srv.cfg.Limits.ResponseTimeout
	if server := serverOf(r); timeout > 0 && (server == nil || server.WriteTimeout <= 0 || server.WriteTimeout > timeout) {
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(timeout))
	}
	if _, err := w.Write(body); errors.Is(err, os.ErrDeadlineExceeded) {
		p.s.finish(TransportError, ErrResponseTimeout)
	}
}

func serverOf(r *http.Request) *http.Server {
	server, _ := r.Context().Value(http.ServerContextKey).(*http.Server)
	return server
}

package sio

import (
	"context"
	"errors"
)

// AuthEvent is the event by which RefreshAuth asks a client. Applications do not use the
// name for anything else.
const AuthEvent = "socket.io:auth"

// ErrInvalidAuth is returned by RefreshAuth for an answer that is not one object.
var ErrInvalidAuth = errors.New("sio: auth data is not an object")

// RefreshAuth asks the client for its auth data anew, and puts them in the place of those
// of its handshake: a token that ends before the connection does is replaced without a
// new connection. What they are worth the caller finds out, by Handshake, and disconnects
// the client if need be. It may be called from any goroutine.
//
// It is an event with an acknowledgement, AuthEvent. The browser client of this module answers
// by itself with what its option auth is or, if that is a function, gives now. Pages with
// another client answer by a listener: socket.on("socket.io:auth", answer =>
// answer({ token })). A client that does neither does not answer: give ctx a deadline, or set
// Config.AckTimeout.
//
// Errors: those of EmitWithAck, of which ErrTimeout is the one for clients that do
// not answer; ErrInvalidAuth. The auth data are then as they were.
func (s *Socket) RefreshAuth(ctx context.Context) error {
	m, err := s.EmitWithAck(ctx, AuthEvent)
	if err != nil {
		return err
	}
	var object map[string]any
	if m.Len() != 1 || len(m.packet.Attachments) > 0 || m.Decode(&object) != nil || object == nil {
		return ErrInvalidAuth
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.extend().auth = m.packet.Args // for the message is nobody else's
	return nil
}

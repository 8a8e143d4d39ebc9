package client

import "context"

// authEvent is how a server of this module asks for fresh auth data (sio.AuthEvent).
const authEvent = "socket.io:auth"

// answerAuth answers with the auth data of now, and reports whether the event was that
// question: listeners of the application come first.
func (s *Socket) answerAuth(ctx context.Context, m *Message) bool {
	s.m.mu.Lock()
	auth := s.auth
	s.m.mu.Unlock()
	if auth == nil || !m.WantsAck() || len(s.hooks.events.of(m.packet.Name)) > 0 {
		return false
	}
	data, err := authData(ctx, auth)
	if err != nil {
		s.report(authEvent, err)
		return true // the server gives up in its own time, as if it were the connection's fault
	}
	if err := m.Ack(data); err != nil {
		s.report(authEvent, err)
	}
	return true
}

package siotest

import (
	"context"
	"errors"

	"github.com/gosio/sio/wire/eio"
)

// Upgrade moves a client that is polling to a WebSocket, as the official client
// does. What is sent meanwhile waits until the client has moved; the server has
// when it reads what comes next.
func (c *Client) Upgrade() {
	c.t().Helper()
	s := c.session
	ctx, cancel := context.WithTimeout(context.Background(), s.o.Timeout)
	defer cancel()
	next, _, err := s.dialWebSocket(ctx, s.shake.SID)
	if err != nil {
		s.fail("upgrade: %v", err)
	}
	socket := next.(*webSocket)
	if err := s.move(ctx, socket); err != nil {
		socket.close()
		s.fail("upgrade: %v", err)
	}
}

func (s *session) move(ctx context.Context, next *webSocket) error {
	probe := eio.Packet{Type: eio.Ping, Data: []byte("probe")}
	s.log.sent(probe)
	if err := next.write([]eio.Packet{probe}); err != nil {
		return err
	}
	answer, err := next.next(ctx)
	if err != nil {
		return err
	}
	s.log.received(answer)
	if answer.Type != eio.Pong || string(answer.Data) != "probe" {
		return errors.New("not the answer to a probe")
	}
	select {
	case s.sending <- struct{}{}:
		defer func() { <-s.sending }()
	case <-ctx.Done():
		return ctx.Err()
	}
	old, ok := s.carrier.(*polling)
	if !ok {
		return errors.New("not polling")
	}
	close(old.pause)
	select {
	case <-old.paused:
	case <-s.done:
	case <-ctx.Done():
		return ctx.Err()
	}
	done := eio.Packet{Type: eio.Upgrade}
	s.log.sent(done)
	if err := next.write([]eio.Packet{done}); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return errors.New(s.reason)
	}
	s.carrier = next
	s.work.Go(func() { next.read(s) })
	return nil
}

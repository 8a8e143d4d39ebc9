package client

import (
	"context"
	"log/slog"

	"github.com/gosio/sio/event"
	"github.com/gosio/sio/internal/fault"
	"github.com/gosio/sio/internal/message"
	"github.com/gosio/sio/wire"
)

// Connect has the Socket connected, now and after each loss of the connection, until
// Disconnect or Close is called, or the server refuses or disconnects it. It does not
// wait; see WaitConnected. It does nothing if that is so already.
func (s *Socket) Connect() {
	m := s.m
	m.mu.Lock()
	defer m.unlock()
	if s.closed || m.closed || s.wanted {
		return
	}
	s.wanted, s.err = true, nil
	switch m.phase {
	case resting:
		m.begin(false)
	case open:
		s.join()
	}
	s.stateChanged()
}

// Disconnect leaves the namespace. What was emitted and has not been sent yet waits for
// the next Connect. If no other Socket needs the connection, it is closed, after
// what it has been given was sent.
func (s *Socket) Disconnect() {
	s.m.mu.Lock()
	defer s.m.unlock()
	s.leave(ClientDisconnect, nil)
}

// Close disconnects the Socket for good; Manager.Of makes a new one then. That of New and Dial closes its Manager too,
// and returns when no goroutine is left.
func (s *Socket) Close() {
	if s.owns {
		s.m.Close()
		return
	}
	s.m.mu.Lock()
	defer s.m.unlock()
	s.close()
}

// close is Close. m.mu is held.
func (s *Socket) close() {
	if s.closed {
		return
	}
	s.closed = true
	s.m.sockets.remove(s)
	s.leave(ClientDisconnect, nil)
	s.dropBuffer()
	s.stateChanged()
}

// join asks the server to let the Socket in, if it is wanted and has not asked yet.
// m.mu is held, and there is a connection.
func (s *Socket) join() {
	l := s.m.link
	if !s.wanted || s.link == l && !s.implied() {
		return
	}
	s.link = l
	switch {
	case s.implied():
		if l.let && !s.connected {
			s.admitted(l.conn.ID(), "")
		}
	case s.name == "/" && l.let:
		s.failed(ErrOldServer)
		s.abandon(ErrOldServer)
	case s.auth == nil:
		s.ask(nil)
	default:
		ctx, cancel := context.WithCancel(context.Background())
		s.asking = cancel
		auth := s.auth
		s.m.start(func() { s.authenticate(ctx, l, auth) })
	}
}

// implied reports whether the server lets the Socket in without being asked.
func (s *Socket) implied() bool { return s.m.cfg.Version2 && s.name == "/" }

// authenticate asks with what auth returns.
func (s *Socket) authenticate(ctx context.Context, l *link, auth func(context.Context) (any, error)) {
	for k := 0; ; k++ {
		data, err := authData(ctx, auth)
		s.m.mu.Lock()
		if ctx.Err() != nil || s.link != l {
			s.m.unlock()
			return
		}
		if err == nil {
			s.asking()
			s.asking = nil
			s.ask(data)
			s.m.unlock()
			return
		}
		s.failed(err)
		if s.m.cfg.NoReconnection {
			s.abandon(err)
			s.m.unlock()
			return
		}
		s.m.unlock()
		if !sleep(ctx, s.m.cfg.nextDelay(k)) {
			return
		}
	}
}

func authData(ctx context.Context, auth func(context.Context) (any, error)) (data any, err error) {
	defer fault.Recovered(&err)
	return auth(ctx)
}

// ask sends a CONNECT. m.mu is held.
func (s *Socket) ask(auth any) {
	codec := s.m.cfg.Codec
	h := wire.Header{Type: wire.Connect, Namespace: s.name, ID: wire.NoID}
	var args []any
	var err error
	if s.m.cfg.Version2 {
		h.Namespace, err = s.withQuery(h, auth)
	} else {
		args, err = s.connectArgs(h, auth)
	}
	if err == nil {
		g, failed := message.Encode(codec, h, message.Outcome{Compress: true}, args)
		if err = failed; err == nil {
			conn := s.link.conn
			_ = conn.Queue(g, false) // if it is closed, Closed comes
			s.m.later(conn.Flush)
			return
		}
	}
	s.failed(err) // the auth data are no object, and never will be
	s.abandon(err)
}

// granted connects the Socket. m.mu is held.
func (s *Socket) granted(p *wire.Packet) {
	if s.connected {
		return
	}
	if s.m.cfg.Version2 {
		id := s.link.conn.ID()
		if s.name != "/" {
			id = s.name + "#" + id
		}
		s.admitted(id, "")
		return
	}
	var grant struct {
		SID string `json:"sid"`
		PID string `json:"pid"`
	}
	if p.NArgs == 0 || s.m.cfg.Codec.Decode(p, &grant) != nil || grant.SID == "" {
		s.failed(ErrOldServer)
		s.abandon(ErrOldServer)
		return
	}
	s.admitted(grant.SID, grant.PID)
}

// admitted is granted with what the server has told: events that came early come
// first, then what was emitted meanwhile is sent, then the handlers of OnConnect are
// called. m.mu is held.
func (s *Socket) admitted(id, pid string) {
	s.id, s.recovered = id, pid != "" && pid == s.pid
	if s.pid = pid; !s.recovered {
		s.offset = ""
	}
	s.connected, s.err = true, nil
	s.noteLog("socket connected", slog.Bool("recovered", s.recovered))
	ctx, cancel := context.WithCancelCause(context.Background())
	s.cancel = cancel
	s.ctx.Store(&ctx)
	for _, j := range s.early {
		s.noteOffset(&j.msg.packet)
		s.mail.Put(s.owner(), j, j.size(0), s.m.cfg.MaxMailbox)
	}
	s.noEarly()
	s.sendBuffer()
	s.pump()
	s.m.later(s.link.conn.Flush)
	s.stateChanged()
	if s.hooks.connect.any() {
		s.post(func() {
			for _, fn := range s.hooks.connect.all() {
				s.run(*fn)
			}
		})
	}
}

// refused is what becomes of a Socket that the server does not let in. m.mu is held.
func (s *Socket) refused(p *wire.Packet) {
	if s.connected {
		return
	}
	err := s.refusal(p)
	s.noteLog("socket refused", errorAttr(err))
	s.failed(err)
	s.abandon(err)
}

// refusal returns what a CONNECT_ERROR says.
func (s *Socket) refusal(p *wire.Packet) error {
	values, err := s.m.cfg.Codec.Values(p)
	if err != nil || len(values) == 0 {
		return &event.Error{}
	}
	switch v := values[0].(type) {
	case string: // as servers of Socket.IO 2 say it
		return &event.Error{Message: v}
	case map[string]any:
		if text, ok := v["message"].(string); ok {
			return &event.Error{Message: text, Data: v["data"]}
		}
	}
	return &event.Error{Data: values[0]}
}

// failed tells that the Socket could not be connected. m.mu is held.
func (s *Socket) failed(err error) {
	s.err = err
	s.m.notify()
	if s.hooks.connectError.any() {
		s.post(func() {
			for _, fn := range s.hooks.connectError.all() {
				s.run(func() { (*fn)(err) })
			}
		})
	}
}

// abandon gives the Socket up until Connect is called again. m.mu is held.
func (s *Socket) abandon(err error) {
	s.leave(ServerDisconnect, err)
	s.err = err
}

// leave leaves the namespace, with a session that nobody will recover. m.mu is held.
func (s *Socket) leave(reason Reason, err error) {
	s.wanted, s.pid, s.offset = false, "", ""
	if s.connected && reason == ClientDisconnect {
		g, failed := message.Encode(s.m.cfg.Codec, wire.Header{Type: wire.Disconnect, Namespace: s.name, ID: wire.NoID}, message.Outcome{}, nil)
		if failed == nil && s.link.conn.Queue(g, false) == nil {
			s.m.later(s.link.conn.Flush)
		}
	}
	s.disconnected(reason, err)
	s.m.release()
	s.stateChanged()
}

// disconnected is what becomes of a Socket whose connection it has no more. m.mu is held.
func (s *Socket) disconnected(reason Reason, err error) {
	if s.link != nil {
		s.link.flush() // what has arrived before comes before
	}
	was := s.connected
	s.connected, s.link, s.id = false, nil, ""
	if s.asking != nil {
		s.asking()
		s.asking = nil
	}
	for _, j := range s.early {
		j.free()
	}
	s.noEarly()
	if !was {
		return
	}
	s.noteLog("socket disconnected", slog.String("reason", string(reason)), errorAttr(err))
	cause := &DisconnectError{Reason: reason, Err: err}
	s.cancel(cause)
	s.dropAcks(cause)
	if s.hooks.disconnect.any() {
		s.post(func() {
			for _, fn := range s.hooks.disconnect.all() {
				s.run(func() { (*fn)(reason, err) })
			}
		})
	}
}

// OnConnect adds a function that is called each time that the Socket is connected,
// again too, in order with the events. What it returns removes the function.
func (s *Socket) OnConnect(fn func()) (off func()) { return s.hooks.connect.add(fn) }

// OnConnectError adds a function that is called each time that the Socket could not be
// connected: with a *TransportError, or another error of the attempt, which is
// repeated; or with an *Error if the server has refused, which is not (see Active).
// What OnConnectError returns removes the function.
func (s *Socket) OnConnectError(fn func(error)) (off func()) { return s.hooks.connectError.add(fn) }

// OnDisconnect adds a function that is called each time that the Socket is disconnected,
// with what explains the reason, or nil. What it returns removes the function.
func (s *Socket) OnDisconnect(fn func(reason Reason, err error)) (off func()) {
	return s.hooks.disconnect.add(fn)
}

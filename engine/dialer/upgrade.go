package dialer

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/ws"
)

// upgradePatience bounds an upgrade, so that one that a proxy swallows is not waited for
// as long as the session lasts. Servers give up after 10 seconds.
const upgradePatience = 20 * time.Second

// upgrade is a move of a session from polling to a WebSocket that goes on:
//
//	client                        server
//	GET …&transport=websocket  →
//	2probe                     →
//	                           ←  3probe
//	                              (running requests are waited for, no new ones made)
//	5, what waits              →
//
// It may fail at any time before the 5, and the session goes on polling.
type upgrade struct {
	c       *Conn
	p       *polling
	ctx     context.Context
	cancel  context.CancelCauseFunc
	pausing bool // the server has answered the probe; guarded by Conn.mu
}

// startUpgrade begins to upgrade a session that has just begun with polling, if that is
// wanted and possible.
func (c *Conn) startUpgrade() {
	if c.cfg.NoUpgrade || !slices.Contains(c.cfg.Transports, WebSocket) || !slices.Contains(c.shake.Upgrades, WebSocket) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.state.Load() != open {
		return
	}
	p, _ := c.transport().(*polling)
	u := &upgrade{c: c, p: p}
	u.ctx, u.cancel = context.WithCancelCause(c.ctx)
	c.upgrade = u
	c.live++
	go u.run()
}

// hurry has an upgrade of a session that is closing end soon. It is given up, but if it
// waits for nothing but the end of polling.
func (u *upgrade) hurry() {
	u.c.mu.Lock()
	pausing := u.pausing
	u.c.mu.Unlock()
	if !pausing {
		u.cancel(ErrClosed)
	}
}

func (u *upgrade) run() {
	c := u.c
	defer c.release()
	timeout := time.AfterFunc(upgradePatience, func() { u.cancel(errPatience) })
	err := u.try()
	timeout.Stop()
	u.cancel(nil)
	if c.state.Load() == closed {
		err = ErrClosed
	}
	c.mu.Lock()
	c.upgrade = nil
	ending := c.state.Load() == closing
	c.mu.Unlock()
	if err == nil {
		if hook := c.cfg.Observer.Upgraded; hook != nil {
			hook(WebSocket)
		}
	} else if hook := c.cfg.Observer.UpgradeFailed; hook != nil {
		hook(WebSocket, err)
	}
	if ending {
		c.endTransport()
	}
}

// try upgrades the session, or leaves it as it was.
func (u *upgrade) try() error {
	c := u.c
	conn, err := c.cfg.dialSocket(u.ctx, c.cfg.request(WebSocket, c.shake.SID))
	if err != nil {
		return u.why(err)
	}
	t := newWebSocket(c, conn, probes)
	c.hold() // until Gone
	conn.Start(t)
	if conn.Enqueue(retained(probeFrame)) == nil {
		conn.Flush()
	}
	select {
	case err = <-t.answer:
	case <-u.ctx.Done():
		err = u.ctx.Err()
	}
	if err == nil && !u.pause() {
		err = ErrClosed
	}
	if err != nil {
		t.discard()
		return u.why(err)
	}
	quiet := u.p.suspend()
	select {
	case <-quiet:
		err = u.complete(t)
	case <-t.dead:
		err = failed(WebSocket, webSocketError, io.EOF)
	case <-u.ctx.Done():
		err = u.ctx.Err()
	}
	if err != nil {
		t.discard()
		u.p.proceed()
		return u.why(err)
	}
	return nil
}

// pause says that from now on Close waits for the upgrade, and reports false if it was
// called before.
func (u *upgrade) pause() bool {
	u.c.mu.Lock()
	defer u.c.mu.Unlock()
	u.pausing = u.c.state.Load() == open
	return u.pausing
}

// why returns the cause of an end that is not the candidate's fault.
func (u *upgrade) why(err error) error {
	if u.ctx.Err() == nil {
		return err
	}
	if cause := context.Cause(u.ctx); cause == errPatience {
		return failed(WebSocket, probeError, cause)
	}
	return ErrClosed
}

// discard ends a candidate.
func (t *webSocket) discard() {
	t.mu.Lock()
	t.stage.Store(useless)
	t.mu.Unlock()
	t.conn.Close(0, "")
	context.AfterFunc(t.c.ctx, t.conn.CloseNow) // the session does not wait for that
}

// complete makes t the session's transport.
func (u *upgrade) complete(t *webSocket) error {
	for {
		err := u.p.move(t)
		if err == nil {
			t.conn.Flush()
		}
		if err != ErrQueueFull {
			return err
		}
		// The probe has been answered, but does not count as written yet.
		select {
		case <-t.conn.More():
		case <-u.ctx.Done():
			return u.ctx.Err()
		}
	}
}

// move makes t the session's transport, in place of p, on which no request is under way.
// What waits moves over before anything else can be sent on t, so that the order of
// messages holds. With an error, all is as it was.
func (p *polling) move(t *webSocket) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case p.state > ending:
		return ErrClosed
	case t.stage.Load() != probed:
		return failed(WebSocket, webSocketError, io.EOF)
	}
	frames := append(make([]*frame.Frame, 0, 1+len(p.queue)), upgradeFrame)
	frames = append(frames, p.queue...)
	for i, f := range frames {
		frames[i] = p.c.cfg.frame(retained(f))
	}
	err := t.conn.Enqueue(frames...)
	if errors.Is(err, ws.ErrQueueFull) {
		return ErrQueueFull
	}
	if err != nil {
		return failed(WebSocket, webSocketError, err)
	}
	t.stage.Store(carries)
	p.c.setTransport(t)
	for _, f := range p.queue {
		f.Release()
	}
	p.queue, p.bytes, p.state = nil, 0, moved
	p.freed()
	return nil
}

package load

import (
	"bytes"
	"fmt"
	"time"

	"github.com/gosio/sio/bench/result"
)

const stormClients = 32

// farewell is what a client sends when it leaves: Socket.IO's DISCONNECT, and
// WebSocket's close frame with the status 1000.
func (w *websocket) farewell(t Target) {
	if !t.Raw {
		w.text("41")
	}
	w.send(opClose, []byte{0x03, 0xe8})
}

// storm measures clients that connect over WebSocket, join, and leave again.
// One that talks to a raw server has its "40" sent back instead of joining.
func storm(t Target, d time.Duration) (result.Measure, error) {
	return with(func(l *loop) (result.Measure, error) {
		c := newTally()
		var come func()
		come = func() {
			w, err := l.dial(t.Addr, "")
			if err != nil {
				l.fail(err)
				return
			}
			began, left := l.now, false
			leave := func() {
				left = true
				w.farewell(t)
			}
			w.message = l.entrance(t, w, leave)
			if t.Raw {
				w.message = func(op byte, payload []byte) {
					if op == 0 {
						w.text("40")
						return
					}
					l.expect(payload, []byte("40"))
					leave()
				}
			}
			w.end = func(err error) {
				if !left {
					l.fail(fmt.Errorf("connection lost: %w", err))
					return
				}
				c.done(l, began)
				come()
			}
		}
		for range stormClients {
			come()
		}
		return l.measure(t, c, d)
	})
}

// climb measures clients that connect by polling, join, upgrade to WebSocket
// while a poll waits, echo an event, and leave.
func climb(t Target, d time.Duration) (result.Measure, error) {
	return with(func(l *loop) (result.Measure, error) {
		c := newTally()
		var come func()
		come = func() {
			k := &climber{target: t, began: l.now}
			k.done = func() {
				c.done(l, k.began)
				come()
			}
			if err := k.start(l); err != nil {
				l.fail(err)
			}
		}
		for range stormClients {
			come()
		}
		return l.measure(t, c, d)
	})
}

// climber is one client of climb, on two connections, as browsers have them.
type climber struct {
	target Target
	poll   *poller
	ws     *websocket
	began  time.Time
	done   func()
	left   bool
}

func (k *climber) start(l *loop) (err error) {
	k.poll, err = l.poller(k.target, func() {
		k.poll.get(func(body []byte) { // waits until the upgrade ends it
			l.expect(body, []byte("6"))
			k.ws.text("5")
			k.ws.send(opText, appendEcho(nil, 0, 0))
			k.ws.flush()
		})
		k.ws, err = l.dial(k.target.Addr, "&sid="+k.poll.sid)
		if err != nil {
			l.fail(err)
			return
		}
		k.ws.message = k.message
		k.ws.end = k.end
	})
	return err
}

func (k *climber) message(op byte, payload []byte) {
	switch {
	case op == 0:
		k.ws.text("2probe")
	case bytes.Equal(payload, []byte("3probe")): // the poll is ended now
	default:
		k.ws.loop.expect(payload, appendEcho(nil, 0, 0))
		k.left = true
		k.ws.farewell(k.target)
	}
}

func (k *climber) end(err error) {
	if !k.left {
		k.ws.loop.fail(fmt.Errorf("connection lost: %w", err))
		return
	}
	k.poll.stream.close()
	k.done()
}

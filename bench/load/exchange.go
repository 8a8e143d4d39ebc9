package load

import (
	"strconv"
	"time"

	"github.com/gosio/sio/bench/result"
)

// An exchange is a question that a client asks over and over, and its answer.
type exchange struct {
	ask    func(dst []byte, client, seq int) []byte
	answer func(dst []byte, client, seq int) []byte // of a Socket.IO server; a raw one sends the question back
}

var echo = exchange{ask: appendEcho, answer: appendEcho}

func appendEcho(dst []byte, client, seq int) []byte {
	dst = append(dst, `42["echo","`...)
	return append(appendText(dst, client, seq), `"]`...)
}

var call = exchange{
	ask: func(dst []byte, client, seq int) []byte {
		dst = strconv.AppendInt(append(dst, "42"...), int64(seq), 10)
		dst = append(dst, `["call","`...)
		return append(appendText(dst, client, seq), `"]`...)
	},
	answer: func(dst []byte, client, seq int) []byte {
		dst = strconv.AppendInt(append(dst, "43"...), int64(seq), 10)
		dst = append(dst, `["`...)
		return append(appendText(dst, client, seq), `"]`...)
	},
}

// inFlight is the most questions that a client has open.
const inFlight = 16

// asker is a client that has some questions open all the time.
type asker struct {
	*websocket
	exchange
	number    int
	sent, got int
	began     [inFlight]time.Time
	buf       []byte
}

func (a *asker) next() {
	a.buf = a.ask(a.buf[:0], a.number, a.sent)
	a.send(opText, a.buf)
	a.began[a.sent%inFlight] = a.loop.now
	a.sent++
}

// take handles an answer: they come in the order of the questions.
func (a *asker) take(c *tally, payload []byte) {
	a.buf = a.answer(a.buf[:0], a.number, a.got)
	a.loop.expect(payload, a.buf)
	c.done(a.loop, a.began[a.got%inFlight])
	a.got++
}

// askers connects clients that do not ask yet.
func (l *loop) askers(t Target, x exchange, clients int) ([]*asker, error) {
	ws, err := l.joinAll(t, clients)
	if err != nil {
		return nil, err
	}
	if t.Raw {
		x.answer = x.ask
	}
	all := make([]*asker, clients)
	for i, w := range ws {
		all[i] = &asker{websocket: w, exchange: x, number: i}
	}
	return all, nil
}

// converse measures clients that each have open questions all the time.
func converse(x exchange, clients, open int) func(Target, time.Duration) (result.Measure, error) {
	return func(t Target, d time.Duration) (result.Measure, error) {
		return with(func(l *loop) (result.Measure, error) {
			all, err := l.askers(t, x, clients)
			if err != nil {
				return result.Measure{}, err
			}
			c := newTally()
			for _, a := range all {
				a.message = func(_ byte, payload []byte) {
					a.take(c, payload)
					a.next()
				}
				for range open {
					a.next()
				}
				a.flush()
			}
			return l.measure(t, c, d)
		})
	}
}

// Pace measures the latency of echoes, one in flight, asked for at a fixed
// rate by a hundred clients in turn, whatever the answers do. It is counted
// from the moment when the question was due.
func Pace(rate float64) func(Target, time.Duration) (result.Measure, error) {
	return func(t Target, d time.Duration) (result.Measure, error) {
		return with(func(l *loop) (result.Measure, error) {
			all, err := l.askers(t, echo, 100)
			if err != nil {
				return result.Measure{}, err
			}
			c := newTally()
			for _, a := range all {
				a.message = func(_ byte, payload []byte) { a.take(c, payload) }
			}
			l.wait = time.Millisecond
			began, asked := time.Now(), 0
			l.each = func() {
				for due := int(l.now.Sub(began).Seconds() * rate); asked < due; asked++ {
					a := all[asked%len(all)]
					if a.sent-a.got == inFlight {
						break // the server is that far behind: latency shows it
					}
					a.next()
					a.began[(a.sent-1)%inFlight] = began.Add(time.Duration(float64(asked) / rate * float64(time.Second)))
					a.flush()
				}
			}
			return l.measure(t, c, d)
		})
	}
}

package load

import (
	"fmt"
	"time"

	"github.com/gosio/sio/bench/result"
)

// appendCast appends a broadcast as its receivers see it; asked for, it has
// the room before the text.
func appendCast(dst []byte, seq int) []byte {
	dst = append(dst, `42["cast","`...)
	return append(appendText(dst, 0, seq), `"]`...)
}

func askCast(dst []byte, room string, seq int) []byte {
	dst = append(dst, `42["cast","`...)
	dst = append(dst, room...)
	dst = append(dst, `","`...)
	return append(appendText(dst, 0, seq), `"]`...)
}

// caster has one broadcast under way, to all of its receivers, of which it
// may be one, and asks for the next when all have it.
type caster struct {
	from      *websocket
	room      string
	receivers int
	raw       bool
	tally     *tally
	next      func() // called when all have it

	seq, missing int
	began        time.Time
	want, buf    []byte
}

func (c *caster) cast() {
	c.seq++
	c.missing = c.receivers
	c.buf = askCast(c.buf[:0], c.room, c.seq)
	c.want = appendCast(c.want[:0], c.seq)
	if c.raw {
		c.want = append(c.want[:0], c.buf...)
	}
	c.began = c.from.loop.now
	c.from.send(opText, c.buf)
	c.from.flush()
}

// receive makes a client one that the broadcasts reach.
func (c *caster) receive(w *websocket) {
	had := c.seq
	w.message = func(_ byte, payload []byte) {
		w.loop.expect(payload, c.want)
		if had++; had != c.seq {
			w.loop.strange(payload, fmt.Appendf(nil, "broadcast %d", had))
		}
		c.tally.done(w.loop, c.began)
		if c.missing--; c.missing == 0 {
			c.next()
		}
	}
}

// castAll measures broadcasts to so many clients, one at a time.
func castAll(clients int) func(Target, time.Duration) (result.Measure, error) {
	return func(t Target, d time.Duration) (result.Measure, error) {
		return with(func(l *loop) (result.Measure, error) {
			ws, err := l.joinAll(t, clients)
			if err != nil {
				return result.Measure{}, err
			}
			c := &caster{from: ws[0], receivers: clients, raw: t.Raw, tally: newTally()}
			c.next = c.cast
			for _, w := range ws {
				c.receive(w)
			}
			c.cast()
			return l.measure(t, c.tally, d)
		})
	}
}

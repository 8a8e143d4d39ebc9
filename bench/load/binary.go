package load

import (
	"encoding/binary"
	"time"

	"github.com/gosio/sio/bench/result"
)

const (
	binaryClients = 20
	binarySize    = 64 << 10
)

// binaryHead is the text packet before the attachment, the same both ways.
const binaryHead = `451-["bin",{"_placeholder":true,"num":0}]`

// sender is a client with one binary event of 64 KiB in flight. The number of
// the event is in its attachment, in eight bytes at each end.
type sender struct {
	*websocket
	data  []byte
	seq   uint64
	began time.Time
	head  bool // the text packet has come
}

func (s *sender) next() {
	binary.BigEndian.PutUint64(s.data, s.seq)
	binary.BigEndian.PutUint64(s.data[len(s.data)-8:], s.seq)
	s.text(binaryHead)
	s.send(opBinary, s.data)
	s.began = s.loop.now
	s.seq++
}

func (s *sender) take(c *tally, op byte, payload []byte) {
	if !s.head {
		s.loop.expect(payload, []byte(binaryHead))
		s.head = true
		return
	}
	s.head = false
	if op != opBinary {
		s.loop.strange(payload, []byte("a binary frame"))
	}
	s.loop.expect(payload, s.data)
	c.done(s.loop, s.began)
	s.next()
}

func binaryEcho(t Target, d time.Duration) (result.Measure, error) {
	return with(func(l *loop) (result.Measure, error) {
		ws, err := l.joinAll(t, binaryClients)
		if err != nil {
			return result.Measure{}, err
		}
		c := newTally()
		for i, w := range ws {
			s := &sender{websocket: w, data: make([]byte, binarySize), seq: uint64(i) << 32}
			for j := range s.data {
				s.data[j] = byte(j * (i + 7))
			}
			w.message = func(op byte, payload []byte) { s.take(c, op, payload) }
			s.next()
			s.flush()
		}
		return l.measure(t, c, d)
	})
}

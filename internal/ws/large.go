package ws

import (
	"github.com/gobwas/ws"

	"github.com/gosio/sio/internal/buf"
)

// Large is the length from which on a message is memory of buf.Take that the
// Handler owns: 16 KiB. So it is not copied from one place to another.
const Large = 16 << 10

// largeFrame is a frame of a message whose payload is read to where it stays.
type largeFrame struct {
	header
	payload []byte // what has come of it, unmasked
}

// begin takes what has come of a large frame. Memory is made for no more than
// a few times of that, or as much as the one before had, so that it is only
// spent on peers that send.
func (r *reader) begin(h header, payload []byte) {
	l := &largeFrame{header: h}
	l.payload = buf.Take(min(h.length, max(4*len(payload), r.expect, headSize)))[:0]
	r.large = l
	copy(l.room(), payload)
	l.took(len(payload))
}

// room returns where the payload goes on.
func (l *largeFrame) room() []byte {
	return l.payload[len(l.payload):min(cap(l.payload), l.length)]
}

// took counts what has been put there.
func (l *largeFrame) took(n int) {
	begin := len(l.payload)
	l.payload = l.payload[:begin+n]
	if l.masked {
		ws.Cipher(l.payload[begin:], l.mask, begin)
	}
	if len(l.payload) == cap(l.payload) && begin+n < l.length {
		larger := buf.Take(min(l.length, 4*(begin+n)))[:begin+n]
		copy(larger, l.payload)
		buf.Give(l.payload)
		l.payload = larger
	}
}

// more handles what has been read of the large frame, which is whole then or not.
func (r *reader) more(c *Conn, n int) error {
	l := r.large
	l.took(n)
	if len(l.payload) < l.length {
		return nil
	}
	r.large, r.expect = nil, l.length
	defer r.caughtUp(c)
	if !l.fin || l.rsv1 || l.opcode == opContinuation { // it is only a part of a message
		defer buf.Give(l.payload)
		return r.data(c, l.header, l.payload, false)
	}
	return r.data(c, l.header, l.payload, true)
}

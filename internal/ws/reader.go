package ws

import (
	"unicode/utf8"

	"github.com/gobwas/ws"

	"github.com/gosio/sio/internal/buf"
)

// reader is what a connection knows between two reads. An idle one holds no buffer.
type reader struct {
	maxMessage int
	client     bool // this is the client's end: frames of the peer are not masked
	inflates   bool // permessage-deflate was negotiated
	handed     bool // the handler has got messages, and was not told yet that it has caught up

	partial *buf.Buffer     // what was read and not consumed, as it is not whole; nil if nothing
	large   *largeFrame     // that comes; nil outside of one
	expect  int             // a large frame of so many bytes may come, like the one before; 0: nothing says so
	wait    <-chan struct{} // nothing is consumed until it is closed; nil: go on

	message    *buf.Buffer // the fragments of a message so far; nil outside of one
	opcode     byte        // of that message
	compressed bool        // that message
}

// consume handles the complete frames at the beginning of p, until the handler
// wants to wait. It returns how many bytes they took, and how many the next
// frame needs in all, as far as that is known. It changes p.
func (r *reader) consume(c *Conn, p []byte) (n, need int, err error) {
	for r.wait == nil {
		h, err := r.header(p[n:])
		if err != nil {
			return n, 0, err
		}
		if h.size == 0 || len(p)-n < h.size+h.length {
			if h.length < Large {
				return n, h.size + h.length, nil
			}
			r.begin(h, p[n+h.size:])
			return len(p), 0, nil
		}
		payload := p[n+h.size : n+h.size+h.length]
		if h.masked {
			ws.Cipher(payload, h.mask, 0)
		}
		n += h.size + h.length
		if h.opcode >= opClose {
			err = c.control(h.opcode, payload)
		} else {
			err = r.data(c, h, payload, false)
		}
		if err != nil {
			return n, 0, err
		}
	}
	return n, 0, nil
}

// data handles a frame of a message. keep says that its payload is memory of
// buf.Take that nobody else uses.
func (r *reader) data(c *Conn, h header, payload []byte, keep bool) error {
	if h.opcode != opContinuation {
		if h.fin {
			return r.deliver(c, h.opcode, h.rsv1, payload, keep)
		}
		r.message = buf.Get(len(payload))
		r.opcode, r.compressed = h.opcode, h.rsv1
	}
	r.message.Grow(len(payload))
	r.message.B = append(r.message.B, payload...)
	if !h.fin {
		return nil
	}
	whole := r.message
	r.message = nil
	defer whole.Release()
	return r.deliver(c, r.opcode, r.compressed, whole.B, false)
}

func (r *reader) deliver(c *Conn, opcode byte, compressed bool, payload []byte, keep bool) error {
	if compressed {
		plain, err := inflate(payload, r.maxMessage)
		if err != nil {
			return err
		}
		defer plain.Release()
		payload, keep = plain.B, false
	}
	if opcode == opText && !utf8.Valid(payload) {
		return &ProtocolError{1007, "text that is not UTF-8"}
	}
	if len(payload) >= Large && !keep {
		own := buf.Take(len(payload))
		copy(own, payload)
		payload = own
	}
	r.handed = true
	r.wait = c.handler.Message(payload, opcode == opBinary)
	return nil
}

// into returns where to read to next: behind what has come of a frame, or
// into scratch.
func (r *reader) into(scratch []byte) []byte {
	switch {
	case r.large != nil:
		return r.large.room()
	case r.partial != nil:
		return r.partial.B[len(r.partial.B):cap(r.partial.B)]
	case r.expect > 0 && len(scratch) > headSize:
		return scratch[:headSize]
	}
	return scratch
}

// headSize is what is read first when a large frame may come: enough to see it,
// so that most of it is read to where it stays.
const headSize = 2 << 10

// took consumes what was read to where into said.
func (r *reader) took(c *Conn, data []byte) error {
	switch {
	case r.large != nil:
		return r.more(c, len(data))
	case r.partial != nil:
		r.partial.B = r.partial.B[:len(r.partial.B)+len(data)]
		return r.rest(c)
	}
	err := r.handle(c, data)
	if r.large == nil && len(data) == headSize {
		r.expect = 0 // there is much, but nothing large
	}
	return err
}

// rest consumes what is held, if something is.
func (r *reader) rest(c *Conn) error {
	if r.partial == nil {
		return nil
	}
	return r.handle(c, r.partial.B)
}

func (r *reader) handle(c *Conn, data []byte) error {
	used, need, err := r.consume(c, data)
	if err == nil {
		r.keep(data, used, need)
	}
	r.caughtUp(c)
	return err
}

// caughtUp tells the handler, if it has got messages since it was told last.
func (r *reader) caughtUp(c *Conn) {
	if !r.handed {
		return
	}
	r.handed = false
	if wait := c.handler.CaughtUp(); wait != nil {
		r.wait = wait
	}
}

// keep holds what consume has left for the next read. data is what it was
// given: the partial buffer, if there is one.
func (r *reader) keep(data []byte, used, need int) {
	left := data[used:]
	switch b := r.partial; {
	case len(left) == 0:
		if b != nil {
			b.Release()
			r.partial = nil
		}
	case b == nil || used > 0 && cap(b.B) > largeBuffer && len(left) <= largeBuffer/4:
		r.partial = buf.Get(len(left) + room(len(left), need))
		r.partial.B = append(r.partial.B, left...)
		if b != nil {
			b.Release()
		}
	default:
		b.B = b.B[:copy(b.B, left)]
		b.Grow(room(len(b.B), need))
	}
}

// A buffer that grew beyond largeBuffer is not kept for the first bytes of the
// next frame.
const largeBuffer = 16 << 10

// room returns how much room is made for the rest of a frame of which there
// are have bytes and that needs so many in all: no more than a few times of what
// has come, so that memory is only spent on peers that send.
func room(have, need int) int {
	return max(min(need-have, 3*have), minRoom)
}

// minRoom is what one read brings at least, if it is there.
const minRoom = 1024

func (r *reader) release() {
	if r.large != nil {
		buf.Give(r.large.payload)
		r.large = nil
	}
	if r.message != nil {
		r.message.Release()
		r.message = nil
	}
	if r.partial != nil {
		r.partial.Release()
		r.partial = nil
	}
}

package ws

import (
	"encoding/binary"
	"math"
)

const (
	opContinuation = 0x0
	opText         = 0x1
	opBinary       = 0x2
	opClose        = 0x8
	opPing         = 0x9
	opPong         = 0xa
)

// header is the head of a frame (RFC 6455 section 5.2).
type header struct {
	fin, rsv1 bool
	masked    bool
	opcode    byte
	mask      [4]byte
	size      int // of the head itself
	length    int // of the payload
}

// header decodes the head of the frame that p begins with, and checks all that
// can be known from it, so that a frame that is not allowed is refused before
// its payload is waited for. size is 0 if there is not enough of it yet.
func (r *reader) header(p []byte) (h header, err error) {
	if len(p) < 2 {
		return header{}, nil
	}
	h = header{fin: p[0]&0x80 != 0, rsv1: p[0]&0x40 != 0, opcode: p[0] & 0x0f}
	if err := r.allowed(h, p[0]&0x30 != 0, p[1]&0x80 != 0, p[1]&0x7f); err != nil {
		return header{}, err
	}
	h.masked = !r.client
	length, size := uint64(p[1]&0x7f), 2
	if h.masked {
		size += len(h.mask)
	}
	switch length {
	case 126:
		if size += 2; len(p) < size {
			return header{}, nil
		}
		length = uint64(binary.BigEndian.Uint16(p[2:]))
	case 127:
		if size += 8; len(p) < size {
			return header{}, nil
		}
		length = binary.BigEndian.Uint64(p[2:])
	}
	if length > math.MaxInt64 {
		return header{}, &ProtocolError{1002, "frame length out of range"}
	}
	if h.opcode < opClose && length > uint64(r.limit(h)) {
		return header{}, ErrMessageTooBig
	}
	if len(p) < size {
		return header{}, nil
	}
	if h.masked {
		copy(h.mask[:], p[size-len(h.mask):size])
	}
	h.size, h.length = size, int(length)
	return h, nil
}

// limit returns how many bytes the message that a frame belongs to may still have.
func (r *reader) limit(h header) int {
	limit, compressed := r.maxMessage, h.rsv1
	if limit == 0 {
		limit = math.MaxInt - 1<<20 // so that the sum with a header is a number
	}
	if r.message != nil {
		limit -= len(r.message.B)
		compressed = r.compressed
	}
	if compressed && r.maxMessage > 0 {
		// What does not compress gets a little larger; inflate has the exact limit.
		limit += r.maxMessage>>8 + 64
	}
	return limit
}

// allowed checks what the first two bytes of a frame say.
func (r *reader) allowed(h header, rsv23, masked bool, length byte) error {
	fail := func(text string) error { return &ProtocolError{1002, text} }
	switch {
	case rsv23:
		return fail("reserved bits set")
	case h.rsv1 && (!r.inflates || h.opcode == opContinuation || h.opcode >= opClose):
		return fail("reserved bit 1 set")
	case masked && r.client:
		return fail("frame masked")
	case !masked && !r.client:
		return fail("frame not masked")
	}
	switch h.opcode {
	case opContinuation:
		if r.message == nil {
			return fail("continuation of no message")
		}
	case opText, opBinary:
		if r.message != nil {
			return fail("message within a fragmented message")
		}
	case opClose, opPing, opPong:
		if !h.fin {
			return fail("fragmented control frame")
		}
		if length > 125 {
			return fail("control frame too long")
		}
	default:
		return fail("reserved opcode")
	}
	return nil
}

// Package frame is WebSocket's framing (RFC 6455, section 5.2) as the raw
// servers of the bench need it: no checks, no copy, no allocation.
package frame

import (
	"encoding/binary"
	"errors"

	"github.com/gobwas/ws"
)

// Max is the largest payload that Split takes, as in Engine.IO's default
// limits.
const Max = 1_000_000

// ErrTooLarge says that a frame announces more than Max.
var ErrTooLarge = errors.New("frame: too large")

// FinalText is the first byte of a whole text message.
const FinalText = 0x80 | byte(ws.OpText)

// Split returns the first frame of data: its first byte (which has the
// opcode), its payload, unmasked in place, and its length with the header,
// which is 0 while the frame is not whole.
func Split(data []byte) (first byte, payload []byte, length int, err error) {
	if len(data) < 2 {
		return 0, nil, 0, nil
	}
	head, n := 2, uint64(data[1]&0x7f)
	switch n {
	case 126:
		if len(data) < 4 {
			return 0, nil, 0, nil
		}
		head, n = 4, uint64(binary.BigEndian.Uint16(data[2:]))
	case 127:
		if len(data) < 10 {
			return 0, nil, 0, nil
		}
		head, n = 10, binary.BigEndian.Uint64(data[2:])
	}
	if n > Max {
		return 0, nil, 0, ErrTooLarge
	}
	start := head + 4 // the mask
	length = start + int(n)
	if len(data) < length {
		return 0, nil, 0, nil
	}
	payload = data[start:length]
	ws.Cipher(payload, [4]byte(data[head:start]), 0)
	return data[0], payload, length, nil
}

// Append appends a frame as servers send it: without a mask, and so at least
// four bytes shorter than the frame of a client with that payload.
func Append(dst []byte, first byte, payload []byte) []byte {
	dst = append(dst, first)
	switch n := len(payload); {
	case n < 126:
		dst = append(dst, byte(n))
	case n < 1<<16:
		dst = binary.BigEndian.AppendUint16(append(dst, 126), uint16(n))
	default:
		dst = binary.BigEndian.AppendUint64(append(dst, 127), uint64(n))
	}
	return append(dst, payload...)
}

package ws

import (
	"encoding/binary"
	"math/rand/v2"

	"github.com/gobwas/ws"

	"github.com/gosio/sio/internal/buf"
)

// maskSize is how many bytes a key adds to the head of a frame.
const maskSize = 4

// mask is gather for a client, whose frames are masked (RFC 6455 section 5.3).
// Frames are shared, and borrowed memory is somebody else's, so everything is
// copied, and the copy masked.
func (b *batch) mask(c *Conn) {
	size := len(b.pong) + len(b.closing) + 2*maskSize
	for _, f := range b.frames {
		size += len(c.view(f)) + len(f.Borrowed()) + maskSize
	}
	b.small = buf.Get(size)
	out := b.small.B
	if b.pong != nil {
		out = appendMasked(out, b.pong, nil)
	}
	for _, f := range b.frames {
		out = appendMasked(out, c.view(f), f.Borrowed())
	}
	if b.closing != nil {
		out = appendMasked(out, b.closing, nil)
	}
	b.small.B = out
	b.out = append(b.out, out)
}

// appendMasked appends an unmasked frame, the end of which may be in rest,
// as a masked one. Each gets a key of its own that who has chosen the payload
// cannot foresee, so that nobody can have a client send bytes that a proxy takes
// for something else (section 10.3). Those of package rand come from ChaCha8,
// which the runtime seeds with randomness of the system.
func appendMasked(dst, frame, rest []byte) []byte {
	head := 2
	switch frame[1] {
	case 126:
		head += 2
	case 127:
		head += 8
	}
	var key [maskSize]byte
	binary.NativeEndian.PutUint32(key[:], rand.Uint32())
	dst = append(dst, frame[0], frame[1]|0x80)
	dst = append(dst, frame[2:head]...)
	dst = append(dst, key[:]...)
	payload := len(dst)
	dst = append(dst, frame[head:]...)
	dst = append(dst, rest...)
	ws.Cipher(dst[payload:], key, 0)
	return dst
}

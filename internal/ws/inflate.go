package ws

import (
	"bytes"
	"compress/flate"
	"io"
	"sync"

	"github.com/gosio/sio/internal/buf"
)

// inflater is a pooled decompressor; its window is the expensive part.
type inflater struct {
	payload bytes.Reader
	tail    bytes.Reader
	reader  io.ReadCloser
}

// syncTail is the marker that the sender leaves out, and an empty final block
// so that the decompressor sees an end (RFC 7692 section 7.2.2).
var syncTail = []byte{0, 0, 0xff, 0xff, 1, 0, 0, 0xff, 0xff}

var inflaters = sync.Pool{New: func() any { return &inflater{reader: flate.NewReader(nil)} }}

// inflate decompresses a message, as far as it does not exceed limit.
func inflate(payload []byte, limit int) (*buf.Buffer, error) {
	z := inflaters.Get().(*inflater)
	defer inflaters.Put(z)
	z.payload.Reset(payload)
	z.tail.Reset(syncTail)
	_ = z.reader.(flate.Resetter).Reset(io.MultiReader(&z.payload, &z.tail), nil) // never fails
	out := buf.Get(2 * len(payload))
	for {
		out.Grow(512)
		n, err := z.reader.Read(out.B[len(out.B):cap(out.B)])
		out.B = out.B[:len(out.B)+n]
		switch {
		case limit > 0 && len(out.B) > limit:
			out.Release()
			return nil, ErrMessageTooBig
		case err == io.EOF:
			return out, nil
		case err != nil:
			out.Release()
			return nil, &ProtocolError{1007, "compressed data is broken"}
		}
	}
}

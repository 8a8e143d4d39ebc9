package ws

import (
	"compress/flate"
	"io"
	"sync"

	"github.com/gosio/sio/internal/buf"
)

// inflater is a pooled decompressor; its window is the expensive part.
type inflater struct {
	source source
	reader io.ReadCloser
}

var inflaters = sync.Pool{New: func() any {
	z := new(inflater)
	z.reader = flate.NewReader(&z.source)
	return z
}}

// inflate decompresses a message, as far as it does not exceed limit.
func inflate(payload []byte, limit int) (*buf.Buffer, error) {
	z := inflaters.Get().(*inflater)
	z.source = source{payload, syncTail}
	_ = z.reader.(flate.Resetter).Reset(&z.source, nil) // never fails
	out, err := z.readAll(buf.Get(len(payload)), limit)
	z.source = source{} // the pool shall not hold the payload
	inflaters.Put(z)
	if err != nil {
		out.Release()
		return nil, err
	}
	return out, nil
}

// readAll reads into out until the end. What it takes grows with what comes,
// and stays below twice the limit.
func (z *inflater) readAll(out *buf.Buffer, limit int) (*buf.Buffer, error) {
	for {
		out.Grow(512)
		n, err := z.reader.Read(out.B[len(out.B):cap(out.B)])
		out.B = out.B[:len(out.B)+n]
		switch {
		case limit > 0 && len(out.B) > limit:
			return out, ErrMessageTooBig
		case err == io.EOF:
			return out, nil
		case err != nil:
			return out, &ProtocolError{1007, "compressed data is broken"}
		}
	}
}

// source reads two slices, one after the other. As it is an io.ByteReader,
// package flate puts no buffer in front of it.
type source [2][]byte

// syncTail is the marker that the sender leaves out, and an empty final block
// so that the decompressor sees an end (RFC 7692 section 7.2.2).
var syncTail = []byte{0, 0, 0xff, 0xff, 1, 0, 0, 0xff, 0xff}

func (s *source) next() bool {
	if len(s[0]) == 0 {
		s[0], s[1] = s[1], nil
	}
	return len(s[0]) > 0
}

func (s *source) Read(p []byte) (int, error) {
	if !s.next() {
		return 0, io.EOF
	}
	n := copy(p, s[0])
	s[0] = s[0][n:]
	return n, nil
}

func (s *source) ReadByte() (byte, error) {
	if !s.next() {
		return 0, io.EOF
	}
	b := s[0][0]
	s[0] = s[0][1:]
	return b, nil
}

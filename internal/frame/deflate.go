package frame

import (
	"bytes"
	"compress/flate"
	"sync"

	"github.com/gosio/sio/internal/buf"
)

// deflated is the compressed form of a frame, made when the first connection
// asks for it.
type deflated struct {
	mu  sync.Mutex
	buf *buf.Buffer // Headroom bytes, then the compressed payload
	at  uint8       // where the header begins
}

// Deflated returns the packet as a WebSocket frame that is compressed by
// permessage-deflate without context takeover (RFC 7692 section 7.2.1), so
// that all connections can share it. It may be called from any goroutine.
func (f *Frame) Deflated() []byte {
	d := &f.deflated
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.buf == nil {
		d.buf = buf.Get(Headroom + f.Len()/2)
		d.buf.B = d.buf.B[:Headroom]
		deflate(d.buf, f.Payload())
		d.at = putHeader(d.buf.B[:Headroom], f.binary, true, len(d.buf.B)-Headroom)
	}
	return d.buf.B[d.at:]
}

func (d *deflated) release() {
	if d.buf != nil {
		d.buf.Release()
		d.buf = nil
	}
}

var writers = sync.Pool{New: func() any {
	w, _ := flate.NewWriter(nil, flate.BestSpeed) // fails only for a level that does not exist
	return w
}}

var tail = []byte{0, 0, 0xff, 0xff}

// deflate appends payload, compressed, to dst. Writing to memory cannot fail.
func deflate(dst *buf.Buffer, payload []byte) {
	w := writers.Get().(*flate.Writer)
	w.Reset((*appender)(dst))
	_, _ = w.Write(payload)
	_ = w.Flush()
	writers.Put(w)
	dst.B = bytes.TrimSuffix(dst.B, tail) // the sync marker is not sent
}

type appender buf.Buffer

func (a *appender) Write(p []byte) (int, error) {
	b := (*buf.Buffer)(a)
	b.Grow(len(p))
	b.B = append(b.B, p...)
	return len(p), nil
}

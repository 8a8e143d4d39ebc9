package dialer

import (
	"io"
	"sync"
	"sync/atomic"

	"github.com/gosio/sio/internal/buf"
)

// posted is the body of a POST in pooled memory, which is released when nobody reads
// it any more: net/http may do so when the request has been answered.
type posted struct {
	payload *buf.Buffer
	length  int
	refs    atomic.Int32
}

func (b *posted) release() {
	if b.refs.Add(-1) == 0 {
		b.payload.Release()
	}
}

// reader returns a reader of the whole body. There has to be a reference.
func (b *posted) reader() (io.ReadCloser, error) {
	b.refs.Add(1)
	return &postedReader{body: b, rest: b.payload.B}, nil
}

// postedReader can be closed while it is read.
type postedReader struct {
	mu   sync.Mutex
	body *posted // nil when it is closed
	rest []byte
}

func (r *postedReader) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.body == nil:
		return 0, io.ErrClosedPipe
	case len(r.rest) == 0:
		return 0, io.EOF
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

func (r *postedReader) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.body != nil {
		r.body.release()
		r.body, r.rest = nil, nil
	}
	return nil
}

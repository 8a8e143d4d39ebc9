package dialer

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/gosio/sio/internal/buf"
)

// answer is that to a GET.
type answer struct {
	body        *buf.Buffer
	contentType string
}

// maxRefusal is how much is read of an answer that is not wanted, to find out what it
// says, and so that its connection can be used again.
const maxRefusal = 4 << 10

// get polls. A sid of "" asks for a session. Errors are *TransportErrors.
func (s *settings) get(ctx context.Context, sid string) (answer, error) {
	ctx, cancel := s.within(ctx)
	defer cancel()
	// With a body, even one that is empty, net/http does not make the request again when the
	// connection is lost: what the first answer had would be lost.
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.request(Polling, sid), once{strings.NewReader("")})
	if err != nil {
		return answer{}, failed(Polling, pollError, err)
	}
	req.Header, req.Host = s.headers("Accept", "*/*")
	resp, err := s.do(req)
	if err != nil {
		return answer{}, failed(Polling, pollError, err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return answer{}, refused(Polling, pollError, resp.StatusCode, rejection(resp))
	}
	body, err := readAll(resp.Body, s.MaxMessage)
	if err != nil {
		return answer{}, failed(Polling, pollError, err)
	}
	return answer{body, resp.Header.Get("Content-Type")}, nil
}

// once is a body that net/http does not know, and so cannot have again.
type once struct{ io.Reader }

func (once) Close() error { return nil }

// post sends a payload, which is released. Errors are *TransportErrors.
func (s *settings) post(ctx context.Context, sid string, payload *buf.Buffer, contentType string) error {
	ctx, cancel := s.within(ctx)
	defer cancel()
	body := &posted{payload: payload, length: len(payload.B)}
	body.refs.Store(1)
	defer body.release()
	first, _ := body.reader()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.request(Polling, sid), first)
	if err != nil {
		_ = first.Close()
		return failed(Polling, postError, err)
	}
	req.ContentLength = int64(body.length)
	req.GetBody = body.reader // which is for redirects, and connections that nothing could be written to
	req.Header, req.Host = s.headers("Accept", "*/*", "Content-Type", contentType)
	resp, err := s.do(req)
	if err != nil {
		return failed(Polling, postError, err)
	}
	defer func() { _ = resp.Body.Close() }()
	said := rejection(resp)
	if resp.StatusCode != http.StatusOK {
		return refused(Polling, postError, resp.StatusCode, said)
	}
	return nil
}

func (s *settings) within(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.RequestTimeout > 0 {
		return context.WithTimeout(ctx, s.RequestTimeout)
	}
	return ctx, func() {}
}

// rejection reads what an answer says, as far as it comes.
func rejection(resp *http.Response) []byte {
	said, _ := io.ReadAll(io.LimitReader(resp.Body, maxRefusal))
	return said
}

// readAll reads a body of at most limit bytes, if that is not 0, in memory that grows
// with what has arrived.
func readAll(r io.Reader, limit int) (*buf.Buffer, error) {
	b := buf.Get(512)
	for {
		if len(b.B) == cap(b.B) {
			b.Grow(1)
		}
		n, err := r.Read(b.B[len(b.B):cap(b.B)])
		b.B = b.B[:len(b.B)+n]
		switch {
		case limit > 0 && len(b.B) > limit:
			b.Release()
			return nil, errTooLarge
		case err == io.EOF:
			return b, nil
		case err != nil:
			b.Release()
			return nil, err
		}
	}
}

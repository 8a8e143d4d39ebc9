package dialer

import (
	"context"
	"io"
	"net/http"
	"sync/atomic"
)

// do makes a request by fetch.
func (s *settings) do(req *http.Request) (*http.Response, error) {
	if s.WithCredentials {
		req.Header.Set("js.fetch:credentials", "include") // which is for net/http
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	b := &fetched{stream: resp.Body, ctx: req.Context()}
	b.stop = context.AfterFunc(b.ctx, b.cancel)
	resp.Body = b
	return resp, nil
}

// fetched is the body of an answer, of which net/http, in browsers only, does two things
// otherwise: reading does not end with the context, and closing after reading has failed
// makes an exception that nobody catches.
type fetched struct {
	stream io.ReadCloser
	ctx    context.Context
	stop   func() bool
	over   atomic.Bool // it was read to its end, or canceled
}

func (b *fetched) Read(p []byte) (int, error) {
	n, err := b.stream.Read(p)
	if err != nil {
		b.over.Store(true)
	}
	if b.ctx.Err() != nil { // which looks like the end of the body
		return 0, context.Cause(b.ctx)
	}
	return n, err
}

func (b *fetched) cancel() {
	if !b.over.Swap(true) {
		_ = b.stream.Close()
	}
}

func (b *fetched) Close() error {
	b.stop()
	b.cancel()
	return nil
}

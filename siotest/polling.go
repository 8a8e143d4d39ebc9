package siotest

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	"github.com/gosio/sio/wire/eio"
)

// polling carries a session over HTTP long-polling.
type polling struct {
	polls, posts *lane
	url          string
	maxPayload   int
	rest         []byte // of the first answer, behind the handshake

	ctx    context.Context // of all requests
	cancel context.CancelFunc
	pause  chan struct{} // closed to let no poll follow
	paused chan struct{} // closed when none will
}

func (s *session) startPolling(ctx context.Context) (carrier, eio.Packet, error) {
	p := &polling{polls: &lane{link: s.link, o: &s.o}, posts: &lane{link: s.link, o: &s.o}, pause: make(chan struct{}), paused: make(chan struct{})}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	body, err := p.polls.request(ctx, http.MethodGet, s.o.url(Polling, ""), "", nil, http.StatusOK)
	if err != nil {
		return nil, eio.Packet{}, err
	}
	body, rest, _ := bytes.Cut(body, []byte{eio.Separator})
	first, err := eio.ParsePacket(body)
	if err != nil {
		return nil, eio.Packet{}, err
	}
	p.rest = rest
	return p, first, nil
}

// begin sets what the handshake told.
func (c *polling) begin(h eio.Handshake) {
	c.url, c.maxPayload = c.polls.o.url(Polling, h.SID), h.MaxPayload
}

// write posts packets, in as many requests as the server's limit asks for.
func (c *polling) write(packets []eio.Packet) error {
	var body []byte
	for i, p := range packets {
		text := eio.AppendPacket(nil, p)
		if i > 0 && len(body)+1+len(text) > c.maxPayload && c.maxPayload > 0 {
			if err := c.post(body); err != nil {
				return err
			}
			body = nil
		}
		if body != nil {
			body = append(body, eio.Separator)
		}
		body = append(body, text...)
	}
	return c.post(body)
}

var textBody = http.Header{"Content-Type": {"text/plain;charset=UTF-8"}}

func (c *polling) post(body []byte) error {
	answer, err := c.posts.request(c.ctx, http.MethodPost, c.url, string(body), textBody, http.StatusOK)
	if err == nil && string(answer) != "ok" {
		err = fmt.Errorf("answer to POST: %q", answer)
	}
	return err
}

func (c *polling) read(s *session) {
	if c.rest != nil && !s.payload(c.rest) {
		return
	}
	for {
		body, err := c.polls.request(c.ctx, http.MethodGet, c.url, "", nil, http.StatusOK)
		if err != nil {
			s.end(transportError, err)
			return
		}
		if !s.payload(body) {
			return
		}
		select {
		case <-c.pause:
			close(c.paused)
			return
		default:
		}
	}
}

// payload handles all packets of a payload, and reports whether to go on.
func (s *session) payload(body []byte) bool {
	for p, err := range eio.Payload(body) {
		if err != nil {
			s.end(parseError, err)
			return false
		}
		if !s.took(p) {
			return false
		}
	}
	return true
}

func (c *polling) close() { c.cancel() }

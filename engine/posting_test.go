package engine_test

import (
	"io"
	"net/http"
	"strconv"
)

// posting is a POST whose body comes bit by bit.
type posting struct {
	*wsClient // for its connection
	chunked   bool
}

// posting begins a POST with a Content-Length for the body, and returns when
// the server receives it.
func (p *poller) posting(body string) *posting {
	p.f.t.Helper()
	w := p.f.raw("POST /engine.io/?" + p.query + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n")
	eventually(p.f.t, "a POST", p.s.Receiving)
	return &posting{wsClient: w}
}

// chunks begins a POST of which nobody knows how long it will be.
func (p *poller) chunks() *posting {
	p.f.t.Helper()
	w := p.f.raw("POST /engine.io/?" + p.query + " HTTP/1.1\r\nHost: " + host + "\r\nTransfer-Encoding: chunked\r\n\r\n")
	eventually(p.f.t, "a POST", p.s.Receiving)
	return &posting{w, true}
}

// more sends a part of the body.
func (p *posting) more(part string) {
	p.f.t.Helper()
	if p.chunked {
		part = strconv.FormatInt(int64(len(part)), 16) + "\r\n" + part + "\r\n"
	}
	p.write(part)
}

// finish sends the last part.
func (p *posting) finish(part string) {
	p.f.t.Helper()
	if part != "" {
		p.more(part)
	}
	if p.chunked {
		p.write("0\r\n\r\n")
	}
}

// expect reads the answer.
func (p *posting) expect(status int, body string) response {
	p.f.t.Helper()
	resp, err := http.ReadResponse(p.r, nil)
	if err != nil {
		p.f.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		p.f.t.Fatal(err)
	}
	return response{resp.StatusCode, resp.Header, string(b)}.is(p.f, status, body)
}

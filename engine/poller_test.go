package engine_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"strings"

	"github.com/gosio/sio/engine"
)

// quiet drops what http.Server says about aborted handlers.
var quiet = log.New(io.Discard, "", 0)

const (
	handshakeQuery = "EIO=4&transport=polling"
	host           = "sio.test" // every connection goes to the server under test
)

type response struct {
	status int
	header http.Header
	body   string
}

// try makes a request with a body ("" for none) and headers in pairs.
func (f *fixture) try(method, query, body string, header ...string) (response, error) {
	var r io.Reader
	if body != "" {
		r = strings.NewReader(body)
	}
	return f.tryBody(method, query, r, header...)
}

func (f *fixture) tryBody(method, query string, body io.Reader, header ...string) (response, error) {
	req, err := http.NewRequest(method, "http://"+host+"/engine.io/?"+query, body)
	if err != nil {
		return response{}, err
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Add(header[i], header[i+1])
	}
	return f.roundTrip(req)
}

func (f *fixture) roundTrip(req *http.Request) (response, error) {
	resp, err := f.client.Do(req)
	if err != nil {
		return response{}, err
	}
	defer resp.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(resp.Body); err != nil {
		return response{}, err
	}
	return response{resp.StatusCode, resp.Header, b.String()}, nil
}

// do is try, for requests that must be answered.
func (f *fixture) do(method, query, body string, header ...string) response {
	f.t.Helper()
	r, err := f.try(method, query, body, header...)
	if err != nil {
		f.t.Fatal(err)
	}
	return r
}

// is checks status and body of an answer.
func (r response) is(f *fixture, status int, body string) response {
	f.t.Helper()
	if r.status != status || r.body != body {
		f.t.Fatalf("answered %d %.200q, want %d %.200q", r.status, r.body, status, body)
	}
	return r
}

// has checks headers, given in pairs; an empty value stands for none.
func (r response) has(f *fixture, pairs ...string) response {
	f.t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if got := strings.Join(r.header[http.CanonicalHeaderKey(pairs[i])], "; "); got != pairs[i+1] {
			f.t.Errorf("%s: %q, want %q", pairs[i], got, pairs[i+1])
		}
	}
	return r
}

// refusedWith checks that the application was told about a refusal, and
// returns the context that it was told.
func (f *fixture) refusedWith(code engine.Code) map[string]any {
	f.t.Helper()
	e := get(f.t, "report of a refusal", f.refused)
	if e.Code != code || e.Request == nil {
		f.t.Errorf("reported %v", e)
	}
	return e.Context
}

// poller is a client that polls.
type poller struct {
	f *fixture
	s *session
	// query of its requests, with the sid
	query string
}

type handshake struct {
	SID          string   `json:"sid"`
	Upgrades     []string `json:"upgrades"`
	PingInterval int      `json:"pingInterval"`
	PingTimeout  int      `json:"pingTimeout"`
	MaxPayload   int      `json:"maxPayload"`
}

// parseOpen parses an open packet.
func (f *fixture) parseOpen(packet string) (h handshake) {
	f.t.Helper()
	if !strings.HasPrefix(packet, "0{") || json.Unmarshal([]byte(packet[1:]), &h) != nil || h.SID == "" {
		f.t.Fatalf("no open packet: %q", packet)
	}
	return h
}

// open begins a session over polling.
func (f *fixture) open(header ...string) *poller {
	f.t.Helper()
	r := f.do("GET", handshakeQuery, "", header...)
	if r.status != 200 {
		f.t.Fatalf("handshake: %+v", r)
	}
	packet, _, _ := strings.Cut(r.body, "\x1e")
	h := f.parseOpen(packet)
	s := f.session()
	if s.ID() != h.SID {
		f.t.Fatalf("session %q instead of %q", s.ID(), h.SID)
	}
	return &poller{f, s, handshakeQuery + "&sid=" + h.SID}
}

// poll gets what is there; it waits if nothing is.
func (p *poller) poll(header ...string) response {
	p.f.t.Helper()
	return p.f.do("GET", p.query, "", header...)
}

// expect polls, and checks what it gets.
func (p *poller) expect(body string) response {
	p.f.t.Helper()
	return p.poll().is(p.f, 200, body)
}

// pending begins a poll, and returns when the server waits with the answer.
func (p *poller) pending() <-chan response {
	p.f.t.Helper()
	c := make(chan response, 1)
	go func() {
		r, err := p.f.try("GET", p.query, "")
		if err != nil {
			r.body = err.Error()
		}
		c <- r
	}()
	eventually(p.f.t, "a pending poll", p.s.Writable)
	return c
}

// expectFrom checks the answer to a pending poll.
func (p *poller) expectFrom(c <-chan response, status int, body string) response {
	p.f.t.Helper()
	return get(p.f.t, "answer to a poll", c).is(p.f, status, body)
}

// send posts packets in one payload.
func (p *poller) send(packets ...string) {
	p.f.t.Helper()
	p.f.do("POST", p.query, strings.Join(packets, "\x1e")).is(p.f, 200, "ok")
}

// unknown checks that the server does not know the session any more.
func (p *poller) unknown() {
	p.f.t.Helper()
	for _, method := range []string{"GET", "POST"} {
		p.f.do(method, p.query, "").is(p.f, 400, `{"code":1,"message":"Session ID unknown"}`)
	}
}

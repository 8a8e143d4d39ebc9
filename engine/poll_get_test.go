package engine_test

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/gosio/sio/engine"
)

func TestPoll(t *testing.T) {
	f := serve(t, nil)
	p := f.open()
	s := p.s
	// What waits is answered at once, all of it together.
	s.text(t, "hello")
	s.text(t, "")
	s.text(t, "€😀")
	if err := errors.Join(s.Send([]byte{1, 2, 3, 4}, true), s.Send(nil, true), s.Send([]byte{0xff}, true)); err != nil {
		t.Fatal(err)
	}
	if n := s.Queued(); n != 6+1+8+4+0+1 {
		t.Errorf("%d bytes queued", n)
	}
	const want = "4hello\x1e4\x1e4€😀\x1ebAQIDBA==\x1eb\x1eb/w=="
	p.expect(want).has(f, "Content-Type", "text/plain; charset=UTF-8", "Content-Length", strconv.Itoa(len(want)),
		"Cache-Control", "no-store", "X-Xss-Protection", "", "Content-Encoding", "", "Vary", "")
	if n := s.Queued(); n != 0 {
		t.Errorf("%d bytes queued", n)
	}
	// What comes later answers the poll that waits.
	poll := p.pending()
	s.text(t, "later")
	p.expectFrom(poll, 200, "4later")
	if s.Writable() {
		t.Error("writable without a poll")
	}
	s.text(t, "after that")
	p.expect("4after that")
}

// A response is never split by size.
func TestPollOfMuch(t *testing.T) {
	f := serve(t, &engine.Config{MaxPayload: 100})
	p := f.open()
	large := strings.Repeat("x", 300_000)
	for range 10 {
		p.s.text(t, large)
	}
	p.expect(strings.TrimPrefix(strings.Repeat("\x1e4"+large, 10), "\x1e"))
}

func TestOverlappingPolls(t *testing.T) {
	f := serve(t, nil)
	p := f.open()
	first := p.pending()
	p.poll().is(f, 400, "").has(f, "Content-Length", "0")
	p.expectFrom(first, 200, "1")
	p.s.expectEnd(t, engine.TransportError, "overlap from client")
	p.unknown()
	if len(f.refused) != 2 { // those of unknown
		t.Error("an overlap was reported as a refusal")
	}
}

func TestAbortedPoll(t *testing.T) {
	f := serve(t, nil)
	p := f.open()
	ctx, cancel := context.WithCancel(context.Background())
	req, err := http.NewRequestWithContext(ctx, "GET", "http://"+host+"/engine.io/?"+p.query, nil)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := f.roundTrip(req)
		done <- err
	}()
	eventually(t, "a pending poll", p.s.Writable)
	cancel()
	if err := get(t, "end of the request", done); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	p.s.expectEnd(t, engine.TransportError, "poll connection closed prematurely")
	p.unknown()
}

func TestCutPoll(t *testing.T) {
	f := serve(t, nil)
	p := f.open()
	w := f.raw("GET /engine.io/?" + p.query + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
	eventually(t, "a pending poll", p.s.Writable)
	_ = w.conn.Close()
	p.s.expectEnd(t, engine.TransportError, "poll connection closed prematurely")
}

// Requests that end their connections do not end the session.
func TestConnectionClose(t *testing.T) {
	f := serve(t, nil)
	p := f.open("Connection", "close")
	for range 3 {
		f.do("POST", p.query, "4hi", "Connection", "close").is(f, 200, "ok")
		p.s.expect(t, "hi")
		p.s.text(t, "ho")
		p.poll("Connection", "close").is(f, 200, "4ho")
	}
	p.s.alive(t)
}

func TestXSSProtection(t *testing.T) {
	f := serve(t, nil)
	p := f.open()
	for agent, want := range map[string]string{
		"Mozilla/4.0 (compatible;MSIE 8.0;Windows NT 6.0)":                  "0",
		"Mozilla/5.0 (Windows NT 6.3; Trident/7.0; rv:11.0) like Gecko":     "0",
		"Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/": "",
	} {
		p.s.text(t, "x")
		p.poll("User-Agent", agent).is(f, 200, "4x").has(f, "X-Xss-Protection", want)
		f.do("POST", p.query, "4x", "User-Agent", agent).is(f, 200, "ok").has(f, "X-Xss-Protection", want)
		f.do("GET", handshakeQuery, "", "User-Agent", agent).has(f, "X-Xss-Protection", want, "Cache-Control", "no-store")
	}
}

// Requests on one connection, sent ahead, are answered one after the other.
func TestPipelinedRequests(t *testing.T) {
	f := serve(t, nil)
	p := f.open()
	head := " /engine.io/?" + p.query + " HTTP/1.1\r\nHost: " + host + "\r\n"
	w := f.raw("POST" + head + "Content-Length: 2\r\n\r\n4a" + "POST" + head + "Content-Length: 2\r\n\r\n4b" + "GET" + head + "\r\n")
	for range 2 {
		w.response().is(f, 200, "ok")
	}
	p.s.expect(t, "a", "b")
	p.s.text(t, "c")
	w.response().is(f, 200, "4c")
}

// A session on which nobody polls takes messages all the same.
func TestPollAndPostAtOnce(t *testing.T) {
	f := serve(t, nil)
	p := f.open()
	poll := p.pending()
	for range 3 {
		p.send("4up")
		p.s.expect(t, "up")
	}
	p.s.text(t, "down")
	p.expectFrom(poll, 200, "4down")
}

// HTTP/1.0 has no chunks and no open connections, and works.
func TestOldHTTP(t *testing.T) {
	f := serve(t, nil)
	w := f.raw("GET /engine.io/?" + handshakeQuery + " HTTP/1.0\r\n\r\n")
	r := w.response()
	h := f.parseOpen(r.body)
	s := f.session()
	s.text(t, "x")
	w = f.raw("GET /engine.io/?" + handshakeQuery + "&sid=" + h.SID + " HTTP/1.0\r\n\r\n")
	w.response().is(f, 200, "4x")
	if _, err := bufio.NewReader(w.conn).ReadByte(); err == nil {
		t.Error("the connection is open")
	}
}

package engine_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/gosio/sio/engine"
)

func TestPost(t *testing.T) {
	f := serve(t, nil)
	p := f.open()
	r := f.do("POST", p.query, "4hello\x1e4\x1e4€😀\x1ebAQIDBA==\x1eb\x1eb_w\x1e4a b\n\x00c").is(f, 200, "ok")
	r.has(f, "Content-Type", "text/html", "Content-Length", "2", "Cache-Control", "no-store", "Content-Encoding", "")
	p.s.expect(t, "hello", "", "€😀", "b:\x01\x02\x03\x04", "b:", "b:\xff", "a b\n\x00c")
	// Invalid UTF-8 is replaced, not refused.
	p.send("4a\xffb\xe2\x82")
	p.s.expect(t, "a\uFFFDb\uFFFD")
	// Every content type but one is text.
	for _, contentType := range []string{"text/plain;charset=UTF-8", "application/json", "application/octet-stream; x=y", "rubbish"} {
		f.do("POST", p.query, "4"+contentType, "Content-Type", contentType).is(f, 200, "ok")
		p.s.expect(t, contentType)
	}
	// Packets of no meaning here are ignored.
	p.send("0{}", "5", "6", "3", "3probe", "4x")
	p.s.expect(t, "x")
	p.s.alive(t)
}

// The limit is inclusive, counts bytes, and holds whether or not the client
// says how long its body is. The session survives.
func TestMaxPayload(t *testing.T) {
	const limit = 3000
	f := serve(t, &engine.Config{MaxPayload: limit})
	p := f.open()
	just, over := strings.Repeat("€", limit/3), strings.Repeat("€", limit/3)+"x"
	just = "4xx" + just[3:]
	over = "4xx" + over[3:]
	for _, chunked := range []bool{false, true} {
		for _, body := range []string{just, over, over + strings.Repeat("x", 3*limit), just} {
			var r io.Reader = strings.NewReader(body)
			if chunked {
				r = io.MultiReader(r) // of unknown length
			}
			resp, err := f.tryBody("POST", p.query, r)
			if err != nil {
				t.Fatal(err)
			}
			if len(body) == limit {
				resp.is(f, 200, "ok")
				p.s.expect(t, just[1:])
			} else {
				resp.is(f, 413, "").has(f, "Content-Length", "0")
			}
		}
	}
	p.s.alive(t)
	if len(p.s.messages) != 0 {
		t.Error("too large a message was delivered")
	}
	p.send("4ok")
	p.s.expect(t, "ok")
}

// A body that claims to be huge costs nothing before it comes.
func TestHugeContentLength(t *testing.T) {
	f := serve(t, nil)
	p := f.open()
	w := f.raw("POST /engine.io/?" + p.query + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 1000000000000000\r\n\r\n")
	eventually(t, "a POST", p.s.Receiving)
	go func() { // until the answer makes it pointless
		part := strings.Repeat("4", 1<<16)
		for {
			if _, err := io.WriteString(w.conn, part); err != nil {
				return
			}
		}
	}()
	w.response().is(f, 413, "")
	p.s.alive(t)
}

func TestBodyInChunks(t *testing.T) {
	f := serve(t, nil)
	p := f.open()
	want := strings.Repeat("0123456789", 99_999)
	for _, size := range []int{100_000, 1000, 77} {
		c := p.chunks()
		body := "4" + want
		for len(body) > size {
			c.more(body[:size])
			body = body[size:]
		}
		c.finish(body)
		c.expect(200, "ok")
		p.s.expect(t, want)
	}
	// Byte by byte, with a length.
	body := "4hello\x1e4wor€d"
	c := p.posting(body)
	for i := range len(body) {
		c.more(body[i : i+1])
	}
	c.expect(200, "ok")
	p.s.expect(t, "hello", "wor€d")
}

// Packets before a bad one are delivered, those after it are not.
func TestMalformedPayloads(t *testing.T) {
	for body, delivered := range map[string][]string{
		"":                 nil,
		"{":                nil,
		"{}":               nil,
		`["a123"]`:         nil,
		"abc":              nil,
		"7":                nil,
		"-1":               nil,
		"\x1e":             nil,
		"4a\x1e":           {"a"},
		"\x1e4a":           nil,
		"4a\x1e\x1e4b":     {"a"},
		"4a\x1e9\x1e4b":    {"a"},
		"4a\x1e4b\x1ecc\n": {"a", "b"},
		"\xff4a":           nil,
	} {
		t.Run(fmt.Sprintf("%q", body), func(t *testing.T) {
			f := serve(t, nil)
			p := f.open()
			poll := p.pending()
			f.do("POST", p.query, body).is(f, 200, "ok")
			p.expectFrom(poll, 200, "1")
			p.s.expect(t, delivered...)
			p.s.expectEnd(t, engine.ParseError, "malformed packet")
			if len(p.s.messages) != 0 {
				t.Error("more was delivered")
			}
			p.unknown()
		})
	}
}

func TestOctetStream(t *testing.T) {
	f := serve(t, nil)
	p := f.open()
	poll := p.pending()
	f.do("POST", p.query, "4x", "Content-Type", "application/octet-stream").is(f, 400, "").has(f, "Content-Length", "0")
	p.expectFrom(poll, 200, "1")
	p.s.expectEnd(t, engine.TransportError, "invalid content")
	if len(p.s.messages) != 0 {
		t.Error("it was delivered")
	}
	p.unknown()
}

func TestOverlappingPosts(t *testing.T) {
	f := serve(t, nil)
	p := f.open()
	poll := p.pending()
	first := p.posting("4first")
	first.more("4fi")
	f.do("POST", p.query, "4second").is(f, 400, "").has(f, "Content-Length", "0")
	p.s.expectEnd(t, engine.TransportError, "data request overlap from client")
	p.expectFrom(poll, 200, "1")
	first.expectEOF()
	if len(p.s.messages) != 0 {
		t.Error("a message was delivered")
	}
	p.unknown()
}

func TestOtherMethods(t *testing.T) {
	f := serve(t, nil)
	p := f.open()
	poll := p.pending()
	for _, method := range []string{"PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "WHATEVER"} {
		f.do(method, p.query, "4x").is(f, 500, "")
	}
	p.s.text(t, "x")
	p.expectFrom(poll, 200, "4x")
	p.s.alive(t)
	if len(p.s.messages) != 0 {
		t.Error("something was delivered")
	}
}

func TestAbortedPost(t *testing.T) {
	for name, begin := range map[string]func(*poller) *posting{
		"length":  func(p *poller) *posting { return p.posting("4hello") },
		"chunked": (*poller).chunks,
	} {
		t.Run(name, func(t *testing.T) {
			f := serve(t, nil)
			p := f.open()
			poll := p.pending()
			c := begin(p)
			c.more("4he")
			_ = c.conn.Close()
			p.s.expectEnd(t, engine.TransportError, "data request connection closed prematurely")
			p.expectFrom(poll, 200, "1")
			if len(p.s.messages) != 0 {
				t.Error("half a message was delivered")
			}
			p.unknown()
		})
	}
}

// The client says good-bye: its poll ends, its POST is answered, and what
// comes behind in the payload is dropped.
func TestClientCloses(t *testing.T) {
	f := serve(t, nil)
	p := f.open()
	poll := p.pending()
	p.send("4before", "1", "4after")
	p.expectFrom(poll, 200, "6")
	p.s.expect(t, "before")
	p.s.expectEnd(t, engine.TransportClose, "")
	if len(p.s.messages) != 0 {
		t.Error("more was delivered")
	}
	p.unknown()

	p = f.open() // with no poll pending
	p.send("1")
	p.s.expectEnd(t, engine.TransportClose, "")
	p.unknown()
}

// A client must not ping.
func TestPingFromClient(t *testing.T) {
	for _, ping := range []string{"2", "2probe"} {
		f := serve(t, nil)
		p := f.open()
		poll := p.pending()
		p.send("4a", ping, "4b")
		p.expectFrom(poll, 200, "1")
		p.s.expect(t, "a")
		p.s.expectEnd(t, engine.TransportError, "invalid heartbeat direction")
		if len(p.s.messages) != 0 {
			t.Error("more was delivered")
		}
		w, s := f.openWS()
		w.text("4a", ping, "4b")
		s.expect(t, "a")
		s.expectEnd(t, engine.TransportError, "invalid heartbeat direction")
		w.expectEOF()
	}
}

// As long as the receiver wants to wait, the POST is not answered, and another
// is an overlap; when the session ends, the rest of the payload is dropped.
func TestWaitingReceiver(t *testing.T) {
	entered, block := make(chan string, 8), make(chan struct{})
	f := serve(t, nil, func(f *fixture) {
		f.prepare = func(s *session) {
			s.onMessage = func(data []byte, _ bool) <-chan struct{} {
				entered <- string(data)
				return block
			}
		}
	})
	p := f.open()
	done := make(chan response, 1)
	go func() {
		r, _ := f.try(http.MethodPost, p.query, "4a\x1e4b\x1e4c")
		done <- r
	}()
	if got := get(t, "message", entered); got != "a" {
		t.Fatal(got)
	}
	p.s.text(t, "x") // sending is not held back
	p.expect("4x")
	f.do("POST", p.query, "4d").is(f, 400, "")
	p.s.expectEnd(t, engine.TransportError, "data request overlap from client")
	close(block)
	get(t, "answer", done)
	if len(entered) != 0 {
		t.Errorf("message %q after the end", <-entered)
	}
}

// The receiver may send and close while it is called.
func TestReceiverCloses(t *testing.T) {
	f := serve(t, nil, func(f *fixture) {
		f.prepare = func(s *session) {
			s.onMessage = func(data []byte, binary bool) <-chan struct{} {
				s.messages <- message{string(data), binary}
				_ = s.Send(data, binary)
				s.Close()
				return nil
			}
		}
	})
	p := f.open()
	p.send("4a", "4b")
	p.expect("4a")
	p.expect("6\x1e1")
	p.s.expectEnd(t, engine.ForcedClose, "")
	p.s.expect(t, "a")
	w, s := f.openWS()
	w.text("4a", "4b")
	w.expect("4a")
	w.expectClose(1005, "")
	s.expectEnd(t, engine.ForcedClose, "")
	s.expect(t, "a")
	if len(p.s.messages)+len(s.messages) != 0 {
		t.Error("messages after the end")
	}
}

package ws_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	gobwas "github.com/gobwas/ws"

	"github.com/gosio/sio/internal/ws"
)

func TestMessages(t *testing.T) {
	big := strings.Repeat("0123456789", 30000)
	onCarriers(t, func(t *testing.T, p *pair) {
		go p.write(
			masked(0x81, []byte("hello")),
			masked(0x82, []byte{0, 255}),
			masked(0x81, nil),
			masked(0x81, []byte(big)),
			masked(0x01, []byte("fr")), masked(0x00, []byte("ag")), masked(0x8a, []byte("a pong")), masked(0x80, []byte("ment")),
			masked(0x02, nil), masked(0x80, nil),
			masked(0x81, []byte("é€😀")),
			masked(0x01, []byte("\xe2\x82")), masked(0x80, []byte("\xac")), // a rune over two frames
		)
		for i, want := range []message{{"hello", false}, {"\x00\xff", true}, {"", false}, {big, false}, {"fragment", false}, {"", true}, {"é€😀", false}, {"€", false}} {
			if got := receive(t, "message", p.messages); got != want {
				t.Fatalf("message %d: %.20q, %v", i, got.data, got.binary)
			}
		}
	})
}

func TestEverySplit(t *testing.T) {
	stream := bytes.Join([][]byte{
		masked(0x81, []byte("one")), masked(0x89, []byte("ping")), masked(0x01, []byte("t")), masked(0x80, []byte("wo")),
		masked(0x82, bytes.Repeat([]byte{7}, 200)), masked(0x81, bytes.Repeat([]byte{'x'}, 70000)),
	}, nil)
	for _, step := range []int{1, 2, 3, 7, 1000} {
		if step < 7 {
			stream = stream[:600:600]
		}
		p := connect(t, tcpPair, ws.Options{})
		for i := 0; i < len(stream); i += step {
			p.write(stream[i:min(i+step, len(stream))])
		}
		for _, want := range []string{"one", "two", strings.Repeat("\a", 200)} {
			if got := receive(t, "message", p.messages); got.data != want {
				t.Fatalf("step %d: %q", step, got.data)
			}
		}
	}
}

func TestViolations(t *testing.T) {
	for _, v := range violations {
		t.Run(v.name, func(t *testing.T) {
			p := connect(t, tcpPair, ws.Options{})
			p.write(v.frames...)
			var protocol *ws.ProtocolError
			if err := receive(t, "end", p.closed); !errors.As(err, &protocol) || protocol.Code != v.code {
				t.Errorf("ended with %v", err)
			}
			p.expectClose(v.code)
			if len(p.messages) != 0 && !strings.Contains(v.name, "after the end") {
				t.Errorf("delivered %v", <-p.messages)
			}
			if _, err := p.client.Read(make([]byte, 1)); err != io.EOF {
				t.Errorf("after the close frame: %v", err)
			}
		})
	}
}

func TestLimit(t *testing.T) {
	const limit = 1000
	long := make([]byte, limit+1)
	header := masked(0x82, make([]byte, 1<<20))[:14] // promises a megabyte
	for name, frames := range map[string][][]byte{
		"one frame":         {masked(0x82, long)},
		"only its header":   {header},
		"over fragments":    {masked(0x02, long[:600]), masked(0x00, long[:400]), masked(0x80, long[:1])},
		"endless fragments": {bytes.Repeat(masked(0x02, nil), 1), bytes.Repeat(masked(0x00, long[:500]), 3)},
	} {
		t.Run(name, func(t *testing.T) {
			p := connect(t, tcpPair, ws.Options{MaxMessage: limit})
			p.write(masked(0x82, long[:limit]))
			if got := receive(t, "message at the limit", p.messages); len(got.data) != limit {
				t.Fatal("wrong message")
			}
			p.write(frames...)
			if err := receive(t, "end", p.closed); err != ws.ErrMessageTooBig {
				t.Errorf("ended with %v", err)
			}
			p.expectClose(1009)
		})
	}
}

func TestPing(t *testing.T) {
	onCarriers(t, func(t *testing.T, p *pair) {
		for _, payload := range []string{"", "x", strings.Repeat("y", 125)} {
			go p.write(masked(0x89, []byte(payload)))
			if f := p.read(); f.Header.OpCode != gobwas.OpPong || string(f.Payload) != payload {
				t.Errorf("answer %v %q", f.Header.OpCode, f.Payload)
			}
		}
	})
}

func TestPeerCloses(t *testing.T) {
	onCarriers(t, func(t *testing.T, p *pair) {
		go p.write(masked(0x88, append([]byte{0x0f, 0xa0}, "bye"...)), masked(0x81, []byte("too late")))
		var closed *ws.CloseError
		p.expectClose(4000)
		if err := receive(t, "end", p.closed); !errors.As(err, &closed) || closed.Code != 4000 || closed.Reason != "bye" {
			t.Errorf("ended with %v", err)
		}
		receive(t, "end of the goroutine", p.gone)
		if len(p.messages) != 0 {
			t.Error("a message after the close frame was delivered")
		}
	})
}

func TestPeerClosesWithoutStatus(t *testing.T) {
	p := connect(t, tcpPair, ws.Options{})
	p.write(masked(0x88, nil))
	p.expectClose(1005)
	var closed *ws.CloseError
	if err := receive(t, "end", p.closed); !errors.As(err, &closed) || closed.Code != 1005 {
		t.Errorf("ended with %v", err)
	}
}

func TestPeerVanishes(t *testing.T) {
	onCarriers(t, func(t *testing.T, p *pair) {
		_ = p.client.Close()
		if err := receive(t, "end", p.closed); err != io.EOF {
			t.Errorf("ended with %v", err)
		}
	})
}

func TestLeftoverOfTheHandshakeComesFirst(t *testing.T) {
	server, client := tcpPair(t)
	defer client.Close()
	r := newRecorder()
	one := masked(0x81, []byte("one"))
	c := ws.NewConn(server, append(one, masked(0x81, []byte("two"))[:4]...), &ws.Options{Poller: poller}, false)
	c.Start(r)
	_, _ = client.Write(masked(0x81, []byte("two"))[4:])
	for _, want := range []string{"one", "two"} {
		if got := receive(t, "message", r.messages); got.data != want {
			t.Errorf("got %q", got.data)
		}
	}
	c.CloseNow()
	if err := receive(t, "end", r.closed); err != ws.ErrClosed {
		t.Errorf("ended with %v", err)
	}
	receive(t, "end of the goroutine", r.gone)
}

// FuzzRead gives arbitrary bytes to a connection, whole and in pieces: it must
// come to the same messages and the same end, within its limits.
func FuzzRead(f *testing.F) {
	for _, v := range violations {
		f.Add(bytes.Join(v.frames, nil), uint8(3))
	}
	f.Add(bytes.Join([][]byte{masked(0x81, []byte("hello")), masked(0x01, []byte("a")), masked(0x89, nil), masked(0x80, []byte("b")), masked(0x88, nil)}, nil), uint8(1))
	f.Add(masked(0xc1, []byte{0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00}), uint8(2))
	f.Fuzz(func(t *testing.T, stream []byte, step uint8) {
		if len(stream) > 4096 {
			return
		}
		run := func(step int) (got []message, end string) {
			server, client := tcpPair(t)
			defer client.Close()
			r := newRecorder()
			c := ws.NewConn(server, nil, &ws.Options{MaxMessage: 2000, Deflate: &ws.Deflate{}}, true)
			c.Start(r)
			go io.Copy(io.Discard, client)
			for i := 0; i < len(stream); i += step {
				if _, err := client.Write(stream[i:min(i+step, len(stream))]); err != nil {
					break
				}
			}
			_ = client.(interface{ CloseWrite() error }).CloseWrite()
			err := receive(t, "end", r.closed)
			_ = client.Close()
			receive(t, "end of the goroutine", r.gone)
			close(r.messages)
			for m := range r.messages {
				if len(m.data) > 2000 {
					t.Fatalf("a message of %d bytes", len(m.data))
				}
				got = append(got, m)
			}
			return got, err.Error()
		}
		whole, end := run(len(stream) + 1)
		pieces, end2 := run(int(step) + 1)
		if len(whole) != len(pieces) || end != end2 {
			t.Fatalf("%d messages and %q, in pieces %d and %q", len(whole), end, len(pieces), end2)
		}
		for i := range whole {
			if whole[i] != pieces[i] {
				t.Fatalf("message %d differs", i)
			}
		}
	})
}

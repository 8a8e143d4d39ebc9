package ws_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	gobwas "github.com/gobwas/ws"

	"github.com/gosio/sio/internal/ws"
)

// Frames of a server are read whole and right, however they are cut.
func TestClientReads(t *testing.T) {
	big, large := letters(50_000, 1), letters(300_000, 2)
	var stream []byte
	var want []string
	add := func(message string, frames ...[]byte) {
		want, stream = append(want, message), append(stream, bytes.Join(frames, nil)...)
	}
	for _, n := range []int{0, 1, 124, 125, 126, 127, 128, 65534, 65535, 65536, 65537, ws.Large - 1, ws.Large, ws.Large + 1} {
		p := letters(n, uint64(n))
		add(string(p), unmasked(0x81, p))
		add(string(p), unmasked(0x82, p))
	}
	add("fragment", unmasked(0x01, []byte("fr")), unmasked(0x00, []byte("ag")), unmasked(0x8a, []byte("a pong")), unmasked(0x80, []byte("ment")))
	add(string(large), unmasked(0x02, large[:100_000]), unmasked(0x80, large[100_000:]))
	add(string(big), unmasked(0xc1, compress(big, 1)))
	add("€", unmasked(0x01, []byte("\xe2\x82")), unmasked(0x80, []byte("\xac")))
	r := rand.New(rand.NewPCG(1, 2))
	var anywhere, bytewise []int
	for at := 0; at < len(stream); at += 1 + r.IntN([]int{10, 3000, 100_000}[r.IntN(3)]) {
		anywhere = append(anywhere, at)
	}
	for at := range 2000 {
		bytewise = append(bytewise, at)
	}
	for _, c := range carriers {
		t.Run(c.name, func(t *testing.T) {
			p := connectClient(t, c.pair, deflates(c.opt))
			for name, cuts := range map[string][]int{"whole": nil, "anywhere": anywhere, "byte by byte": bytewise} {
				go p.writeCut(stream, cuts)
				for i, w := range want {
					if got := receive(t, "message", p.messages); got.data != w {
						t.Fatalf("%s: message %d has %d bytes, or other ones than the %d sent", name, i, len(got.data), len(w))
					}
				}
			}
		})
	}
}

func TestClientViolations(t *testing.T) {
	for _, v := range serverViolations {
		t.Run(v.name, func(t *testing.T) {
			p := connectClient(t, tcpPair, ws.Options{Poller: poller})
			p.write(v.frames...)
			var protocol *ws.ProtocolError
			if err := receive(t, "end", p.closed); !errors.As(err, &protocol) || protocol.Code != v.code {
				t.Errorf("ended with %v", err)
			}
			if strings.HasPrefix(v.name, "masked") && protocol.Text != "frame masked" {
				t.Errorf("ended with %v", protocol)
			}
			w := p.readMasked(closePayload(v.code))
			if w.OpCode != gobwas.OpClose {
				t.Errorf("got %v", w.OpCode)
			}
			if len(p.messages) != 0 && !strings.Contains(v.name, "after the end") {
				t.Errorf("delivered %v", <-p.messages)
			}
			if _, err := p.client.Read(make([]byte, 1)); err != io.EOF {
				t.Errorf("after the close frame: %v", err)
			}
		})
	}
}

func closePayload(code int) []byte { return []byte{byte(code >> 8), byte(code)} }

// The limit holds for a client, too.
func TestClientLimit(t *testing.T) {
	const limit = 1000
	for name, frame := range map[string][]byte{
		"one frame":       unmasked(0x82, make([]byte, limit+1)),
		"only its header": unmasked(0x82, make([]byte, 1<<20))[:10],
	} {
		t.Run(name, func(t *testing.T) {
			p := connectClient(t, tcpPair, ws.Options{MaxMessage: limit, Poller: poller})
			p.write(unmasked(0x82, make([]byte, limit)), frame)
			if got := receive(t, "message at the limit", p.messages); len(got.data) != limit {
				t.Error("wrong message")
			}
			if err := receive(t, "end", p.closed); err != ws.ErrMessageTooBig {
				t.Errorf("ended with %v", err)
			}
			p.readMasked(closePayload(1009))
		})
	}
}

// The closing handshake, begun by either side.
func TestClientCloses(t *testing.T) {
	onClientCarriers(t, func(t *testing.T, p *pair) {
		p.conn.Close(4000, "")
		p.readMasked(closePayload(4000))
		go p.write(unmasked(0x81, []byte("still sent")), unmasked(0x88, closePayload(4000)))
		if got := receive(t, "message", p.messages); got.data != "still sent" {
			t.Errorf("got %q", got.data)
		}
		var closed *ws.CloseError
		if err := receive(t, "end", p.closed); !errors.As(err, &closed) || closed.Code != 4000 {
			t.Errorf("ended with %v", err)
		}
		receive(t, "end of everything", p.gone)
	})
}

func TestServerClosesClient(t *testing.T) {
	onClientCarriers(t, func(t *testing.T, p *pair) {
		go p.write(unmasked(0x88, append(closePayload(1001), "bye"...)))
		p.readMasked(closePayload(1001))
		var closed *ws.CloseError
		if err := receive(t, "end", p.closed); !errors.As(err, &closed) || closed.Code != 1001 || closed.Reason != "bye" {
			t.Errorf("ended with %v", err)
		}
		receive(t, "end of everything", p.gone)
	})
}

// A server that never answers the close frame is left when the time is up.
func TestClientCloseWithoutAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, server := net.Pipe()
		r := newRecorder()
		c := ws.NewClientConn(client, nil, nil, false)
		c.Start(r)
		c.Close(1001, "")
		begin := time.Now()
		go func() { _, _ = io.Copy(io.Discard, server) }()
		if err := <-r.closed; err != ws.ErrClosed || time.Since(begin) != 10*time.Second {
			t.Errorf("ended with %v after %v", err, time.Since(begin))
		}
		<-r.gone
	})
}

// Pings cost their latest answer, and each is masked.
func TestClientPingFlood(t *testing.T) {
	p := connectClient(t, tcpPair, ws.Options{Poller: poller})
	const n = 2000
	go func() {
		var flood []byte
		for i := range n {
			flood = append(flood, unmasked(0x89, fmt.Appendf(nil, "%0120d", i))...)
		}
		_, _ = p.client.Write(flood)
	}()
	for last := ""; last != fmt.Sprintf("%0120d", n-1); {
		w := p.readWire()
		payload := w.raw[len(w.raw)-120:]
		gobwas.Cipher(payload, w.Mask, 0)
		if got := string(payload); w.OpCode != gobwas.OpPong || !w.Masked || got <= last {
			t.Fatalf("%v %q after %q", w.OpCode, got, last)
		} else {
			last = got
		}
	}
}

// What was read behind the answer comes first.
func TestClientLeftover(t *testing.T) {
	stream := append(unmasked(0x81, []byte("one")), unmasked(0x81, letters(70_000, 1))...)
	for _, cut := range []int{1, 2, 5, 6, 10, 15, 20_000, len(stream)} {
		for _, c := range carriers {
			conn, peer := c.pair(t)
			r := newRecorder()
			o := c.opt
			w := ws.NewClientConn(conn, stream[:cut], &o, false)
			w.Start(r)
			go func() { _, _ = peer.Write(stream[cut:]) }()
			for _, want := range []string{"one", string(letters(70_000, 1))} {
				if got := receive(t, "message", r.messages); got.data != want {
					t.Errorf("%s, cut %d: %d bytes, or other ones", c.name, cut, len(got.data))
				}
			}
			w.CloseNow()
			receive(t, "end", r.gone)
			_ = peer.Close()
		}
	}
}

package ws_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	gobwas "github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/ws"
)

// Every length at which the header changes, both ways, against a client of
// another hand.
func TestEveryHeader(t *testing.T) {
	url, conns := serve(t, nil)
	c := dial(t, url, gobwas.Dialer{})
	p := receive(t, "connection", conns)
	for _, n := range []int{0, 1, 124, 125, 126, 127, 128, 65534, 65535, 65536, 65537, 300_000} {
		for _, op := range []gobwas.OpCode{gobwas.OpText, gobwas.OpBinary} {
			payload := bytes.Repeat([]byte{'x'}, n)
			go func() { _ = wsutil.WriteClientMessage(c, op, bytes.Clone(payload)) }()
			got := receive(t, "message", p.messages)
			if got.data != string(payload) || got.binary != (op == gobwas.OpBinary) {
				t.Fatalf("%d bytes: received %d, binary %v", n, len(got.data), got.binary)
			}
			f := frame.New(n)
			f.B = append(f.B, payload...)
			f.Seal(got.binary, true)
			_ = p.conn.Enqueue(f)
			p.conn.Flush()
			back, backOp, err := wsutil.ReadServerData(c)
			if err != nil || backOp != op || !bytes.Equal(back, payload) {
				t.Fatalf("%d bytes: sent back %d, %v, %v", n, len(back), backOp, err)
			}
		}
	}
}

// A length may be longer than it needs to be: RFC 6455 forbids to send that,
// and no peer is known to refuse it.
func TestLongWrittenLengths(t *testing.T) {
	p := connect(t, tcpPair, ws.Options{MaxMessage: 100})
	p.write([]byte{0x81, 0xfe, 0, 1, 0, 0, 0, 0, 'a'}, []byte{0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 'b'})
	for _, want := range []string{"a", "b"} {
		if got := receive(t, "message", p.messages); got.data != want {
			t.Errorf("got %q", got.data)
		}
	}
}

// The same violations, in pieces of one byte.
func TestViolationsByteByByte(t *testing.T) {
	for _, v := range violations {
		p := connect(t, carriers[2].pair, ws.Options{}) // a pipe: each byte is a read
		go func() {
			for _, b := range bytes.Join(v.frames, nil) {
				if _, err := p.client.Write([]byte{b}); err != nil {
					return
				}
			}
		}()
		p.expectClose(v.code)
	}
}

// Control frames between the fragments of a message, and no difference made
// by where the fragments are cut.
func TestFragments(t *testing.T) {
	const text = "Größe: 5 €, 😀"
	r := rand.New(rand.NewPCG(1, 2))
	onCarriers(t, func(t *testing.T, p *pair) {
		go func() { // takes the pongs
			for {
				if _, err := readFrame(p.client); err != nil {
					return
				}
			}
		}()
		for range 50 {
			rest, first := []byte(text), byte(0x01)
			var stream []byte
			for len(rest) > 0 && r.IntN(5) > 0 {
				n := r.IntN(len(rest) + 1)
				stream = append(stream, masked(first, rest[:n])...)
				stream = append(stream, masked([]byte{0x89, 0x8a}[r.IntN(2)], rest[:r.IntN(len(rest)+1)])...)
				rest, first = rest[n:], 0
			}
			p.write(append(stream, masked(0x80|first, rest)...))
			if got := receive(t, "message", p.messages); got.data != text {
				t.Fatalf("got %q", got.data)
			}
		}
	})
}

// A large message with the beginning of the next one behind it, so that the
// rest has to move.
func TestLargeThenPartial(t *testing.T) {
	onCarriers(t, func(t *testing.T, p *pair) {
		for i := range 20 {
			large, next := strings.Repeat(fmt.Sprint(i%10), 200_000), masked(0x81, []byte("the next message"))
			cut := i % len(next)
			go p.write(masked(0x82, []byte(large)), next[:cut])
			if got := receive(t, "large message", p.messages); got.data != large {
				t.Fatalf("%d bytes", len(got.data))
			}
			go p.write(next[cut:])
			if got := receive(t, "next message", p.messages); got.data != "the next message" {
				t.Fatalf("got %q", got.data)
			}
		}
	})
}

// waiter wants to wait after every message.
type waiter struct {
	*recorder
	waits, resumed int
}

func (r *waiter) Message(p []byte, binary bool) <-chan struct{} {
	if r.waits != r.resumed {
		panic("a message while the handler waits")
	}
	r.waits++
	r.recorder.Message(p, binary)
	wait := make(chan struct{})
	go close(wait)
	return wait
}

func (r *waiter) Resumed() { r.resumed++ }

// Nothing is lost, doubled or overtaken where the handler wants to wait, also
// in the middle of frames and messages.
func TestWait(t *testing.T) {
	for _, c := range carriers {
		t.Run(c.name, func(t *testing.T) {
			server, client := c.pair(t)
			r := &waiter{recorder: newRecorder()}
			conn := ws.NewConn(server, masked(0x81, []byte("early")), &c.opt, false)
			conn.Start(r)
			const n = 500
			var stream []byte
			for i := range n {
				stream = append(stream, masked(0x81, fmt.Append(nil, i))...)
				stream = append(stream, masked(0x01, []byte("a"))...)
				stream = append(stream, masked(0x80, []byte("b"))...)
			}
			go func() {
				for i := 0; len(stream) > 0; i++ {
					size := min(len(stream), 1+i%23)
					if _, err := client.Write(stream[:size]); err != nil {
						return
					}
					stream = stream[size:]
				}
			}()
			if got := receive(t, "message", r.messages); got.data != "early" {
				t.Fatalf("got %q", got.data)
			}
			for i := range n {
				for _, want := range []string{fmt.Sprint(i), "ab"} {
					if got := receive(t, "message", r.messages); got.data != want {
						t.Fatalf("got %q, want %q", got.data, want)
					}
				}
			}
			conn.CloseNow()
			receive(t, "end", r.gone)
			_ = client.Close()
			if len(r.closed) != 1 || len(r.messages) != 0 {
				t.Errorf("closed %d times, %d messages too many", len(r.closed), len(r.messages))
			}
		})
	}
}

// Pings cost their latest answer, however many there are and however slowly
// the peer reads.
func TestPingFlood(t *testing.T) {
	for _, c := range carriers {
		if c.name == "pipe" {
			continue // takes nothing unless it is read
		}
		t.Run(c.name, func(t *testing.T) {
			p := connect(t, c.pair, c.opt)
			const n = 20_000
			for i := range n / 1000 {
				var flood []byte
				for j := range 1000 {
					flood = append(flood, masked(0x89, fmt.Appendf(nil, "%0120d", i*1000+j))...)
				}
				p.write(flood)
			}
			p.write(masked(0x81, []byte("done")))
			receive(t, "message behind the pings", p.messages)
			last := ""
			for last != fmt.Sprintf("%0120d", n-1) {
				f := p.read()
				if got := string(f.Payload); f.Header.OpCode != gobwas.OpPong || got <= last {
					t.Fatalf("%v %q after %q", f.Header.OpCode, got, last)
				} else {
					last = got
				}
			}
		})
	}
}

package ws_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gosio/sio/internal/buf"
	"github.com/gosio/sio/internal/ws"
)

// keeper keeps the large payloads that it gets: they are its own.
type keeper struct {
	*recorder
	payloads chan []byte
}

func newKeeper() *keeper { return &keeper{newRecorder(), make(chan []byte, 1<<10)} }

func (k *keeper) Message(p []byte, _ bool) <-chan struct{} {
	if len(p) < ws.Large {
		p = bytes.Clone(p)
	}
	k.payloads <- p
	return nil
}

// deflates is what has compression negotiated on top of what a carrier has.
func deflates(o ws.Options) ws.Options {
	o.Deflate = &ws.Deflate{Threshold: 1}
	return o
}

// onCarriersKept runs a test on each carrier, with a handler that keeps what
// it gets.
func onCarriersKept(t *testing.T, test func(t *testing.T, p *pair, payloads <-chan []byte)) {
	for _, c := range carriers {
		t.Run(c.name, func(t *testing.T) {
			k := newKeeper()
			test(t, connectTo(t, c.pair, deflates(c.opt), k, k.recorder), k.payloads)
		})
	}
}

// connectTo is connect with a handler that has a recorder in it.
func connectTo(t testing.TB, dial func(testing.TB) (net.Conn, net.Conn), o ws.Options, h ws.Handler, r *recorder) *pair {
	server, client := dial(t)
	_ = client.SetDeadline(time.Now().Add(patience))
	p := &pair{recorder: r, client: client, t: t}
	p.conn = ws.NewConn(server, nil, &o, o.Deflate != nil)
	p.conn.Start(h)
	t.Cleanup(func() {
		_ = client.Close()
		p.conn.CloseNow()
		receive(t, "end of the connection", p.gone)
	})
	return p
}

// random returns bytes that do not compress.
func random(n int, seed uint64) []byte {
	b, r := make([]byte, 0, n+8), rand.New(rand.NewPCG(seed, 1))
	for len(b) < n {
		b = binary.LittleEndian.AppendUint64(b, r.Uint64())
	}
	return b[:n]
}

// letters returns n bytes of text that is different for every seed.
func letters(n int, seed uint64) []byte {
	block := random(1009, seed)
	for i, c := range block {
		block[i] = 'a' + c%26
	}
	return bytes.Repeat(block, n/len(block)+1)[:n]
}

// writeCut sends a stream in chunks that end where cuts says.
func (p *pair) writeCut(stream []byte, cuts []int) {
	begin := 0
	for _, end := range append(cuts, len(stream)) {
		if end > begin {
			if _, err := p.client.Write(stream[begin:end]); err != nil {
				p.t.Error(err)
				return
			}
			begin = end
		}
	}
}

// Large messages are whole and right however they come: of every size around
// those that matter, in a row, behind and before small ones, in fragments and
// compressed.
func TestLargeMessages(t *testing.T) {
	type part struct {
		first   byte
		payload []byte
	}
	var parts []part
	var want [][]byte
	add := func(message []byte, more ...part) {
		want, parts = append(want, message), append(parts, more...)
	}
	whole := func(first byte, message []byte) { add(message, part{first, message}) }
	for i, n := range []int{ws.Large - 1, ws.Large, ws.Large + 1, 65535, 65536, 1 << 20, 1<<20 + 1, 30_000} {
		whole(0x82, fmt.Append(nil, "small ", i))
		whole(0x82, random(n, uint64(i)))
		if i%2 == 0 { // in a row
			whole(0x81, letters(n, uint64(i)+100))
		}
	}
	a, b, c := letters(40_000, 1), []byte("b"), letters(20_000, 3)
	abc := bytes.Join([][]byte{a, b, c}, nil)
	for _, cut := range [][2]int{{0, 3}, {2, 40_000}, {40_000, 40_001}, {16 << 10, 32 << 10}} {
		add(abc, part{0x01, abc[:cut[0]]}, part{0x8a, []byte("a pong")}, part{0x00, abc[cut[0]:cut[1]]}, part{0x80, abc[cut[1]:]})
	}
	for i, plain := range [][]byte{a, random(100_000, 7), abc} {
		deflated := compress(plain, 1)
		add(plain, part{0xc2, deflated})
		half := len(deflated) / 2
		add(plain, part{0x42, deflated[:half]}, part{0x80, deflated[half:]})
		whole(0x82, fmt.Append(nil, "behind ", i))
	}

	var stream []byte
	var around, heads []int // cuts: before and behind each head; within it, too
	for _, part := range parts {
		f := masked(part.first, part.payload)
		head := len(f) - len(part.payload)
		around = append(around, len(stream), len(stream)+head)
		for i := range head {
			heads = append(heads, len(stream)+i)
		}
		stream = append(stream, f...)
	}
	r := rand.New(rand.NewPCG(1, 2))
	var anywhere []int
	for at := 0; at < len(stream); at += 1 + r.IntN([]int{10, 3000, 100_000}[r.IntN(3)]) {
		anywhere = append(anywhere, at)
	}
	onCarriersKept(t, func(t *testing.T, p *pair, payloads <-chan []byte) {
		for name, cuts := range map[string][]int{"whole": nil, "around the heads": around, "heads byte by byte": heads, "anywhere": anywhere} {
			go p.writeCut(stream, cuts)
			for i, w := range want {
				if got := receive(t, "message", payloads); !bytes.Equal(got, w) {
					t.Fatalf("%s: message %d has %d bytes, or other ones than the %d sent", name, i, len(got), len(w))
				}
			}
		}
	})
}

// The memory of a large message is its handler's: it stays as it is, whatever
// else arrives, and whatever others give back.
func TestLargeMessageIsTheHandlers(t *testing.T) {
	onCarriersKept(t, func(t *testing.T, p *pair, payloads <-chan []byte) {
		const n = 60
		message := func(i int) []byte { return letters(ws.Large+i*1001, uint64(i)) }
		go func() {
			for i := range n {
				m := message(i)
				var stream []byte
				switch i % 4 {
				case 0:
					stream = masked(0x82, m)
				case 1:
					stream = masked(0x81, m)
				case 2:
					stream = append(masked(0x02, m[:i*500]), masked(0x80, m[i*500:])...)
				case 3:
					stream = masked(0xc2, compress(m, 1))
				}
				p.write(stream, masked(0x82, []byte("small")))
			}
		}()
		var kept [][]byte
		for i := range n {
			got := receive(t, "message", payloads)
			if !bytes.Equal(got, message(i)) {
				t.Fatalf("message %d is another one", i)
			}
			if i%3 == 0 { // done with it; with the tag bufdebug it is poisoned
				buf.Give(got)
				got = nil
			}
			kept = append(kept, got)
			if small := receive(t, "small message", payloads); string(small) != "small" {
				t.Fatalf("got %.20q", small)
			}
		}
		for i, got := range kept {
			if got != nil && !bytes.Equal(got, message(i)) {
				t.Errorf("message %d has changed", i)
			}
		}
	})
}

// That a large text is UTF-8 is checked over all of it, and it may be cut
// anywhere within a rune.
func TestLargeText(t *testing.T) {
	runes := strings.Repeat("aé€😀", 10_000) // 100,000 bytes; every read ends in another place of a rune
	onCarriersKept(t, func(t *testing.T, p *pair, payloads <-chan []byte) {
		for cut := range 12 {
			text := strings.Repeat("x", cut) + runes
			at := 50_000 + cut
			go p.write(masked(0x81, []byte(text)), masked(0x01, []byte(text[:at])), masked(0x80, []byte(text[at:])), masked(0xc1, compress([]byte(text), 1)))
			for range 3 {
				if got := receive(t, "message", payloads); string(got) != text {
					t.Fatalf("cut %d: %d bytes, or other ones", cut, len(got))
				}
			}
		}
	})
}

func TestLargeTextThatIsNotUTF8(t *testing.T) {
	good := letters(60_000, 1)
	with := func(at int, bad string) []byte {
		p := bytes.Clone(good)
		copy(p[at:], bad)
		return p
	}
	for name, text := range map[string][]byte{
		"at the beginning": with(0, "\xff"),
		"in the middle":    with(30_000, "\xed\xa0\x80"),
		"where reads end":  with(16<<10-1, "\xe2\x82a"),
		"at the end":       with(59_999, "\xff"),
		"cut at the end":   with(59_998, "\xe2\x82"),
	} {
		forms := [][]byte{
			masked(0x81, text),
			append(masked(0x01, text[:40_000]), masked(0x80, text[40_000:])...),
			masked(0xc1, compress(text, 1)),
		}
		t.Run(name, func(t *testing.T) {
			for _, form := range forms {
				onCarriersKept(t, func(t *testing.T, p *pair, payloads <-chan []byte) {
					go func() { _, _ = p.client.Write(append(masked(0x81, good), form...)) }()
					if got := receive(t, "message before", payloads); !bytes.Equal(got, good) {
						t.Fatal("another message")
					}
					p.expectClose(1007)
					_ = receive(t, "end", p.closed)
					if len(payloads) != 0 {
						t.Error("it was delivered")
					}
				})
			}
		})
	}
}

// The limit counts, also for what is large, in fragments and compressed.
func TestLimitOfLarge(t *testing.T) {
	const limit = 200_000
	over := random(limit+1, 1)
	for name, frames := range map[string][][]byte{
		"a frame":          {masked(0x82, over)},
		"only its head":    {masked(0x82, over)[:14]},
		"fragments":        {masked(0x02, over[:100_000]), masked(0x80, over[100_000:])},
		"a small fragment": {masked(0x02, over[:limit]), masked(0x80, over[limit:])},
		"deflated":         {masked(0xc2, compress(over, 1))},
		"much deflated":    {masked(0xc2, compress(make([]byte, 8<<20), 9))},
	} {
		for _, c := range carriers {
			t.Run(name+" "+c.name, func(t *testing.T) {
				o := deflates(c.opt)
				o.MaxMessage = limit
				k := newKeeper()
				p := connectTo(t, c.pair, o, k, k.recorder)
				go func() { // which cannot be written to its end
					for _, f := range append([][]byte{masked(0x82, over[:limit])}, frames...) {
						_, _ = p.client.Write(f)
					}
				}()
				if got := receive(t, "message at the limit", k.payloads); !bytes.Equal(got, over[:limit]) {
					t.Fatal("another message")
				}
				p.expectClose(1009)
				if err := receive(t, "end", p.closed); err != ws.ErrMessageTooBig {
					t.Errorf("ended with %v", err)
				}
				if len(k.payloads) != 0 {
					t.Error("it was delivered")
				}
			})
		}
	}
}

// A connection may end within a large frame, in every way.
func TestEndWithinLarge(t *testing.T) {
	payload := random(500_000, 1)
	for name, test := range map[string]struct {
		do   func(p *pair)
		want error
	}{
		"by the peer": {func(p *pair) { _ = p.client.Close() }, io.EOF},
		"by CloseNow": {func(p *pair) { p.conn.CloseNow() }, ws.ErrClosed},
	} {
		for _, fragment := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, fragment %v", name, fragment), func(t *testing.T) {
				onCarriersKept(t, func(t *testing.T, p *pair, payloads <-chan []byte) {
					p.write(masked(0x82, []byte("one")))
					receive(t, "message", payloads)
					first := byte(0x82)
					if fragment {
						p.write(masked(0x02, payload[:20_000]))
						first = 0x80
					}
					p.write(masked(first, payload)[:300_000])
					test.do(p)
					if err := receive(t, "end", p.closed); err != test.want {
						t.Errorf("ended with %v", err)
					}
					receive(t, "end of everything", p.gone)
					if len(payloads) != 0 {
						t.Error("a part was delivered")
					}
				})
			})
		}
	}
}

// A pausing handler asks for a wait with every message that begins with a "w",
// and lets the test end it.
type pausing struct {
	*recorder
	waits   chan chan struct{}
	waiting bool
	t       *testing.T
}

func (h *pausing) Message(p []byte, binary bool) <-chan struct{} {
	if h.waiting {
		h.t.Error("a message while the handler waits")
	}
	h.recorder.Message(p, binary)
	if p[0] != 'w' {
		return nil
	}
	h.waiting = true
	wait := make(chan struct{})
	h.waits <- wait
	return wait
}

func (h *pausing) Resumed() { h.waiting = false }

// Nothing is lost, doubled or overtaken where the handler wants to wait, and
// what it waits with or for is large.
func TestWaitAroundLarge(t *testing.T) {
	for _, c := range carriers {
		t.Run(c.name, func(t *testing.T) {
			h := &pausing{newRecorder(), make(chan chan struct{}, 1<<10), false, t}
			p := connectTo(t, c.pair, c.opt, h, h.recorder)
			large := func(first string, i int) string { return first + string(letters(20_000+i*3001, uint64(i))) }
			for i, cut := range []int{0, 1, 2, 5, 7, 8, 9, 100, 3000, 15_000, 20_000} {
				messages := []string{"w", large("x", i), "a", large("w", i), large("y", i+1), "w", "b", large("w", i+2), "c"}
				var stream []byte
				var cuts []int
				for _, m := range messages { // each chunk has the rest of one frame and the beginning of the next
					f := masked(0x82, []byte(m))
					cuts = append(cuts, len(stream)+min(cut, len(f)))
					stream = append(stream, f...)
				}
				go p.writeCut(stream, cuts)
				for _, want := range messages {
					if got := receive(t, "message", p.messages); got.data != want {
						t.Fatalf("cut %d: %d bytes beginning with %.20q, want %d with %.20q", cut, len(got.data), got.data, len(want), want)
					}
					if want[0] == 'w' {
						wait := receive(t, "wait", h.waits)
						if len(p.messages) != 0 {
							t.Fatalf("cut %d: a message while the handler waits", cut)
						}
						close(wait)
					}
				}
			}
		})
	}
}

// The wait lasts, also when the connection ends meanwhile, within a large frame.
func TestEndWhileWaitingWithinLarge(t *testing.T) {
	for _, c := range carriers {
		if c.name == "pipe" {
			continue // takes nothing unless it is read
		}
		t.Run(c.name, func(t *testing.T) {
			h := &pausing{newRecorder(), make(chan chan struct{}, 1<<10), false, t}
			p := connectTo(t, c.pair, c.opt, h, h.recorder)
			p.write(masked(0x82, []byte("w")), masked(0x82, random(50_000, 1))[:20_000])
			wait := receive(t, "wait", h.waits)
			_ = p.client.Close()
			p.conn.CloseNow()
			select {
			case err := <-p.closed:
				t.Errorf("ended with %v while the handler waits", err)
			default:
			}
			close(wait)
			if err := receive(t, "end", p.closed); err != ws.ErrClosed {
				t.Errorf("ended with %v", err)
			}
			if len(p.messages) != 1 {
				t.Errorf("%d messages", len(p.messages))
			}
		})
	}
}

// What was read behind the handshake may be the beginning of something large.
func TestLargeLeftover(t *testing.T) {
	want := letters(100_000, 1)
	stream := append(masked(0x82, want), masked(0x82, []byte("next"))...)
	for _, cut := range []int{1, 8, 14, 2000, 50_000, len(stream)} {
		for _, c := range carriers {
			server, client := c.pair(t)
			k := newKeeper()
			conn := ws.NewConn(server, stream[:cut], &c.opt, false)
			conn.Start(k)
			go func() { _, _ = client.Write(stream[cut:]) }()
			if got := receive(t, "message", k.payloads); !bytes.Equal(got, want) {
				t.Errorf("%s, cut %d: another message", c.name, cut)
			}
			if got := receive(t, "message", k.payloads); string(got) != "next" {
				t.Errorf("%s, cut %d: %.20q", c.name, cut, got)
			}
			conn.CloseNow()
			receive(t, "end", k.gone)
			_ = client.Close()
		}
	}
}

package ws_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"sync"
	"testing"

	gobwas "github.com/gobwas/ws"
	"github.com/gobwas/ws/wsflate"

	"github.com/gosio/sio/internal/buf"
	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/ws"
)

// borrowed makes a frame of somebody else's memory.
func borrowed(packet []byte) *frame.Frame {
	f := frame.New(0)
	f.Borrow(packet)
	f.Seal(true, true)
	return f
}

// spoil is what the owner of borrowed memory does as soon as it may.
func spoil(memory ...[]byte) {
	for _, m := range memory {
		for i := range m {
			m[i] = 0xee
		}
	}
}

// narrowPair is a connection on which the kernel takes little.
func narrowPair(t testing.TB) (server, client net.Conn) {
	server, client = tcpPair(t)
	_ = server.(*net.TCPConn).SetWriteBuffer(32 << 10)
	_ = client.(*net.TCPConn).SetReadBuffer(32 << 10)
	return server, client
}

// much is more than the kernel takes on a narrowPair.
const much = 1 << 20

// counted fails the test if what it takes from now on is not given back.
func counted(t *testing.T) {
	t.Helper()
	buffers, frames := buf.Outstanding(), frame.Outstanding() // counted with the tag bufdebug
	t.Cleanup(func() {
		settle(t, func() bool { return buf.Outstanding() <= buffers && frame.Outstanding() <= frames })
	})
}

// The memory is its owner's again when Enqueue returns, and the peer gets what
// was in it before, whether the kernel took it or not.
func TestBorrowed(t *testing.T) {
	for _, c := range carriers {
		t.Run(c.name, func(t *testing.T) {
			counted(t)
			p := connect(t, c.pair, c.opt)
			for i, n := range []int{0, 1, 125, 126, 127, 2048, 2049, 16 << 10, 65535, 65536, 300_000, 4 << 20} {
				packet := random(n, uint64(i))
				if err := p.conn.Enqueue(borrowed(packet)); err != nil {
					t.Fatal(err)
				}
				want := bytes.Clone(packet)
				spoil(packet)
				p.conn.Flush()
				if f := p.read(); f.Header.OpCode != gobwas.OpBinary || f.Header.Rsv != 0 || !bytes.Equal(f.Payload, want) {
					t.Fatalf("%d bytes: opcode %x, %d bytes, or other ones", n, f.Header.OpCode, len(f.Payload))
				}
			}
		})
	}
}

// What is borrowed leaves with Enqueue, and what was queued before with it.
func TestBorrowedNeedsNoFlush(t *testing.T) {
	p := connect(t, tcpPair, ws.Options{Poller: poller})
	if !polls() {
		t.Skip("there is no poller on this system")
	}
	_ = p.conn.Enqueue(textFrame("before"))
	_ = p.conn.Enqueue(textFrame("head"), borrowed([]byte("one")), borrowed([]byte("two")))
	if n := p.conn.Queued(); n != 0 {
		t.Errorf("%d bytes are queued", n)
	}
	for _, want := range []string{"before", "head", "one", "two"} {
		if got := string(p.read().Payload); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func polls() bool { return runtime.GOOS == "linux" }

// The kernel takes a part only, which ends within any of the frames: the rest
// is not borrowed any more when Enqueue returns, and nothing is overtaken.
func TestBorrowedInPart(t *testing.T) {
	for _, c := range carriers[:2] {
		t.Run(c.name, func(t *testing.T) {
			counted(t)
			for round, sizes := range [][]int{
				{much},
				{10, much, 10},
				{much, much, much},
				{100_000, 100_000, 100_000, 100_000, 100_000, 100_000, 100_000, 100_000, 100_000, 100_000, 100_000, 100_000}, // more pieces than one system call takes
				{40_000, 1, 50_000, 3000, 60_000, 0, 1000, much},
			} {
				p := connect(t, narrowPair, c.opt)
				var want [][]byte
				group := func(sizes []int) (frames []*frame.Frame, memory [][]byte) {
					for i, n := range sizes {
						packet := random(n, uint64(len(want)))
						want = append(want, bytes.Clone(packet))
						if i%3 == 2 {
							frames = append(frames, textFrame(string(packet)))
							continue
						}
						frames, memory = append(frames, borrowed(packet)), append(memory, packet)
					}
					return frames, memory
				}
				for i := range 3 { // the second and third time, what was before still waits
					frames, memory := group(sizes)
					if err := p.conn.Enqueue(frames...); err != nil {
						t.Fatal(err)
					}
					spoil(memory...)
					if i == 0 && polls() && c.opt.Poller != nil && !p.conn.Congested() {
						t.Fatalf("round %d: the kernel has taken everything", round)
					}
					frames, _ = group([]int{5, 1})
					_ = p.conn.Enqueue(textFrame("between"), frames[0])
					_ = p.conn.Enqueue(frames[1])
					want = append(want[:len(want)-2], []byte("between"), want[len(want)-2], want[len(want)-1])
					p.conn.Flush()
				}
				for i, w := range want {
					if f := p.read(); !bytes.Equal(f.Payload, w) {
						t.Fatalf("round %d, frame %d: %d bytes, or other ones than the %d sent", round, i, len(f.Payload), len(w))
					}
				}
				settle(t, func() bool { return p.conn.Queued() == 0 && !p.conn.Congested() })
			}
		})
	}
}

// One message may borrow more pieces than one system call takes.
func TestManyBorrowed(t *testing.T) {
	onCarriers(t, func(t *testing.T, p *pair) {
		const n = 50
		frames := []*frame.Frame{textFrame("head")}
		var memory, want [][]byte
		for i := range n {
			memory = append(memory, random(3000+i, uint64(i)))
			want = append(want, bytes.Clone(memory[i]))
			frames = append(frames, borrowed(memory[i]))
		}
		if err := p.conn.Enqueue(frames...); err != nil {
			t.Fatal(err)
		}
		spoil(memory...)
		p.conn.Flush()
		if got := string(p.read().Payload); got != "head" {
			t.Fatalf("got %q", got)
		}
		for i, w := range want {
			if f := p.read(); !bytes.Equal(f.Payload, w) {
				t.Fatalf("frame %d: %d bytes, or other ones", i, len(f.Payload))
			}
		}
	})
}

// Many send at the same time, some of them borrowed memory: what goes together
// stays together, and everybody's order holds.
func TestConcurrentBorrowers(t *testing.T) {
	for _, c := range carriers {
		t.Run(c.name, func(t *testing.T) {
			counted(t)
			p := connect(t, c.pair, c.opt)
			const senders, rounds = 4, 50
			packet := func(s, i int) []byte { return letters(1000+(s*7919+i*2741)%60_000, uint64(s*rounds+i)) }
			var wg sync.WaitGroup
			for s := range senders {
				wg.Go(func() {
					memory := make([]byte, 64<<10)
					for i := range rounds {
						m := memory[:copy(memory, packet(s, i))]
						head := textFrame(fmt.Sprintf("%d %d", s, i))
						var err error
						if s%2 == 0 {
							err = p.conn.Enqueue(head, borrowed(m))
							spoil(memory)
						} else {
							err = p.conn.Enqueue(head, textFrame(string(m)))
						}
						if err != nil {
							t.Error(err)
						}
						if s != 0 { // the first borrows only, and leaves the rest to others
							p.conn.Flush()
						}
					}
					p.conn.Flush()
				})
			}
			next := make([]int, senders)
			for range senders * rounds {
				var s, i int
				if _, err := fmt.Sscanf(string(p.read().Payload), "%d %d", &s, &i); err != nil || next[s] != i {
					t.Fatalf("sender %d: %d, want %d (%v)", s, i, next[s], err)
				}
				next[s]++
				if f := p.read(); !bytes.Equal(f.Payload, packet(s, i)) {
					t.Fatalf("sender %d, %d: %d bytes, or other ones", s, i, len(f.Payload))
				}
			}
			wg.Wait()
		})
	}
}

// Borrowed memory is compressed as any other.
func TestBorrowedAndDeflate(t *testing.T) {
	for _, c := range carriers {
		t.Run(c.name, func(t *testing.T) {
			counted(t)
			for _, test := range []struct {
				threshold  int
				compress   bool
				compressed bool
			}{{0, true, true}, {0, false, false}, {1 << 20, true, false}, {-1, true, false}} {
				o := c.opt
				o.Deflate = &ws.Deflate{Threshold: test.threshold}
				p := connect(t, c.pair, o)
				packet := bytes.Repeat([]byte("all work and no play "), 5000)
				want := bytes.Clone(packet)
				f := frame.New(0)
				f.Borrow(packet)
				f.Seal(true, test.compress)
				_ = p.conn.Enqueue(textFrame("head"), f)
				spoil(packet)
				p.conn.Flush()
				p.read()
				got := p.read()
				if got.Header.Rsv1() != test.compressed {
					t.Errorf("%+v: compressed %v", test, got.Header.Rsv1())
				}
				var err error
				if got.Header.Rsv1() {
					got, err = wsflate.DecompressFrame(got)
				}
				if err != nil || !bytes.Equal(got.Payload, want) {
					t.Errorf("%+v: %d bytes, or other ones, %v", test, len(got.Payload), err)
				}
			}
		})
	}
}

// Errors leave nothing in the queue, drop nothing that was there, and release
// what was given.
func TestBorrowedIsRefused(t *testing.T) {
	for _, c := range carriers[:2] {
		t.Run(c.name, func(t *testing.T) {
			counted(t)
			o := c.opt
			o.MaxQueue = much + 100_000
			p := connect(t, narrowPair, o)
			first, second := random(much, 1), random(much, 2)
			if err := p.conn.Enqueue(textFrame("head"), borrowed(first)); err != nil {
				t.Fatal(err)
			}
			want := bytes.Clone(first)
			spoil(first)
			p.conn.Flush()
			before := p.conn.Queued()
			if err := p.conn.Enqueue(textFrame("refused"), borrowed(second)); err != ws.ErrQueueFull {
				t.Errorf("error %v", err)
			}
			if n := p.conn.Queued(); n != before {
				t.Errorf("%d bytes are queued, not %d", n, before)
			}
			spoil(second)
			if err := p.conn.Enqueue(textFrame("behind")); err != nil {
				t.Error(err)
			}
			p.conn.Close(4000, "bye")
			if err := p.conn.Enqueue(textFrame("late"), borrowed(second)); err != ws.ErrClosed {
				t.Errorf("error %v", err)
			}
			for _, w := range [][]byte{[]byte("head"), want, []byte("behind")} {
				if f := p.read(); !bytes.Equal(f.Payload, w) {
					t.Errorf("%d bytes, or other ones, want %d", len(f.Payload), len(w))
				}
			}
			p.expectClose(4000)
			go p.write(masked(0x88, nil))
			receive(t, "end", p.gone)
			if err := p.conn.Enqueue(borrowed(second)); err != ws.ErrClosed {
				t.Errorf("error %v", err)
			}
		})
	}
}

// The connection ends while a part waits: politely, when all of it is
// delivered before, or at once, when nobody touches the memory any more.
func TestEndWhileBorrowedWaits(t *testing.T) {
	for _, c := range carriers[:2] {
		t.Run(c.name, func(t *testing.T) {
			for name, test := range map[string]struct {
				end  func(p *pair)
				want error
			}{
				"Close":        {func(p *pair) { p.conn.Close(4001, "because") }, nil},
				"CloseNow":     {func(p *pair) { p.conn.CloseNow() }, ws.ErrClosed},
				"by the peer":  {func(p *pair) { _ = p.client.Close() }, nil},
				"Close, reset": {func(p *pair) { p.conn.Close(4001, ""); _ = p.client.(*net.TCPConn).SetLinger(0); _ = p.client.Close() }, nil},
			} {
				counted(t)
				p := connect(t, narrowPair, c.opt)
				packet := random(much, 1)
				want := bytes.Clone(packet)
				_ = p.conn.Enqueue(textFrame("head"), borrowed(packet), textFrame("behind"))
				spoil(packet)
				p.conn.Flush()
				test.end(p)
				if name == "Close" {
					p.read()
					if f := p.read(); !bytes.Equal(f.Payload, want) {
						t.Error("other bytes")
					}
					p.read()
					p.expectClose(4001)
					go p.write(masked(0x88, nil))
				}
				err := receive(t, name, p.closed)
				if test.want != nil && err != test.want {
					t.Errorf("%s: ended with %v", name, err)
				}
				receive(t, name, p.gone)
				settle(t, func() bool { return p.conn.Queued() == 0 })
			}
		})
	}
}

// A write that fails gives back what was borrowed, and the next are refused.
func TestBorrowedAndAWriteError(t *testing.T) {
	counted(t)
	p := connect(t, tcpPair, ws.Options{Poller: poller})
	_ = p.client.(*net.TCPConn).SetLinger(0)
	_ = p.client.Close()
	packet := random(100_000, 1)
	settle(t, func() bool {
		err := p.conn.Enqueue(textFrame("head"), borrowed(packet))
		if err != nil && !errors.Is(err, ws.ErrClosed) {
			t.Error(err)
		}
		return err != nil
	})
	receive(t, "end", p.gone)
	if n := p.conn.Queued(); n != 0 {
		t.Errorf("%d bytes are queued", n)
	}
}

// What the kernel takes at once is not copied.
func TestBorrowedBudget(t *testing.T) {
	if raceEnabled || !polls() {
		t.Skip("not measured with the race detector, or without a poller")
	}
	p := connect(t, tcpPair, ws.Options{Poller: poller})
	const size, rounds = 64 << 10, 300
	packet, back := random(size, 1), make([]byte, 10+size)
	round := func() {
		if err := p.conn.Enqueue(borrowed(packet)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(p.client, back); err != nil {
			t.Fatal(err)
		}
	}
	round()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range rounds {
		round()
	}
	runtime.ReadMemStats(&after)
	n := (after.TotalAlloc - before.TotalAlloc) / rounds
	t.Logf("%d bytes are allocated for one of %d", n, size)
	if n > 1000 {
		t.Errorf("%d bytes are allocated", n)
	}
}

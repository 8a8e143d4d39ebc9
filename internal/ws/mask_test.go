package ws_test

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"

	gobwas "github.com/gobwas/ws"
	"github.com/gobwas/ws/wsflate"

	"github.com/gosio/sio/internal/ws"
)

// maskedSizes are those up to 70,000 at which something changes, and some between.
func maskedSizes() (sizes []int) {
	for n := range 300 {
		sizes = append(sizes, n)
	}
	for n := 300; n < 70_000; n += 997 {
		sizes = append(sizes, n)
	}
	for _, edge := range []int{2048, 4096, 16 << 10, 1 << 16} {
		for n := edge - 20; n <= edge+20; n++ {
			sizes = append(sizes, n)
		}
	}
	return append(sizes, 70_000)
}

// What a client sends is masked as another hand would do it, with a key of its
// own for each frame, whatever its size and kind.
func TestMasks(t *testing.T) {
	onClientCarriers(t, func(t *testing.T, p *pair) {
		keys := map[[4]byte]int{}
		for i, n := range maskedSizes() {
			packet := random(n, uint64(i))
			mine := bytes.Clone(packet) // borrowed, and then spoilt
			f := packetFrame(packet, true, true)
			if err := p.conn.Enqueue(packetFrame(packet, false, true), f, borrowed(mine)); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(mine, packet) {
				t.Fatalf("%d bytes: borrowed memory was changed", n)
			}
			spoil(mine)
			p.conn.Flush()
			for _, op := range []gobwas.OpCode{gobwas.OpText, gobwas.OpBinary, gobwas.OpBinary} {
				w := p.readMasked(packet)
				if w.OpCode != op || w.Rsv != 0 {
					t.Fatalf("%d bytes: opcode %x, reserved bits %x, want opcode %x", n, w.OpCode, w.Rsv, op)
				}
				keys[w.Mask]++
			}
		}
		if n := 3 * len(maskedSizes()); len(keys) < n-2 { // that two of some thousand are the same happens
			t.Errorf("%d keys for %d frames", len(keys), n)
		}
	})
}

// Many frames of one write, and single ones.
func TestMasksOfABatch(t *testing.T) {
	onClientCarriers(t, func(t *testing.T, p *pair) {
		var want [][]byte
		for i := range 300 {
			packet := random([]int{0, 1, 5, 125, 126, 2047, 2048, 2049, 70_000}[i%9], uint64(i))
			want = append(want, packet)
			if err := p.conn.Enqueue(packetFrame(packet, true, true)); err != nil {
				t.Fatal(err)
			}
		}
		p.conn.Flush()
		for _, packet := range want {
			p.readMasked(packet)
		}
	})
}

// A compressed frame is masked, and the form of it that all share is not.
func TestMaskOfCompressed(t *testing.T) {
	for _, c := range carriers {
		t.Run(c.name, func(t *testing.T) {
			o := c.opt
			o.Deflate = &ws.Deflate{Threshold: 100}
			p := connectClient(t, c.pair, o)
			for _, n := range []int{99, 100, 1000, 70_000, 3_000_000} {
				packet := letters(n, uint64(n))
				f := packetFrame(packet, false, true)
				f.Retain(1)
				deflated := bytes.Clone(f.Deflated())
				_ = p.conn.Enqueue(f)
				p.conn.Flush()
				if n < 100 {
					p.readMasked(packet)
				} else {
					server, err := readFrame(bytes.NewReader(deflated))
					if err != nil {
						t.Fatal(err)
					}
					w := p.readMasked(server.Payload)
					if !w.Rsv1() {
						t.Errorf("%d bytes: not compressed", n)
					}
					plain, err := wsflate.DecompressFrame(server)
					if err != nil || !bytes.Equal(plain.Payload, packet) {
						t.Errorf("%d bytes: another message, %v", n, err)
					}
				}
				if !bytes.Equal(f.Deflated(), deflated) {
					t.Errorf("%d bytes: the compressed form has changed", n)
				}
				f.Release()
			}
		})
	}
}

// A frame that many clients send at once, together with a server, stays as it is.
func TestSharedFrameStaysIntact(t *testing.T) {
	const clients, rounds = 6, 40
	for _, size := range []int{10, 2000, 70_000} {
		for _, compress := range []bool{false, true} {
			t.Run(fmt.Sprint(size, " compressed ", compress), func(t *testing.T) {
				counted(t)
				packet := letters(size, 1)
				f := packetFrame(packet, false, compress)
				f.Retain(1)
				form := bytes.Clone(f.WebSocket())
				if compress {
					form = bytes.Clone(f.Deflated())
				}
				server, err := readFrame(bytes.NewReader(form))
				if err != nil {
					t.Fatal(err)
				}
				var wg sync.WaitGroup
				for i := range clients {
					c := carriers[i%len(carriers)]
					o := c.opt
					o.Deflate = &ws.Deflate{Threshold: 1}
					p := connectClient(t, c.pair, o)
					wg.Go(func() {
						for range rounds {
							f.Retain(1)
							_ = p.conn.Enqueue(f)
							p.conn.Flush()
						}
					})
					wg.Go(func() {
						for range rounds {
							p.readMasked(server.Payload)
						}
					})
				}
				p := connect(t, tcpPair, ws.Options{Poller: poller, Deflate: &ws.Deflate{Threshold: 1}})
				wg.Go(func() {
					for range rounds {
						f.Retain(1)
						_ = p.conn.Enqueue(f)
						p.conn.Flush()
						if got := p.read(); !bytes.Equal(got.Payload, server.Payload) || got.Header.Masked {
							t.Error("a server sent something else")
						}
					}
				})
				wg.Wait()
				if !bytes.Equal(f.Payload(), packet) || !compress && !bytes.Equal(f.WebSocket(), form) || compress && !bytes.Equal(f.Deflated(), form) {
					t.Error("the frame has changed")
				}
				f.Release()
				f.Release()
			})
		}
	}
}

// Control frames are masked, too.
func TestMasksOfControlFrames(t *testing.T) {
	onClientCarriers(t, func(t *testing.T, p *pair) {
		for _, payload := range []string{"", "x", strings.Repeat("y", 125)} {
			go p.write(unmasked(0x89, []byte(payload)))
			if w := p.readMasked([]byte(payload)); w.OpCode != gobwas.OpPong {
				t.Errorf("answer %v", w.OpCode)
			}
		}
		p.conn.Close(4321, "bye")
		if w := p.readMasked(append([]byte{0x10, 0xe1}, "bye"...)); w.OpCode != gobwas.OpClose {
			t.Errorf("got %v", w.OpCode)
		}
		go p.write(unmasked(0x88, nil))
		receive(t, "end", p.gone)
	})
}

// Borrowed memory is its owner's again when Enqueue returns, also if the
// kernel takes only a part.
func TestMaskOfBorrowedThatWaits(t *testing.T) {
	for _, c := range carriers[:2] {
		t.Run(c.name, func(t *testing.T) {
			counted(t)
			p := connectClient(t, narrowPair, c.opt)
			packet := random(much, 1)
			want := bytes.Clone(packet)
			_ = p.conn.Enqueue(textFrame("head"), borrowed(packet), textFrame("behind"))
			if !bytes.Equal(packet, want) {
				t.Error("borrowed memory was changed")
			}
			spoil(packet)
			p.conn.Flush()
			for _, w := range [][]byte{[]byte("head"), want, []byte("behind")} {
				p.readMasked(w)
			}
		})
	}
}

package ws

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	gobwas "github.com/gobwas/ws"

	"github.com/gosio/sio/internal/buf"
)

// keeper keeps what it gets: large payloads as they are, as they are its own.
type keeper struct {
	Handler  // of the rest, nothing is called
	payloads [][]byte
	wait     chan struct{} // returned by the next Message
}

func (k *keeper) Message(payload []byte, _ bool) <-chan struct{} {
	if len(payload) < Large {
		payload = bytes.Clone(payload)
	}
	k.payloads = append(k.payloads, payload)
	wait := k.wait
	k.wait = nil
	return wait
}

func (*keeper) CaughtUp() <-chan struct{} { return nil }
func (*keeper) Resumed()                  {}

// feeder brings bytes to a reader as the poller does, without a network.
type feeder struct {
	Conn
	*keeper
	scratch []byte
	sent    int
}

func newFeeder(maxMessage int) *feeder {
	f := &feeder{keeper: new(keeper), scratch: make([]byte, 64<<10)}
	f.handler = f.keeper
	f.reader.maxMessage = maxMessage
	return f
}

// feed brings bytes, size of them at a time, or less if the reader takes less.
func (f *feeder) feed(data []byte, size int) error {
	for len(data) > 0 {
		into := f.reader.into(f.scratch)
		n := copy(into[:min(len(into), size)], data)
		data = data[n:]
		f.sent += n
		if err := f.reader.took(&f.Conn, into[:n]); err != nil {
			return err
		}
		for i := range min(n, len(f.scratch)) { // which other connections use
			f.scratch[i] = 0xdb
		}
	}
	return nil
}

// held returns how much memory the reader has.
func (f *feeder) held() (n int) {
	if f.reader.large != nil {
		n += cap(f.reader.large.payload)
	}
	for _, b := range []*buf.Buffer{f.reader.partial, f.reader.message} {
		if b != nil {
			n += cap(b.B)
		}
	}
	return n
}

// clientHead encodes the head of a client's frame.
func clientHead(first byte, length int) []byte {
	var b bytes.Buffer
	_ = gobwas.WriteHeader(&b, gobwas.Header{
		Fin: first&0x80 != 0, OpCode: gobwas.OpCode(first & 15), Masked: true, Mask: [4]byte{9, 8, 7, 6}, Length: int64(length),
	})
	return b.Bytes()
}

func clientFrame(first byte, payload []byte) []byte {
	payload = bytes.Clone(payload)
	gobwas.Cipher(payload, [4]byte{9, 8, 7, 6}, 0)
	return append(clientHead(first, len(payload)), payload...)
}

func noise(n int, seed uint64) []byte {
	b, r := make([]byte, 0, n+8), rand.New(rand.NewPCG(seed, 0))
	for len(b) < n {
		b = binary.LittleEndian.AppendUint64(b, r.Uint64())
	}
	return b[:n]
}

// A large frame among small ones, cut at every place near a head, into two
// reads and into reads of one byte: the same comes of it.
func TestLargeCutAnywhere(t *testing.T) {
	want := [][]byte{[]byte("before"), noise(Large, 1), []byte("between"), noise(70_001, 2), noise(Large-1, 3), []byte("behind")}
	var stream []byte
	var heads []int
	for _, p := range want {
		heads = append(heads, len(stream))
		stream = append(stream, clientFrame(0x82, p)...)
	}
	check := func(f *feeder, cut int) {
		t.Helper()
		if !slices.EqualFunc(f.payloads, want, bytes.Equal) {
			t.Fatalf("cut at %d: %d messages, or other ones", cut, len(f.payloads))
		}
		if n := f.held(); n != 0 {
			t.Fatalf("cut at %d: %d bytes are held behind the last message", cut, n)
		}
	}
	run := func(cut, size int) {
		t.Helper()
		f := newFeeder(0)
		if err := errors.Join(f.feed(stream[:cut], 1<<30), f.feed(stream[cut:min(cut+20, len(stream))], size), f.feed(stream[min(cut+20, len(stream)):], 1<<30)); err != nil {
			t.Fatal(err)
		}
		check(f, cut)
	}
	for _, head := range heads {
		for cut := max(0, head-3); cut < min(head+20, len(stream)); cut++ {
			run(cut, 1<<30)
			run(cut, 1)
		}
	}
	for _, size := range []int{1, 13, 1000, headSize, headSize + 1, 4096, 16 << 10, Large + 8} {
		f := newFeeder(0)
		if err := f.feed(stream, size); err != nil {
			t.Fatal(err)
		}
		check(f, -size)
	}
}

// A peer that says how much it will send, and does not, costs no more than a
// few times of what it has sent; where a large message came before, as much as
// that had.
func TestMemoryOfWhatDoesNotCome(t *testing.T) {
	const limit, much = 16 << 20, 100_000
	check := func(f *feeder, most int) {
		t.Helper()
		before, payload := f.sent, noise(300_000, 1)
		for i, first := range []byte{0x82, 0x81, 0x02} {
			f.reader.release()
			f.sent = before
			if err := f.feed(clientHead(first, limit), 1<<30); err != nil {
				t.Fatal(err)
			}
			if n := f.held(); n > most {
				t.Fatalf("%d bytes are held for a head", n)
			}
			for rest, sent := payload, 0; len(rest) > 0; {
				n := min(len(rest), 1+i*7919)
				if i == 0 { // by and by
					n = min(len(rest), 1+sent/8)
				}
				_ = f.feed(rest[:n], 1<<30)
				rest, sent = rest[n:], sent+n
				if held := f.held(); held > max(most, 8*sent) { // 4 times, rounded up to a class
					t.Fatalf("%d bytes are held for %d", held, sent)
				}
			}
		}
		f.reader.release()
	}
	f := newFeeder(limit)
	check(f, 2*headSize)
	f = newFeeder(limit)
	_ = f.feed(clientFrame(0x82, noise(much, 1)), 1<<30)
	check(f, 2*much) // it is likely that another one of that size comes

	// Much that is small ends the expectation.
	for range 200 {
		_ = f.feed(bytes.Repeat(clientFrame(0x82, make([]byte, 100)), 100), 1<<30)
	}
	f.reader.release()
	check(f, 2*headSize)
	if len(f.payloads) != 1+200*100 {
		t.Errorf("%d messages", len(f.payloads))
	}
}

// Where a large frame is expected, it is read to where it stays but for its
// beginning: a second one needs one piece of memory and no more.
func TestSecondLargeFrameGrowsNotAtAll(t *testing.T) {
	f := newFeeder(0)
	const size = 200_000
	_ = f.feed(clientFrame(0x82, noise(size, 1)), 1<<30)
	frame := clientFrame(0x82, noise(size, 2))
	_ = f.feed(frame[:headSize], 1<<30)
	if f.reader.large == nil || cap(f.reader.large.payload) < size {
		t.Fatalf("%d bytes are held for one of %d", f.held(), size)
	}
	memory := &f.reader.large.payload[0]
	_ = f.feed(frame[headSize:], 1<<30)
	if len(f.payloads) != 2 || &f.payloads[1][0] != memory {
		t.Error("the message is not in the memory that it was read to")
	}
}

// What is not allowed is refused when its head is known, before there is any
// memory for it.
func TestTooLargeIsRefusedByItsHead(t *testing.T) {
	const limit = 100_000
	half := noise(60_000, 1)
	for name, test := range map[string]struct {
		before  []byte
		refused []byte
	}{
		"a frame":                  {nil, clientHead(0x82, limit+1)},
		"a frame after a large":    {clientFrame(0x82, noise(limit, 1)), clientHead(0x81, limit+1)},
		"the beginning":            {nil, clientHead(0x02, limit+1)},
		"a fragment":               {clientFrame(0x02, half), clientHead(0x80, limit-len(half)+1)},
		"a fragment behind a ping": {append(clientFrame(0x02, half), clientFrame(0x8a, nil)...), clientHead(0x00, limit-len(half)+1)},
		"beyond everything":        {nil, clientHead(0x82, 1<<62)},
	} {
		for _, size := range []int{1, 1 << 30} {
			f := newFeeder(limit)
			if err := f.feed(test.before, size); err != nil {
				t.Fatal(name, err)
			}
			before := f.held()
			if err := f.feed(test.refused, size); err != ErrMessageTooBig {
				t.Errorf("%s: %v", name, err)
			}
			if f.reader.large != nil || f.held() > before+2*headSize {
				t.Errorf("%s: %d bytes are held", name, f.held()-before)
			}
			f.reader.release()
			if f.held() != 0 {
				t.Errorf("%s: memory is held after the end", name)
			}
		}
	}
}

// While the handler wants to wait, nothing is consumed, wherever in a large
// frame the read that brought its message has ended.
func TestWaitBeforeLarge(t *testing.T) {
	small, large := []byte("small"), noise(50_000, 1)
	first, second := clientFrame(0x82, small), clientFrame(0x82, large)
	for _, cut := range []int{0, 1, 2, 3, 7, 8, 9, 13, 14, 100, headSize, len(second) - 1, len(second)} {
		f := newFeeder(0)
		f.keeper.wait = make(chan struct{})
		if err := f.feed(slices.Concat(first, second[:cut]), 1<<30); err != nil {
			t.Fatal(err)
		}
		if f.reader.wait == nil || len(f.payloads) != 1 || f.reader.large != nil {
			t.Fatalf("cut %d: %d messages, or it does not wait", cut, len(f.payloads))
		}
		if err := f.resume(); err != nil {
			t.Fatal(err)
		}
		if err := f.feed(slices.Concat(second[cut:], first), 1<<30); err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(f.payloads, [][]byte{small, large, small}, bytes.Equal) || f.held() != 0 {
			t.Errorf("cut %d: %d messages, %d bytes held", cut, len(f.payloads), f.held())
		}
	}
}

// The memory of a large message is neither that of the reader nor of another
// message, by whatever way it came.
func TestLargeMessagesAreTheHandlers(t *testing.T) {
	f := newFeeder(0)
	var want [][]byte
	for i := range 200 {
		p := noise(Large+i*97, uint64(i))
		want = append(want, p)
		cut := i * 60
		stream := clientFrame(0x82, p)
		if i%3 == 0 {
			stream = slices.Concat(clientFrame(0x02, p[:cut]), clientFrame(0x80, p[cut:]))
		}
		if err := f.feed(stream, []int{1 << 30, 5000, 32 << 10}[i%3]); err != nil {
			t.Fatal(err)
		}
		if i%5 == 4 { // done with this one
			if !bytes.Equal(f.payloads[i], p) {
				t.Fatalf("message %d is another one", i)
			}
			buf.Give(f.payloads[i])
			want[i], f.payloads[i] = nil, nil
		}
	}
	for i := range want {
		if !bytes.Equal(f.payloads[i], want[i]) {
			t.Errorf("message %d has changed", i)
		}
	}
}

package frame_test

import (
	"bytes"
	"runtime"
	"testing"
	"weak"

	"github.com/gobwas/ws"

	"github.com/gosio/sio/internal/frame"
)

func borrowing(packet []byte, binary bool) *frame.Frame {
	f := frame.New(0)
	f.Borrow(packet)
	f.Seal(binary, true)
	return f
}

// The header of a borrowed packet is that of one in the frame, and Own makes
// no difference to what the peer gets.
func TestBorrow(t *testing.T) {
	for _, n := range []int{1, 125, 126, 127, 1000, 65535, 65536, 1 << 20, 1<<20 + 1} {
		for _, binary := range []bool{false, true} {
			packet := bytes.Repeat([]byte{'x'}, n)
			want := sealed(packet, binary)
			f := borrowing(packet, binary)
			if b := f.Borrowed(); len(b) != n || &b[0] != &packet[0] {
				t.Errorf("%d bytes: not the borrowed memory", n)
			}
			head := want.WebSocket()[:len(want.WebSocket())-n]
			if !bytes.Equal(f.WebSocket(), head) || f.Len() != n || f.Binary() != binary || !f.Compress() {
				t.Errorf("%d bytes: header % x, want % x; length %d", n, f.WebSocket(), head, f.Len())
			}
			f.Own()
			clear(packet) // its owner uses it again
			if f.Borrowed() != nil || f.Len() != n || !bytes.Equal(f.Payload(), want.Payload()) || !bytes.Equal(f.WebSocket(), want.WebSocket()) {
				t.Errorf("%d bytes: not the same frame after Own", n)
			}
			f.Own() // which has nothing more to do
			if !bytes.Equal(f.WebSocket(), want.WebSocket()) {
				t.Errorf("%d bytes: not the same frame after a second Own", n)
			}
			f.Release()
			want.Release()
		}
	}
}

// What is borrowed can be compressed once it is owned.
func TestDeflatedAfterOwn(t *testing.T) {
	packet := bytes.Repeat([]byte("all work and no play "), 5000)
	want, f := sealed(packet, true), borrowing(packet, true)
	f.Own()
	clear(packet)
	if !bytes.Equal(f.Deflated(), want.Deflated()) {
		t.Error("compressed to something else")
	}
	f.Release()
	want.Release()
}

func TestOwnOfWhatIsNotBorrowed(t *testing.T) {
	for _, packet := range []string{"", "hello"} {
		f := sealed([]byte(packet), false)
		f.Own()
		if string(f.Payload()) != packet || f.Borrowed() != nil {
			t.Errorf("%q became %q", packet, f.Payload())
		}
		f.Release()
	}
	f := borrowing([]byte{}, true)
	if f.Own(); f.Len() != 0 || !bytes.Equal(f.WebSocket(), []byte{0x82, 0}) {
		t.Errorf("nothing became % x", f.WebSocket())
	}
	f.Release()
}

func TestGroupOwn(t *testing.T) {
	first, second := []byte("first"), []byte("second")
	g := frame.Group{First: borrowing(first, false), Rest: []*frame.Frame{sealed([]byte("between"), false), borrowing(second, true)}}
	if n := g.Len(); n != len("firstbetweensecond") {
		t.Errorf("group of %d bytes", n)
	}
	g.Own()
	clear(first)
	clear(second)
	var got []byte
	for _, f := range append([]*frame.Frame{g.First}, g.Rest...) {
		if f.Borrowed() != nil {
			t.Error("still borrowed")
		}
		got = append(got, f.Payload()...)
	}
	if string(got) != "firstbetweensecond" || g.Len() != len(got) {
		t.Errorf("%q, %d bytes", got, g.Len())
	}
	g.Release()
	g = frame.Group{First: sealed(nil, false)}
	g.Own()
	g.Release()
}

// A frame that is released refers to its owner's memory no more, neither for
// the collector nor for who uses the frame next.
func TestReleaseForgetsWhatIsBorrowed(t *testing.T) {
	var frames []*frame.Frame
	memory := func() weak.Pointer[byte] {
		packet := make([]byte, 1<<20)
		f := borrowing(packet, true)
		frames = append(frames, f)
		f.Retain(1)
		f.Release()
		if f.Borrowed() == nil {
			t.Error("gone while a reference is held")
		}
		f.Release()
		return weak.Make(&packet[0])
	}()
	if frames[0].Borrowed() != nil {
		t.Error("still borrowed after the release")
	}
	runtime.GC()
	if memory.Value() != nil {
		t.Error("the memory is kept")
	}
	for range 100 {
		f := frame.New(0)
		if f.Borrowed() != nil || f.Len() != 0 {
			t.Fatal("a new frame that has something in it")
		}
		f.Seal(true, false)
		if got, err := readFrame(bytes.NewReader(f.WebSocket())); err != nil || got.Header.OpCode != ws.OpBinary || len(got.Payload) != 0 {
			t.Fatalf("%+v, %v", got, err)
		}
		f.Borrow(make([]byte, 10))
		f.Release()
	}
	runtime.KeepAlive(frames)
}

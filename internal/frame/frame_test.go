package frame_test

import (
	"bytes"
	"compress/flate"
	"io"
	"sync"
	"testing"

	"github.com/gobwas/ws"

	"github.com/gosio/sio/internal/frame"
)

func sealed(payload []byte, binary bool) *frame.Frame {
	f := frame.New(len(payload))
	f.B = append(f.B, payload...)
	f.Seal(binary, true)
	return f
}

// readFrame reads a frame with the codec of another hand.
func readFrame(r io.Reader) (f ws.Frame, err error) {
	if f.Header, err = ws.ReadHeader(r); err != nil {
		return f, err
	}
	f.Payload = make([]byte, f.Header.Length)
	_, err = io.ReadFull(r, f.Payload)
	return f, err
}

func TestWebSocketForm(t *testing.T) {
	for _, n := range []int{0, 1, 125, 126, 127, 1000, 65535, 65536, 200000} {
		for _, binary := range []bool{false, true} {
			payload := bytes.Repeat([]byte{'x'}, n)
			f := sealed(payload, binary)
			got, err := readFrame(bytes.NewReader(f.WebSocket()))
			if err != nil {
				t.Fatal(err)
			}
			want := ws.OpText
			if binary {
				want = ws.OpBinary
			}
			if !got.Header.Fin || got.Header.OpCode != want || got.Header.Masked || !bytes.Equal(got.Payload, payload) {
				t.Errorf("%d bytes, binary %v: header %+v", n, binary, got.Header)
			}
			if f.Len() != n || f.Binary() != binary || !bytes.Equal(f.Payload(), payload) {
				t.Errorf("%d bytes: wrong view", n)
			}
			f.Release()
		}
	}
}

func TestAppendBeyondCapacity(t *testing.T) {
	f := frame.New(1)
	want := bytes.Repeat([]byte("abc"), 1000)
	for rest := want; len(rest) > 0; rest = rest[3:] {
		f.B = append(f.B, rest[:3]...)
	}
	f.Seal(false, true)
	if !bytes.Equal(f.Payload(), want) {
		t.Error("payload changed")
	}
	f.Release()
}

func TestDeflatedIsSharedAndInflates(t *testing.T) {
	payload := bytes.Repeat([]byte("all work and no play "), 500)
	f := sealed(payload, false)
	var first []byte
	var wg sync.WaitGroup
	var mu sync.Mutex
	for range 8 {
		wg.Go(func() {
			b := f.Deflated()
			mu.Lock()
			defer mu.Unlock()
			if first == nil {
				first = b
			}
			if &first[0] != &b[0] {
				t.Error("compressed twice")
			}
		})
	}
	wg.Wait()
	got, err := readFrame(bytes.NewReader(first))
	if err != nil {
		t.Fatal(err)
	}
	if got.Header.Rsv != ws.Rsv(true, false, false) || len(got.Payload) >= len(payload) {
		t.Errorf("header %+v, %d bytes", got.Header, len(got.Payload))
	}
	r := flate.NewReader(io.MultiReader(bytes.NewReader(got.Payload), bytes.NewReader([]byte{0, 0, 0xff, 0xff, 1, 0, 0, 0xff, 0xff})))
	if back, err := io.ReadAll(r); err != nil || !bytes.Equal(back, payload) {
		t.Errorf("inflates to %d bytes, %v", len(back), err)
	}
	f.Release()
}

func TestReferences(t *testing.T) {
	f := sealed([]byte("hello"), false)
	f.Retain(2)
	f.Release()
	f.Release()
	if string(f.Payload()) != "hello" {
		t.Error("gone while a reference is held")
	}
	g := frame.Group{First: f, Rest: []*frame.Frame{sealed([]byte("12345"), true)}}
	if g.Len() != 10 {
		t.Errorf("group of %d bytes", g.Len())
	}
	g.Retain(1)
	g.Release()
	g.Release()
	defer func() {
		if recover() == nil {
			t.Error("no panic below zero")
		}
	}()
	big := sealed(make([]byte, 1<<20), true) // not pooled, so nobody else gets it in between
	big.Release()
	big.Release()
}

func TestDeflatedOfNothing(t *testing.T) {
	f := sealed(nil, true)
	got, err := readFrame(bytes.NewReader(f.Deflated()))
	if err != nil || got.Header.OpCode != ws.OpBinary || !bytes.Equal(got.Payload, []byte{0}) {
		t.Errorf("%+v, %v", got, err) // one byte: RFC 7692 section 7.2.3.6
	}
	f.Release()
}

// What does not compress gets larger, and still fits behind its header.
func TestDeflatedOfNoise(t *testing.T) {
	noise := make([]byte, 70000)
	for i, x := 0, uint32(1); i < len(noise); i++ {
		x = x*1664525 + 1013904223
		noise[i] = byte(x >> 24)
	}
	f := sealed(noise, true)
	got, err := readFrame(bytes.NewReader(f.Deflated()))
	if err != nil || len(got.Payload) < len(noise) {
		t.Fatalf("%d bytes, %v", len(got.Payload), err)
	}
	r := flate.NewReader(io.MultiReader(bytes.NewReader(got.Payload), bytes.NewReader([]byte{0, 0, 0xff, 0xff, 1, 0, 0, 0xff, 0xff})))
	if back, err := io.ReadAll(r); err != nil || !bytes.Equal(back, noise) {
		t.Errorf("inflates to %d bytes, %v", len(back), err)
	}
	f.Release()
}

// A frame that is used again knows nothing of what it was.
func TestReuseIsClean(t *testing.T) {
	for i := range 200 {
		f := sealed(bytes.Repeat([]byte{byte(i)}, 50+i), i%2 == 0)
		want := f.Deflated()
		g := sealed(bytes.Repeat([]byte{byte(i)}, 50+i), i%2 == 0)
		if !bytes.Equal(g.Deflated(), want) {
			t.Fatal("a stale compressed view")
		}
		f.Release()
		g.Release()
	}
}

func TestRetainAfterReleasePanics(t *testing.T) {
	f := sealed(make([]byte, 1<<20), true) // not pooled, so nobody else gets it in between
	f.Release()
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	f.Retain(1)
}

func TestReuseAllocatesNothing(t *testing.T) {
	if n := testing.AllocsPerRun(1000, func() { sealed(nil, false).Release() }); n >= 1 { // the race detector empties pools at random: less than 1
		t.Errorf("%v allocations", n)
	}
}

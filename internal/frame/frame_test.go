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

func TestWebSocketForm(t *testing.T) {
	for _, n := range []int{0, 1, 125, 126, 127, 1000, 65535, 65536, 200000} {
		for _, binary := range []bool{false, true} {
			payload := bytes.Repeat([]byte{'x'}, n)
			f := sealed(payload, binary)
			got, err := ws.ReadFrame(bytes.NewReader(f.WebSocket()))
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
	for _, c := range want {
		f.B = append(f.B, c)
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
	got, err := ws.ReadFrame(bytes.NewReader(first))
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

func TestReuseAllocatesNothing(t *testing.T) {
	if n := testing.AllocsPerRun(1000, func() { sealed(nil, false).Release() }); n >= 1 {
		t.Errorf("%v allocations", n)
	}
}

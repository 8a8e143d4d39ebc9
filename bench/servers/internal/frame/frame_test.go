package frame_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/gobwas/ws"
	"github.com/gosio/sio/bench/servers/internal/frame"
)

// fromClient is a frame as gobwas/ws writes it for a client.
func fromClient(t *testing.T, payload []byte) []byte {
	t.Helper()
	f := ws.MaskFrameWith(ws.NewTextFrame(payload), [4]byte{1, 2, 3, 4})
	data, err := ws.CompileFrame(f)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

var sizes = []int{0, 1, 125, 126, 65535, 65536, frame.Max}

func TestSplit(t *testing.T) {
	for _, size := range sizes {
		want := bytes.Repeat([]byte("x"), size)
		data := fromClient(t, want)
		for _, n := range []int{0, 1, 3, 5, len(data) - 1} {
			if _, _, length, err := frame.Split(bytes.Clone(data[:n])); length != 0 || err != nil {
				t.Fatalf("%d bytes of payload, cut at %d: length %d, error %v", size, n, length, err)
			}
		}
		first, payload, length, err := frame.Split(append(data, "rest"...))
		if err != nil || first != frame.FinalText || length != len(data) || !bytes.Equal(payload, want) {
			t.Fatalf("%d bytes of payload: first %#x, payload of %d, length %d of %d, error %v", size, first, len(payload), length, len(data), err)
		}
	}
}

func TestSplitTooLarge(t *testing.T) {
	for _, n := range []byte{0, 0xff} { // 0xff: negative as an int
		data := []byte{frame.FinalText, 0x80 | 127, n, 0, 0, 0, 0, 0xff, 0xff, 0xff, 1, 2, 3, 4}
		if _, _, _, err := frame.Split(data); !errors.Is(err, frame.ErrTooLarge) {
			t.Errorf("header % x: %v", data, err)
		}
	}
}

func TestAppend(t *testing.T) {
	for _, size := range sizes {
		want := bytes.Repeat([]byte("x"), size)
		r := bytes.NewReader(frame.Append(nil, frame.FinalText, want))
		h, err := ws.ReadHeader(r)
		if err != nil || !h.Fin || h.OpCode != ws.OpText || h.Masked || h.Length != int64(size) {
			t.Errorf("%d bytes of payload: %+v, error %v", size, h, err)
		}
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d bytes of payload: %d others, error %v", size, len(got), err)
		}
	}
}

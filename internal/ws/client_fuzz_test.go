package ws_test

import (
	"bytes"
	"io"
	"slices"
	"testing"

	"github.com/gosio/sio/internal/ws"
)

// FuzzClientRead gives arbitrary bytes to a client's end, whole and in pieces: it
// must come to the same messages and the same end, within its limits.
func FuzzClientRead(f *testing.F) {
	for _, v := range serverViolations {
		f.Add(bytes.Join(v.frames, nil), uint8(3))
	}
	f.Add(bytes.Join([][]byte{unmasked(0x81, []byte("hello")), unmasked(0x01, []byte("a")), unmasked(0x89, nil), unmasked(0x80, []byte("b")), unmasked(0x88, nil)}, nil), uint8(1))
	f.Add(unmasked(0xc1, []byte{0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00}), uint8(2))
	f.Add(unmasked(0x82, make([]byte, 1999)), uint8(200))
	f.Fuzz(func(t *testing.T, stream []byte, step uint8) {
		if len(stream) > 4096 {
			return
		}
		run := func(step int) (got []message, end string) {
			client, server := tcpPair(t)
			defer server.Close()
			r := newRecorder()
			c := ws.NewClientConn(client, nil, &ws.Options{MaxMessage: 2000, Deflate: &ws.Deflate{}}, true)
			c.Start(r)
			go io.Copy(io.Discard, server)
			for i := 0; i < len(stream); i += step {
				if _, err := server.Write(stream[i:min(i+step, len(stream))]); err != nil {
					break
				}
			}
			_ = server.(interface{ CloseWrite() error }).CloseWrite()
			err := receive(t, "end", r.closed)
			_ = server.Close()
			receive(t, "end of the goroutine", r.gone)
			close(r.messages)
			for m := range r.messages {
				if len(m.data) > 2000 {
					t.Fatalf("a message of %d bytes", len(m.data))
				}
				got = append(got, m)
			}
			return got, err.Error()
		}
		whole, end := run(len(stream) + 1)
		pieces, end2 := run(int(step) + 1)
		if end != end2 || !slices.Equal(whole, pieces) {
			t.Fatalf("%d messages and %q, in pieces %d and %q", len(whole), end, len(pieces), end2)
		}
	})
}

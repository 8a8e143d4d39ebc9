package ws_test

import (
	"bytes"
	"compress/flate"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gobwas/httphead"
	gobwas "github.com/gobwas/ws"
	"github.com/gobwas/ws/wsflate"

	"github.com/gosio/sio/internal/ws"
)

// compress does it as a client.
func compress(p []byte, level int) []byte {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, level)
	_, _ = w.Write(p)
	_ = w.Flush()
	return bytes.TrimSuffix(b.Bytes(), []byte{0, 0, 0xff, 0xff})
}

func TestInflate(t *testing.T) {
	text := strings.Repeat("to be or not to be ", 5000)
	for _, test := range []struct {
		name   string
		frames [][]byte
		want   string
	}{
		{"RFC 7692, 7.2.3.1", [][]byte{masked(0xc1, []byte{0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00})}, "Hello"},
		{"7.2.3.1, in fragments", [][]byte{masked(0x41, []byte{0xf2, 0x48, 0xcd}), masked(0x80, []byte{0xc9, 0xc9, 0x07, 0x00})}, "Hello"},
		{"7.2.3.3, stored", [][]byte{masked(0xc1, []byte{0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00})}, "Hello"},
		{"7.2.3.4, a final block", [][]byte{masked(0xc1, []byte{0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00})}, "Hello"},
		{"7.2.3.5, two blocks", [][]byte{masked(0xc1, []byte{0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00})}, "Hello"},
		{"7.2.3.6, nothing", [][]byte{masked(0xc1, []byte{0x00})}, ""},
		{"not compressed", [][]byte{masked(0x81, []byte("plain"))}, "plain"},
		{"large", [][]byte{masked(0xc1, compress([]byte(text), 9))}, text},
		{"with a ping within", [][]byte{masked(0x41, compress([]byte(text), 9)[:9]), masked(0x8a, []byte("x")), masked(0x80, compress([]byte(text), 9)[9:])}, text},
	} {
		p := connect(t, tcpPair, ws.Options{MaxMessage: len(text), Deflate: &ws.Deflate{}})
		p.write(test.frames...)
		if got := receive(t, test.name, p.messages); got.data != test.want {
			t.Errorf("%s: got %.40q", test.name, got.data)
		}
	}
}

func TestCompressionBitsThatAreRefused(t *testing.T) {
	for name, frames := range map[string][][]byte{
		"on a continuation": {masked(0x41, []byte{0xf2, 0x48}), masked(0xc0, []byte{0xcd})},
		"on a ping":         {masked(0xc9, nil)},
		"on a close":        {masked(0xc8, nil)},
		"reserved bit 2":    {masked(0xe1, []byte{0})},
	} {
		p := connect(t, tcpPair, ws.Options{Deflate: &ws.Deflate{}})
		p.write(frames...)
		t.Log(name)
		p.expectClose(1002)
	}
}

// The limit is that of the message, also if compression makes it larger.
func TestLimitOfWhatDoesNotCompress(t *testing.T) {
	const limit = 50_000
	noise := make([]byte, limit+1)
	for i := range noise {
		noise[i] = byte(rand.Uint32())
	}
	for _, level := range []int{flate.NoCompression, flate.HuffmanOnly, 1, 9} {
		p := connect(t, tcpPair, ws.Options{MaxMessage: limit, Deflate: &ws.Deflate{}})
		p.write(masked(0xc2, compress(noise[:limit], level)))
		if got := receive(t, "message at the limit", p.messages); got.data != string(noise[:limit]) {
			t.Errorf("level %d: %d bytes", level, len(got.data))
		}
		p.write(masked(0xc2, compress(noise, level)))
		if err := receive(t, "end", p.closed); err != ws.ErrMessageTooBig {
			t.Errorf("level %d: ended with %v", level, err)
		}
		p.expectClose(1009)
	}
}

func TestThreshold(t *testing.T) {
	for _, test := range []struct {
		threshold, from int // from: the shortest message that is compressed
	}{{0, 1024}, {1, 1}, {100, 100}, {-1, 1 << 30}} {
		p := connect(t, tcpPair, ws.Options{Deflate: &ws.Deflate{Threshold: test.threshold}})
		for _, n := range []int{1, 99, 100, 1023, 1024, 5000} {
			_ = p.conn.Enqueue(textFrame(strings.Repeat("x", n)))
			p.conn.Flush()
			if got := p.read().Header.Rsv1(); got != (n >= test.from) {
				t.Errorf("threshold %d: %d bytes, compressed %v", test.threshold, n, got)
			}
		}
	}
}

// A client of another hand negotiates, and understands and is understood.
func TestDeflateWithClient(t *testing.T) {
	url, conns := serve(t, &ws.Options{Deflate: &ws.Deflate{Threshold: 1}})
	c := dial(t, url, gobwas.Dialer{Extensions: []httphead.Option{wsflate.DefaultParameters.Option()}})
	p := receive(t, "connection", conns)
	for _, n := range []int{1, 10, 1000, 100_000} {
		text := strings.Repeat("abc", n)
		f, err := wsflate.CompressFrame(gobwas.NewTextFrame([]byte(text)))
		if err != nil {
			t.Fatal(err)
		}
		if err := gobwas.WriteFrame(c, gobwas.MaskFrame(f)); err != nil {
			t.Fatal(err)
		}
		if got := receive(t, "message", p.messages); got.data != text {
			t.Fatalf("%d bytes became %d", len(text), len(got.data))
		}
		_ = p.conn.Enqueue(textFrame(text))
		p.conn.Flush()
		if f, err = readFrame(c); err == nil {
			f, err = wsflate.DecompressFrame(f)
		}
		if err != nil || string(f.Payload) != text {
			t.Fatalf("%d bytes came back, %v", len(f.Payload), err)
		}
	}
}

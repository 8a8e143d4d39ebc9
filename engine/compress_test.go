package engine_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/gobwas/ws"

	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/internal/frame"
)

// plain decodes the body of a response.
func (r response) plain(f *fixture) response {
	f.t.Helper()
	var z io.Reader
	var err error
	switch encoding := r.header.Get("Content-Encoding"); encoding {
	case "gzip":
		z, err = gzip.NewReader(strings.NewReader(r.body))
	case "deflate":
		z, err = zlib.NewReader(strings.NewReader(r.body))
	default:
		f.t.Fatalf("encoding %q", encoding)
	}
	if err != nil {
		f.t.Fatal(err)
	}
	body, err := io.ReadAll(z)
	if err != nil {
		f.t.Fatal(err)
	}
	r.body = string(body)
	return r
}

func TestPollCompression(t *testing.T) {
	const threshold = engine.DefaultCompressionThreshold
	for name, c := range map[string]struct {
		threshold int // of the configuration
		size      int // of the payload
		accept    string
		want      string
	}{
		"gzip":               {0, threshold, "gzip", "gzip"},
		"deflate":            {0, threshold, "deflate", "deflate"},
		"first of equals":    {0, threshold, "deflate, gzip;q=1.0, br", "deflate"},
		"other first":        {0, threshold, "br, gzip, deflate", "gzip"},
		"better quality":     {0, threshold, "gzip;q=0.5, deflate;q=0.8", "deflate"},
		"capitals":           {0, threshold, "GZip", "gzip"},
		"anything":           {0, threshold, "*", "gzip"},
		"large":              {0, 500_000, "gzip", "gzip"},
		"below threshold":    {0, threshold - 1, "gzip", ""},
		"own threshold":      {100, 100, "gzip", "gzip"},
		"below own":          {100, 99, "gzip", ""},
		"off":                {-1, 100_000, "gzip", ""},
		"nothing accepted":   {0, threshold, "", ""},
		"others accepted":    {0, threshold, "br, zstd, identity", ""},
		"quality nought":     {0, threshold, "gzip;q=0, deflate;q=0.000", ""},
		"quality is rubbish": {0, threshold, "gzip;q=x", ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := serve(t, &engine.Config{CompressionThreshold: c.threshold})
			p := f.open()
			want := "4" + strings.Repeat("x", c.size-1)
			p.s.text(t, want[1:])
			var header []string
			if c.accept != "" {
				header = []string{"Accept-Encoding", c.accept}
			}
			r := p.poll(header...)
			r.has(f, "Content-Encoding", c.want, "Content-Length", strconv.Itoa(len(r.body)),
				"Content-Type", "text/plain; charset=UTF-8", "Cache-Control", "no-store", "Vary", "")
			if c.want != "" {
				if len(r.body) >= len(want) {
					t.Errorf("%d bytes", len(r.body))
				}
				r = r.plain(f)
			}
			r.is(f, 200, want)
		})
	}
}

// Neither handshakes of the usual size, nor POSTs, nor messages that say no
// are compressed; one that may be makes its whole payload so.
func TestWhatIsNotCompressed(t *testing.T) {
	f := serve(t, &engine.Config{CompressionThreshold: 1})
	accept := []string{"Accept-Encoding", "gzip"}
	f.do("GET", handshakeQuery, "", accept...).plain(f)
	s := f.session()
	p := &poller{f, s, handshakeQuery + "&sid=" + s.ID()}
	f.do("POST", p.query, "4x", accept...).is(f, 200, "ok").has(f, "Content-Encoding", "")
	no := func() {
		fr := frame.New(2000)
		fr.B = append(append(fr.B, '4'), strings.Repeat("n", 1999)...)
		fr.Seal(false, false)
		if err := s.Queue(frame.Group{First: fr}, false); err != nil {
			t.Fatal(err)
		}
	}
	no()
	p.poll(accept...).is(f, 200, "4"+strings.Repeat("n", 1999)).has(f, "Content-Encoding", "")
	no()
	s.text(t, "yes")
	p.poll(accept...).plain(f).is(f, 200, "4"+strings.Repeat("n", 1999)+"\x1e4yes")
	s.Close()
	p.poll(accept...).is(f, 200, "6\x1e1").has(f, "Content-Encoding", "")
}

func inflate(t *testing.T, payload string) string {
	t.Helper()
	// The tail that permessage-deflate leaves out, and an end (RFC 7692 section 7.2.2).
	r := flate.NewReader(io.MultiReader(strings.NewReader(payload), strings.NewReader("\x00\x00\xff\xff\x01\x00\x00\xff\xff")))
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func deflated(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(w, text)
	_ = w.Flush()
	return strings.TrimSuffix(b.String(), "\x00\x00\xff\xff")
}

func TestPerMessageDeflate(t *testing.T) {
	const limit = 10_000
	f := serve(t, &engine.Config{MaxPayload: limit, PerMessageDeflate: &engine.Deflate{Threshold: 500}})
	offer := []string{"Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"}
	w, s := f.openWS(offer...)
	if got := w.header.Get("Sec-Websocket-Extensions"); !strings.HasPrefix(got, "permessage-deflate; server_no_context_takeover; client_no_context_takeover") {
		t.Fatalf("negotiated %q", got)
	}
	for range 2 { // the second knows nothing of the first
		text := strings.Repeat("again and ", 100)
		s.text(t, text)
		h, payload, err := w.next()
		if err != nil || h.Rsv != ws.Rsv(true, false, false) || h.OpCode != ws.OpText || len(payload) > 100 {
			t.Fatalf("%+v, %v", h, err)
		}
		if got := inflate(t, payload); got != "4"+text {
			t.Errorf("inflated to %.100q", got)
		}
		w.write(wsFrame(0xc1, deflated(t, "4"+text)))
		s.expect(t, text)
	}
	s.text(t, strings.Repeat("x", 498)) // below the threshold
	w.expect("4" + strings.Repeat("x", 498))
	w.text("4plain")
	s.expect(t, "plain")
	if err := s.Send(bytes.Repeat([]byte{7}, 1000), true); err != nil {
		t.Fatal(err)
	}
	if h, payload, err := w.next(); err != nil || h.OpCode != ws.OpBinary || inflate(t, payload) != strings.Repeat("\x07", 1000) {
		t.Errorf("%+v, %v", h, err)
	}
	// The limit holds for what comes out, and is inclusive.
	w.write(wsFrame(0xc2, deflated(t, strings.Repeat("\x07", limit))))
	s.expect(t, "b:"+strings.Repeat("\x07", limit))
	w.write(wsFrame(0xc2, deflated(t, strings.Repeat("\x07", limit+1))))
	w.expectClose(1009, "")
	s.expectEnd(t, engine.TransportError, "Max payload size exceeded")

	// After an upgrade, too.
	p := f.open()
	w = f.dialWS(wsQuery+"&sid="+p.s.ID(), offer...)
	w.text("2probe")
	w.expect("3probe")
	w.text("5")
	eventually(t, "an upgraded session", func() bool { return p.s.Transport() == engine.WebSocket })
	p.s.text(t, strings.Repeat("x", 1000))
	if h, payload, err := w.next(); err != nil || h.Rsv == 0 || inflate(t, payload) != "4"+strings.Repeat("x", 1000) {
		t.Errorf("%+v, %v", h, err)
	}
}

// Without the option, or without the offer, nothing is compressed.
func TestNoPerMessageDeflate(t *testing.T) {
	f := serve(t, nil)
	w, s := f.openWS("Sec-WebSocket-Extensions", "permessage-deflate")
	if w.header["Sec-Websocket-Extensions"] != nil {
		t.Error("negotiated though it is off")
	}
	s.text(t, strings.Repeat("x", 5000))
	w.expect("4" + strings.Repeat("x", 5000))
	w.write(wsFrame(0xc1, deflated(t, "4x")))
	w.expectClose(1002, "")
	s.expectEnd(t, engine.TransportError, "reserved bit 1 set")

	f = serve(t, &engine.Config{PerMessageDeflate: &engine.Deflate{}})
	w, s = f.openWS()
	if w.header["Sec-Websocket-Extensions"] != nil {
		t.Error("negotiated though nobody asked")
	}
	s.text(t, strings.Repeat("x", 5000))
	w.expect("4" + strings.Repeat("x", 5000))
}

package engine

import (
	"compress/gzip"
	"compress/zlib"
	"encoding/base64"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/gosio/sio/internal/buf"
	"github.com/gosio/sio/internal/field"
	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/wire/eio"
)

// writePayload answers a poll with a batch of packets, whose references it
// takes over.
func (p *polling) writePayload(w http.ResponseWriter, r *http.Request, batch []*frame.Frame) {
	s := p.s.srv
	size, compress := 0, false
	for _, f := range batch {
		size += 2 + f.Len()
		if f.Binary() {
			size += f.Len()/3 + 4
		}
		compress = compress || f.Compress()
	}
	body := buf.Get(size)
	defer body.Release()
	contentType := textPlain
	if p.dialect == nil {
		appendPayload(body, batch)
	} else {
		contentType = p.dialect.appendPayload(body, batch)
	}
	s.sent(Polling, len(batch), len(body.B))
	release(batch)

	if s.cfg.OnHeaders != nil {
		s.cfg.OnHeaders(w.Header(), r)
	}
	if threshold := s.cfg.CompressionThreshold; compress && threshold >= 0 && len(body.B) >= threshold {
		if encoding := field.Preferred(r.Header.Get("Accept-Encoding"), "gzip", "deflate"); encoding != "" {
			w.Header().Set("Content-Encoding", encoding)
			packed := buf.Get(len(body.B) / 2)
			defer packed.Release()
			packBody(packed, encoding, body.B)
			writeHead(w, r, contentType, len(packed.B))
			p.writeBody(w, r, packed.B)
			return
		}
	}
	writeHead(w, r, contentType, len(body.B))
	p.writeBody(w, r, body.B)
}

// appendPayload appends a batch of packets.
func appendPayload(body *buf.Buffer, batch []*frame.Frame) {
	for i, f := range batch {
		if i > 0 {
			body.B = append(body.B, eio.Separator)
		}
		if f.Binary() {
			body.B = append(body.B, 'b')
			body.B = base64.StdEncoding.AppendEncode(body.B, f.Payload())
		} else {
			body.B = append(body.B, f.Payload()...)
		}
	}
}

// The values of headers that all responses share. Nobody changes them in place.
var (
	textPlain = []string{"text/plain; charset=UTF-8"}
	textHTML  = []string{"text/html"}
	noStore   = []string{"no-store"}
)

// autoLength is the length up to which net/http finds the Content-Length by
// itself, for less than a header of ours costs.
const autoLength = 1 << 10

// writeHead prepares the head of a successful polling response.
func writeHead(w http.ResponseWriter, r *http.Request, contentType []string, length int) {
	h := w.Header() // with its keys in canonical form, which Set would make of them each time
	h["Content-Type"] = contentType
	h["Cache-Control"] = noStore
	if length > autoLength {
		h["Content-Length"] = []string{strconv.Itoa(length)}
	}
	// Old Internet Explorers take a response that repeats the request for an attack.
	if agent := r.UserAgent(); strings.Contains(agent, ";MSIE") || strings.Contains(agent, "Trident/") {
		h.Set("X-XSS-Protection", "0")
	}
}

type packer interface {
	io.WriteCloser
	Reset(io.Writer)
}

var packers = map[string]*sync.Pool{
	"gzip":    {New: func() any { return gzip.NewWriter(nil) }},
	"deflate": {New: func() any { return zlib.NewWriter(nil) }},
}

// packBody compresses body to dst. Writing to memory cannot fail.
func packBody(dst *buf.Buffer, encoding string, body []byte) {
	p := packers[encoding].Get().(packer)
	p.Reset(&bufWriter{dst})
	_, _ = p.Write(body)
	_ = p.Close()
	packers[encoding].Put(p)
}

type bufWriter struct{ dst *buf.Buffer }

func (w *bufWriter) Write(p []byte) (int, error) {
	if cap(w.dst.B)-len(w.dst.B) < len(p) {
		w.dst.Grow(len(p))
	}
	w.dst.B = append(w.dst.B, p...)
	return len(p), nil
}

package msgpack_test

import (
	"context"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/gosio/sio"
	"github.com/gosio/sio/wire"
)

// What is nested too deeply ends the connection; what is not can be decoded, and
// sent back.
func TestDepthOnAServer(t *testing.T) {
	list := func(depth int) any {
		v := any("x")
		for range depth {
			v = []any{v}
		}
		return v
	}
	prepare := func(io *sio.Server) {
		sio.Handle(io, "echo", func(_ context.Context, _ *sio.Socket, v any) (any, error) { return v, nil })
	}
	p := serve(t, prepare)
	p.join("/")
	deepest := list(wire.MaxDepth - 2) // the packet and its arguments are levels, too
	p.send(wire.Header{Type: wire.Event, Namespace: "/", ID: 1, Name: "echo"}, deepest)
	q, values := p.next()
	depth := 0
	for v, ok := values[0].([]any); ok; v, ok = v[0].([]any) {
		depth++
	}
	if q.Type != wire.Ack || depth != wire.MaxDepth-2 {
		t.Errorf("%v with %d levels", q.Type, depth)
	}
	for _, message := range [][]byte{nested(wire.MaxDepth), eventOf("\x92\xa1e" + strings.Repeat("\x91", 500_000) + "\xc0")} {
		p := serve(t, prepare)
		p.join("/")
		p.request(http.MethodPost, "b"+base64.StdEncoding.EncodeToString(message))
		if end := p.request(http.MethodGet, ""); !strings.HasSuffix(end, "1") {
			t.Errorf("%.20q instead of the end", end)
		}
	}
}

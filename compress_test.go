package sio_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/gobwas/httphead"
	"github.com/gobwas/ws"

	"github.com/gosio/sio"
)

// Large messages are compressed, unless whoever sends them says otherwise.
func TestCompress(t *testing.T) {
	f := serve(t, &sio.Config{PerMessageDeflate: &sio.Deflate{}})
	sockets := f.sockets()
	dialer := ws.Dialer{Extensions: []httphead.Option{httphead.NewOption("permessage-deflate", nil)}}
	conn, br, hs, err := dialer.Dial(t.Context(), f.url("websocket", ""))
	if err != nil || len(hs.Extensions) != 1 {
		t.Fatalf("extensions %v, %v", hs.Extensions, err)
	}
	defer func() { _ = conn.Close() }()
	var r io.Reader = conn
	if br != nil { // it has read on
		r = br
	}
	read := func() (payload []byte, compressed bool) {
		t.Helper()
		header, err := ws.ReadHeader(r)
		if err != nil {
			t.Fatal(err)
		}
		payload = make([]byte, header.Length)
		if _, err := io.ReadFull(r, payload); err != nil {
			t.Fatal(err)
		}
		return payload, header.Rsv1()
	}
	read() // the handshake
	if err := ws.WriteFrame(conn, ws.MaskFrame(ws.NewTextFrame([]byte("40")))); err != nil {
		t.Fatal(err)
	}
	read()
	s := get(t, sockets)
	n := f.Of("/")
	text := strings.Repeat("x", 10_000)
	ask := func(ask func(context.Context, string, ...any) (*sio.Message, error)) func(string, ...any) error {
		return func(name string, args ...any) error {
			ctx, cancel := context.WithCancel(t.Context())
			cancel() // nobody will answer
			_, err := ask(ctx, name, args...)
			if errors.Is(err, context.Canceled) {
				return nil
			}
			return err
		}
	}
	for name, send := range map[string][2]func(string, ...any) error{
		"socket":        {s.Emit, s.Compress(false).Emit},
		"again":         {s.Compress(false).Compress(true).Emit, s.Compress(true).Compress(false).Emit},
		"call":          {ask(s.EmitWithAck), ask(s.Compress(false).EmitWithAck)},
		"server":        {f.Emit, f.Compress(false).Emit},
		"namespace":     {n.Compress(true).Emit, n.Compress(false).Emit},
		"room":          {f.To(s.ID()).Emit, f.Compress(false).To(s.ID()).Emit},
		"volatile":      {f.Volatile().Emit, f.Volatile().Compress(false).Emit},
		"volatile self": {s.Volatile().Emit, s.Volatile().Compress(false).Emit},
	} {
		for i, emit := range send {
			if err := emit("x", text); err != nil {
				t.Fatal(err)
			}
			payload, compressed := read()
			if compressed != (i == 0) || compressed == bytes.Contains(payload, []byte(text)) {
				t.Errorf("%s: compressed %v in %d bytes", name, compressed, len(payload))
			}
		}
	}
}

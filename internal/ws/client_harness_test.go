package ws_test

import (
	"bytes"
	"io"
	"net"
	"testing"
	"time"

	gobwas "github.com/gobwas/ws"

	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/ws"
)

// connectClient is connect for a client's end under test, whose server speaks bytes.
func connectClient(t testing.TB, dial func(testing.TB) (net.Conn, net.Conn), o ws.Options) *pair {
	client, server := dial(t)
	_ = server.SetDeadline(time.Now().Add(patience))
	p := &pair{recorder: newRecorder(), client: server, t: t}
	p.conn = ws.NewClientConn(client, nil, &o, o.Deflate != nil)
	p.conn.Start(p.recorder)
	t.Cleanup(func() {
		_ = server.Close()
		p.conn.CloseNow()
		receive(t, "end of the connection", p.gone)
	})
	return p
}

func onClientCarriers(t *testing.T, test func(t *testing.T, p *pair)) {
	for _, c := range carriers {
		t.Run(c.name, func(t *testing.T) {
			counted(t)
			test(t, connectClient(t, c.pair, c.opt))
		})
	}
}

// wire is a frame as it was on the wire.
type wire struct {
	gobwas.Header
	raw []byte // of the frame, head included
}

// readMasked reads a frame of a client, and checks every byte of it against
// what another hand makes of the payload with the same key.
func (p *pair) readMasked(payload []byte) wire {
	p.t.Helper()
	w := p.readWire()
	want := bytes.Clone(payload)
	gobwas.Cipher(want, w.Mask, 0)
	var b bytes.Buffer
	h := gobwas.Header{Fin: true, Rsv: w.Rsv, OpCode: w.OpCode, Masked: true, Mask: w.Mask, Length: int64(len(payload))}
	_ = gobwas.WriteHeader(&b, h)
	b.Write(want)
	if !bytes.Equal(w.raw, b.Bytes()) {
		p.t.Fatalf("a payload of %d bytes became % .20x, want % .20x", len(payload), w.raw, b.Bytes())
	}
	return w
}

// readWire reads a frame as it is.
func (p *pair) readWire() (w wire) {
	p.t.Helper()
	var raw bytes.Buffer
	h, err := gobwas.ReadHeader(io.TeeReader(p.client, &raw))
	if err == nil {
		_, err = io.CopyN(&raw, p.client, h.Length)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return wire{h, raw.Bytes()}
}

// unmasked encodes a server's frame.
func unmasked(first byte, payload []byte) []byte {
	h := gobwas.Header{Fin: first&0x80 != 0, Rsv: first >> 4 & 7, OpCode: gobwas.OpCode(first & 15), Length: int64(len(payload))}
	var b bytes.Buffer
	_ = gobwas.WriteHeader(&b, h)
	b.Write(payload)
	return b.Bytes()
}

// packetFrame makes a frame of a copy of a packet.
func packetFrame(packet []byte, binary, compress bool) *frame.Frame {
	f := frame.New(len(packet))
	f.B = append(f.B, packet...)
	f.Seal(binary, compress)
	return f
}

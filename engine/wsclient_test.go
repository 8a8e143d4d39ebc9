package engine_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/gobwas/ws"
)

// wsClient is a WebSocket client that sends what frames one likes.
type wsClient struct {
	f      *fixture
	conn   net.Conn
	r      *bufio.Reader
	header http.Header // of the 101
}

const (
	wsQuery = "EIO=4&transport=websocket"
	// The example of RFC 6455 section 1.3.
	wsKey    = "dGhlIHNhbXBsZSBub25jZQ=="
	wsAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
)

// wsRequest encodes the request of a WebSocket handshake, with more headers in pairs.
func wsRequest(query string, header ...string) string {
	var b strings.Builder
	b.WriteString("GET /engine.io/?" + query + " HTTP/1.1\r\nHost: " + host +
		"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + wsKey + "\r\n")
	for i := 0; i < len(header); i += 2 {
		b.WriteString(header[i] + ": " + header[i+1] + "\r\n")
	}
	return b.String() + "\r\n"
}

// raw sends bytes on a connection of their own.
func (f *fixture) raw(request string) *wsClient {
	f.t.Helper()
	conn, err := f.dial()
	if err != nil {
		f.t.Fatal(err)
	}
	w := f.attach(conn)
	if _, err := io.WriteString(conn, request); err != nil {
		f.t.Fatal(err)
	}
	return w
}

// attach makes a client of a connection.
func (f *fixture) attach(conn net.Conn) *wsClient {
	if !f.fakeTime {
		_ = conn.SetDeadline(time.Now().Add(patience))
	}
	f.t.Cleanup(func() { _ = conn.Close() })
	return &wsClient{f: f, conn: conn, r: bufio.NewReader(conn)}
}

// response reads an HTTP response.
func (w *wsClient) response() response {
	w.f.t.Helper()
	resp, err := http.ReadResponse(w.r, nil)
	if err != nil {
		w.f.t.Fatal(err)
	}
	w.header = resp.Header
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return response{status: resp.StatusCode, header: resp.Header}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		w.f.t.Fatal(err)
	}
	return response{resp.StatusCode, resp.Header, string(body)}
}

// dialWS does a WebSocket handshake.
func (f *fixture) dialWS(query string, header ...string) *wsClient {
	f.t.Helper()
	w := f.raw(wsRequest(query, header...))
	if r := w.response(); r.status != http.StatusSwitchingProtocols || r.header.Get("Sec-Websocket-Accept") != wsAccept {
		f.t.Fatalf("handshake: %+v", r)
	}
	return w
}

// openWS begins a session over WebSocket.
func (f *fixture) openWS(header ...string) (*wsClient, *session) {
	f.t.Helper()
	w := f.dialWS(wsQuery, header...)
	op, packet := w.read()
	h := f.parseOpen(packet)
	s := f.session()
	if op != ws.OpText || s.ID() != h.SID || len(h.Upgrades) != 0 {
		f.t.Fatalf("opcode %x, open packet %q, session %q", op, packet, s.ID())
	}
	return w, s
}

// wsFrame encodes a client's frame whose first byte is given.
func wsFrame(first byte, payload string) string {
	var b bytes.Buffer
	mask := [4]byte{1, 2, 3, 4}
	_ = ws.WriteHeader(&b, ws.Header{
		Fin: first&0x80 != 0, Rsv: first >> 4 & 7, OpCode: ws.OpCode(first & 15), Masked: true, Mask: mask, Length: int64(len(payload)),
	})
	data := []byte(payload)
	ws.Cipher(data, mask, 0)
	b.Write(data)
	return b.String()
}

// textFrames encodes packets as text frames.
func textFrames(packets ...string) string {
	var b strings.Builder
	for _, p := range packets {
		b.WriteString(wsFrame(0x81, p))
	}
	return b.String()
}

// write sends bytes.
func (w *wsClient) write(bytes string) {
	w.f.t.Helper()
	if _, err := io.WriteString(w.conn, bytes); err != nil {
		w.f.t.Fatal(err)
	}
}

// text sends packets in one write.
func (w *wsClient) text(packets ...string) {
	w.f.t.Helper()
	w.write(textFrames(packets...))
}

// next reads a frame.
func (w *wsClient) next() (ws.Header, string, error) {
	h, err := ws.ReadHeader(w.r)
	if err != nil {
		return h, "", err
	}
	payload := make([]byte, h.Length)
	_, err = io.ReadFull(w.r, payload)
	return h, string(payload), err
}

// read reads a frame that must come.
func (w *wsClient) read() (ws.OpCode, string) {
	w.f.t.Helper()
	h, payload, err := w.next()
	if err != nil {
		w.f.t.Fatal(err)
	}
	if !h.Fin || h.Masked || h.Rsv != 0 {
		w.f.t.Fatalf("frame %+v", h)
	}
	return h.OpCode, payload
}

// expect reads text frames; a binary one is marked by a "b:" in front.
func (w *wsClient) expect(want ...string) {
	w.f.t.Helper()
	for _, s := range want {
		op, got := w.read()
		if op == ws.OpBinary {
			got = "b:" + got
		}
		if op != ws.OpText && op != ws.OpBinary || got != s {
			w.f.t.Fatalf("opcode %x, %.100q; want %.100q", op, got, s)
		}
	}
}

// expectClose reads a close frame, answers it, and sees the connection end.
// The code of an empty one is 1005.
func (w *wsClient) expectClose(code int, reason string) {
	w.f.t.Helper()
	op, payload := w.read()
	got := 1005
	if len(payload) >= 2 {
		got = int(binary.BigEndian.Uint16([]byte(payload)))
		payload = payload[2:]
	}
	if op != ws.OpClose || got != code || payload != reason {
		w.f.t.Fatalf("opcode %x, code %d, %q; want code %d, %q", op, got, payload, code, reason)
	}
	_, _ = io.WriteString(w.conn, wsFrame(0x88, ""))
	w.expectEOF()
}

// expectEOF sees the connection end, with nothing before.
func (w *wsClient) expectEOF() {
	w.f.t.Helper()
	switch b, err := w.r.ReadByte(); {
	case err == nil:
		rest, _ := w.r.Peek(w.r.Buffered())
		w.f.t.Fatalf("read %q instead of the end", append([]byte{b}, rest...))
	case errors.Is(err, os.ErrDeadlineExceeded):
		w.f.t.Fatal("the connection did not end")
	}
}

// probe connects a candidate for an upgrade, and gets as far as "3probe".
func (p *poller) probe() *wsClient {
	p.f.t.Helper()
	w := p.f.dialWS(wsQuery + "&sid=" + p.s.ID())
	w.text("2probe")
	w.expect("3probe")
	return w
}

// upgrade moves the session to a WebSocket.
func (p *poller) upgrade() *wsClient {
	p.f.t.Helper()
	w := p.probe()
	w.text("5")
	eventually(p.f.t, "an upgraded session", func() bool { return p.s.Transport() == "websocket" })
	return w
}

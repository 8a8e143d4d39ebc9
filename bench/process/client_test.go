package process_test

import (
	"bytes"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
)

// client is one end of a WebSocket.
type client struct {
	t    *testing.T
	conn net.Conn
	in   io.Reader
}

func dial(t *testing.T, addr, query string) *client {
	t.Helper()
	conn, early, _, err := ws.Dial(t.Context(), "ws://"+addr+"/socket.io/?EIO=4&transport=websocket"+query)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, conn: conn, in: conn}
	if early != nil {
		c.in = io.MultiReader(io.LimitReader(early, int64(early.Buffered())), conn)
	}
	return c
}

// join makes a client of the main namespace.
func join(t *testing.T, addr string) *client {
	t.Helper()
	c := dial(t, addr, "")
	if got := c.read(); !strings.HasPrefix(got, "0{") {
		t.Fatalf("%q instead of an open packet", got)
	}
	c.write("40")
	if got := c.read(); !strings.HasPrefix(got, "40{") {
		t.Fatalf("%q instead of a CONNECT packet", got)
	}
	return c
}

// write sends text messages, all in one write.
func (c *client) write(texts ...string) {
	c.t.Helper()
	var out bytes.Buffer
	for _, text := range texts {
		if err := wsutil.WriteClientText(&out, []byte(text)); err != nil {
			c.t.Fatal(err)
		}
	}
	if _, err := c.conn.Write(out.Bytes()); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) writeBinary(data []byte) {
	c.t.Helper()
	if err := wsutil.WriteClientBinary(c.conn, data); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) read() string {
	c.t.Helper()
	return string(c.readOp(ws.OpText))
}

func (c *client) readOp(want ws.OpCode) []byte {
	c.t.Helper()
	h, err := ws.ReadHeader(c.in)
	if err != nil {
		c.t.Fatal(err)
	}
	payload := make([]byte, h.Length)
	if _, err := io.ReadFull(c.in, payload); err != nil {
		c.t.Fatal(err)
	}
	if h.OpCode != want || !h.Fin {
		c.t.Fatalf("opcode %d instead of %d: %.80q", h.OpCode, want, payload)
	}
	return payload
}

func (c *client) expect(wants ...string) {
	c.t.Helper()
	for _, want := range wants {
		if got := c.read(); got != want {
			c.t.Fatalf("%.80q instead of %.80q", got, want)
		}
	}
}

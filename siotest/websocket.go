package siotest

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"

	"github.com/gobwas/ws"

	"github.com/gosio/sio/wire/eio"
)

// webSocket carries a session over a WebSocket.
type webSocket struct {
	conn net.Conn
	r    *bufio.Reader
}

// dialWebSocket makes a WebSocket connection. For a new session, which has no id
// yet, it returns the first packet, too.
func (s *session) dialWebSocket(ctx context.Context, sid string) (carrier, eio.Packet, error) {
	key := make([]byte, 16)
	_, _ = rand.Read(key) // never fails
	l := &lane{link: s.link, o: &s.o}
	_, err := l.request(ctx, http.MethodGet, s.o.url(WebSocket, sid), "", http.Header{
		"Connection": {"Upgrade"}, "Upgrade": {"websocket"},
		"Sec-Websocket-Version": {"13"}, "Sec-Websocket-Key": {base64.StdEncoding.EncodeToString(key)},
	}, http.StatusSwitchingProtocols)
	if err != nil {
		return nil, eio.Packet{}, err
	}
	c := &webSocket{conn: l.conn, r: l.r}
	var first eio.Packet
	if sid == "" {
		first, err = c.next(ctx)
	}
	return c, first, err
}

// next returns the next packet, but gives up when the context ends.
func (c *webSocket) next(ctx context.Context) (eio.Packet, error) {
	defer context.AfterFunc(ctx, c.close)()
	p, err := c.packet()
	if err != nil {
		c.close()
		err = errors.Join(err, ctx.Err())
	}
	return p, err
}

// packet reads a packet.
func (c *webSocket) packet() (eio.Packet, error) {
	var message bytes.Buffer
	binary := false
	state := ws.StateClientSide
	for {
		h, err := ws.ReadHeader(c.r)
		if err == nil {
			err = ws.CheckHeader(h, state)
		}
		if err != nil {
			return eio.Packet{}, err
		}
		start := message.Len()
		if _, err := io.CopyN(&message, c.r, h.Length); err != nil {
			return eio.Packet{}, err
		}
		if h.OpCode.IsControl() {
			payload := bytes.Clone(message.Bytes()[start:])
			message.Truncate(start)
			if err := c.control(h.OpCode, payload); err != nil {
				return eio.Packet{}, err
			}
			continue
		}
		if h.OpCode != ws.OpContinuation {
			binary = h.OpCode == ws.OpBinary
		}
		switch {
		case !h.Fin:
			state = state.Set(ws.StateFragmented)
		case binary:
			return eio.Packet{Type: eio.Message, Data: message.Bytes(), Binary: true}, nil
		default:
			return eio.ParsePacket(message.Bytes())
		}
	}
}

// errClosed says that the server ended the connection in order.
var errClosed = errors.New("closed by the server")

func (c *webSocket) control(op ws.OpCode, payload []byte) error {
	switch op {
	case ws.OpPing:
		return ws.WriteFrame(c.conn, ws.MaskFrame(ws.NewPongFrame(payload)))
	case ws.OpClose:
		_ = ws.WriteFrame(c.conn, ws.MaskFrame(ws.NewCloseFrame(payload)))
		code, reason := ws.ParseCloseFrameData(payload)
		return fmt.Errorf("%w with code %d %s", errClosed, code, reason)
	}
	return nil
}

// write writes all packets at once.
func (c *webSocket) write(packets []eio.Packet) error {
	var all bytes.Buffer
	for _, p := range packets {
		var f ws.Frame
		switch {
		case p.Binary:
			f = ws.NewBinaryFrame(p.Data)
		case p.Type == eio.Close: // the transport's own way
			f = ws.NewCloseFrame(nil)
		default:
			f = ws.NewTextFrame(eio.AppendPacket(nil, p))
		}
		if err := ws.WriteFrame(&all, ws.MaskFrame(f)); err != nil {
			return err
		}
	}
	_, err := c.conn.Write(all.Bytes())
	return err
}

func (c *webSocket) read(s *session) {
	for {
		p, err := c.packet()
		switch {
		case errors.Is(err, errClosed), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			s.end(transportClose, err)
			return
		case errors.Is(err, eio.ErrPacket):
			s.end(parseError, err)
			return
		case err != nil:
			s.end(transportError, err)
			return
		}
		if !s.took(p) {
			return
		}
	}
}

func (c *webSocket) close() { _ = c.conn.Close() }

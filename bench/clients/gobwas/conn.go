package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
)

// A conn is a WebSocket connection on which the main namespace is joined.
type conn struct {
	net.Conn
	in   []byte // what was read, and is not handled yet, is at its beginning
	have int
	out  []byte // gathers what is sent, until flush
}

// dial connects and joins.
func dial(addr string) *conn {
	c, err := tryDial(addr)
	if err != nil {
		log.Fatalf("connect: %v", err)
	}
	return c
}

func tryDial(addr string) (*conn, error) {
	nc, early, _, err := ws.Dial(context.Background(), "ws://"+addr+"/socket.io/?EIO=4&transport=websocket")
	if err != nil {
		return nil, err
	}
	if early == nil {
		early = bufio.NewReader(nc)
	} else {
		early = bufio.NewReader(io.MultiReader(io.LimitReader(early, int64(early.Buffered())), nc))
	}
	if err := expect(early, "0{"); err != nil {
		return nil, err
	}
	if err := wsutil.WriteClientText(nc, []byte("40")); err != nil {
		return nil, err
	}
	if err := expect(early, "40{"); err != nil {
		return nil, err
	}
	c := &conn{Conn: nc, in: make([]byte, 4096), out: make([]byte, 0, 4096)}
	if c.have = early.Buffered(); c.have > 0 {
		return nil, errors.New("more than was asked for")
	}
	return c, nil
}

func expect(r io.Reader, prefix string) error {
	h, err := ws.ReadHeader(r)
	if err != nil {
		return err
	}
	payload := make([]byte, h.Length)
	if _, err := io.ReadFull(r, payload); err != nil {
		return err
	}
	if h.OpCode != ws.OpText || !bytes.HasPrefix(payload, []byte(prefix)) {
		return fmt.Errorf("%q instead of %s…", payload, prefix)
	}
	return nil
}

// send gathers a text frame with a short payload.
func (c *conn) send(payload []byte) { c.frame(ws.OpText, payload) }

func (c *conn) frame(op ws.OpCode, payload []byte) {
	mask := ws.NewMask()
	c.out = append(c.out, 0x80|byte(op), 0x80|byte(len(payload)))
	c.out = append(c.out, mask[:]...)
	begin := len(c.out)
	c.out = append(c.out, payload...)
	ws.Cipher(c.out[begin:], mask, 0)
}

// flush writes what was gathered.
func (c *conn) flush() {
	if len(c.out) == 0 {
		return
	}
	if _, err := c.Write(c.out); err != nil {
		log.Fatalf("write: %v", err)
	}
	c.out = c.out[:0]
}

var ping, pong = []byte("2"), []byte("3")

// stay is serve for a client that does not leave.
func (c *conn) stay(take func(payload []byte)) {
	c.serve(take)
	log.Fatal("the server has closed the connection")
}

// serve hands what comes to take, and writes what that has gathered once for each
// read, until the server closes the WebSocket.
func (c *conn) serve(take func(payload []byte)) {
	for {
		n, err := c.Read(c.in[c.have:])
		if err != nil {
			log.Fatalf("read: %v", err)
		}
		c.have += n
		used := 0
		for {
			rest := c.in[used:c.have]
			if len(rest) < 2 || len(rest) < 2+int(rest[1]) {
				break
			}
			if rest[0] == 0x80|byte(ws.OpClose) {
				return
			}
			if rest[0] != 0x80|byte(ws.OpText) || rest[1] >= 126 {
				log.Fatalf("unexpected frame: % x", rest[:2])
			}
			payload := rest[2 : 2+rest[1]]
			used += 2 + len(payload)
			if bytes.Equal(payload, ping) {
				c.send(pong)
			} else {
				take(payload)
			}
		}
		c.have = copy(c.in, c.in[used:c.have])
		c.flush()
	}
}

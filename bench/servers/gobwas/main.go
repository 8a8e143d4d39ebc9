// Command gobwas is the limit that the bench compares with: a WebSocket server
// on a raw listener that parses no Socket.IO, and writes the echoes of what
// one read brought in one write.
package main

import (
	"bytes"
	"encoding/binary"
	"log"
	"net"
	"sync"

	"github.com/gobwas/ws"

	"github.com/gosio/sio/bench/servers/internal/contract"
)

func main() {
	l, err := contract.Listen()
	if err != nil {
		log.Fatal(err)
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				log.Fatal(err)
			}
			go serve(c)
		}
	}()
	contract.Ready(l)
	contract.Serve()
}

var (
	mu  sync.RWMutex
	all = map[net.Conn]bool{}
)

func serve(c net.Conn) {
	defer func() { _ = c.Close() }()
	if _, err := ws.Upgrade(c); err != nil {
		return
	}
	mu.Lock()
	all[c] = true
	mu.Unlock()
	defer func() {
		mu.Lock()
		delete(all, c)
		mu.Unlock()
	}()
	in, out := make([]byte, 4096), make([]byte, 0, 4096)
	have := 0
	for {
		n, err := c.Read(in[have:])
		if err != nil {
			return
		}
		have += n
		used := 0
		for {
			op, payload, n := split(in[used:have])
			if n == 0 {
				break
			}
			used += n
			if bytes.HasPrefix(payload, castPrefix) {
				cast(payload)
				continue
			}
			out = appendFrame(out, op, payload)
			if op == ws.OpClose {
				_, _ = c.Write(out)
				return
			}
		}
		if have = copy(in, in[used:have]); have == len(in) {
			in = append(in, make([]byte, len(in))...)
		}
		if len(out) > 0 {
			if _, err := c.Write(out); err != nil {
				return
			}
			out = out[:0]
		}
	}
}

var castPrefix = []byte(`42["cast"`)

func cast(payload []byte) {
	frame := appendFrame(nil, ws.OpText, payload)
	mu.RLock()
	defer mu.RUnlock()
	for c := range all {
		_, _ = c.Write(frame)
	}
}

// split returns the first message of data, unmasked in place, and its length
// with header, 0 while it is not whole.
func split(data []byte) (op ws.OpCode, payload []byte, length int) {
	if len(data) < 6 {
		return 0, nil, 0
	}
	head, n := 2, int(data[1]&0x7f)
	switch n {
	case 126:
		head, n = 4, int(binary.BigEndian.Uint16(data[2:]))
	case 127:
		if len(data) < 10 {
			return 0, nil, 0
		}
		head, n = 10, int(binary.BigEndian.Uint64(data[2:]))
	}
	if len(data) < head+4+n {
		return 0, nil, 0
	}
	payload = data[head+4 : head+4+n]
	ws.Cipher(payload, [4]byte(data[head:]), 0)
	return ws.OpCode(data[0] & 0x0f), payload, head + 4 + n
}

func appendFrame(dst []byte, op ws.OpCode, payload []byte) []byte {
	dst = append(dst, 0x80|byte(op))
	switch n := len(payload); {
	case n < 126:
		dst = append(dst, byte(n))
	case n < 1<<16:
		dst = binary.BigEndian.AppendUint16(append(dst, 126), uint16(n))
	default:
		dst = binary.BigEndian.AppendUint64(append(dst, 127), uint64(n))
	}
	return append(dst, payload...)
}

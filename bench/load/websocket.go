package load

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net"
)

// Opcodes, RFC 6455 section 5.2.
const (
	opText   = 1
	opBinary = 2
	opClose  = 8
	opPing   = 9
	opPong   = 10
)

// mask is the key of all frames: a client must have one, and it must not be
// zero, or a server could save the work of unmasking.
var mask = [4]byte{0x37, 0xfa, 0x21, 0x3d}

const wideMask = 0x3d21fa37_3d21fa37

// appendFrame appends a whole masked message.
func appendFrame(dst []byte, op byte, payload []byte) []byte {
	dst = append(dst, 0x80|op)
	switch n := len(payload); {
	case n < 126:
		dst = append(dst, 0x80|byte(n))
	case n < 1<<16:
		dst = binary.BigEndian.AppendUint16(append(dst, 0x80|126), uint16(n))
	default:
		dst = binary.BigEndian.AppendUint64(append(dst, 0x80|127), uint64(n))
	}
	dst = append(dst, mask[:]...)
	start := len(dst)
	dst = append(dst, payload...)
	masked := dst[start:]
	for ; len(masked) >= 8; masked = masked[8:] {
		binary.LittleEndian.PutUint64(masked, binary.LittleEndian.Uint64(masked)^wideMask)
	}
	for i := range masked {
		masked[i] ^= mask[i&3]
	}
	return dst
}

// splitFrame returns the first message of data and its length with header;
// that is 0 while it is not whole.
func splitFrame(data []byte) (op byte, payload []byte, length int, err error) {
	if len(data) < 2 {
		return 0, nil, 0, nil
	}
	if data[0]&0xf0 != 0x80 || data[1]&0x80 != 0 {
		return 0, nil, 0, fmt.Errorf("unexpected frame header % x", data[:2])
	}
	head, n := 2, int(data[1])
	switch n {
	case 126:
		if len(data) < 4 {
			return 0, nil, 0, nil
		}
		head, n = 4, int(binary.BigEndian.Uint16(data[2:]))
	case 127:
		if len(data) < 10 {
			return 0, nil, 0, nil
		}
		head, n = 10, int(binary.BigEndian.Uint64(data[2:]))
	}
	if len(data) < head+n {
		return 0, nil, 0, nil
	}
	return data[0] & 0x0f, data[head : head+n], head + n, nil
}

// A websocket is one client over WebSocket. It answers heartbeats itself.
type websocket struct {
	*stream
	open    bool                          // the handshake is done
	message func(op byte, payload []byte) // payload lives only during the call
	end     func(err error)               // nil: an end is a failure of the measure
}

// dial opens a connection and sends the handshake.
func (l *loop) dial(addr *net.TCPAddr, query string) (*websocket, error) {
	w := &websocket{}
	s, err := l.open(addr, w)
	if err != nil {
		return nil, err
	}
	w.stream = s
	w.out = append(w.out, "GET /socket.io/?EIO=4&transport=websocket"+query+" HTTP/1.1\r\nHost: "+addr.String()+
		"\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"...)
	w.flush()
	return w, nil
}

func (w *websocket) send(op byte, payload []byte) { w.out = appendFrame(w.out, op, payload) }

func (w *websocket) text(payload string) { w.send(opText, []byte(payload)) }

func (w *websocket) consume(data []byte) (used int) {
	if !w.open {
		end := bytes.Index(data, []byte("\r\n\r\n"))
		if end < 0 {
			return 0
		}
		if !bytes.HasPrefix(data, []byte("HTTP/1.1 101")) {
			w.loop.fail(fmt.Errorf("handshake refused: %.80q", data))
			return len(data)
		}
		w.open = true
		used = end + 4
		w.message(0, nil)
	}
	for !w.gone {
		op, payload, n, err := splitFrame(data[used:])
		if err != nil {
			w.loop.fail(err)
			return len(data)
		}
		if n == 0 {
			return used
		}
		used += n
		switch {
		case op == opPing:
			w.send(opPong, payload)
		case op == opClose:
			w.send(opClose, payload)
		case op == opText && len(payload) == 1 && payload[0] == '2': // Engine.IO's ping
			w.text("3")
		default:
			w.message(op, payload)
		}
	}
	return len(data)
}

func (w *websocket) ended(err error) {
	if w.end == nil {
		w.loop.fail(fmt.Errorf("connection lost: %w", err))
		return
	}
	w.end(err)
}

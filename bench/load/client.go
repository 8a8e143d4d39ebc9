package load

import (
	"bytes"
	"fmt"
	"strings"
)

// join makes a client that has joined the main namespace when this returns;
// its message function is the caller's from then on.
func (l *loop) join(t Target) (*websocket, error) {
	ws, err := l.joinAll(t, 1)
	if err != nil {
		return nil, err
	}
	return ws[0], nil
}

// atOnce is how many clients connect at a time.
const atOnce = 64

// joinAll makes n clients that have joined the main namespace.
func (l *loop) joinAll(t Target, n int) ([]*websocket, error) {
	var all []*websocket
	joined := 0
	for joined < n {
		for len(all) < n && len(all)-joined < atOnce {
			w, err := l.dial(t.Addr, "")
			if err != nil {
				return nil, err
			}
			w.message = l.entrance(t, w, func() { joined++ })
			all = append(all, w)
		}
		was := joined
		if err := l.until(func() bool { return joined > was }); err != nil {
			return nil, fmt.Errorf("after %d clients: %w", joined, err)
		}
	}
	return all, nil
}

// entrance returns the message function of a client that is on its way into
// the main namespace.
func (l *loop) entrance(t Target, w *websocket, joined func()) func(op byte, payload []byte) {
	return func(op byte, payload []byte) {
		switch {
		case op == 0: // the WebSocket is open
			if t.Raw {
				joined()
			}
		case bytes.HasPrefix(payload, []byte("0{")):
			w.text("40")
		case bytes.HasPrefix(payload, []byte("40{")):
			joined()
		default:
			l.fail(fmt.Errorf("unexpected packet on the way in: %.80q", payload))
		}
	}
}

// expect counts an answer that is not the wanted one as wrong.
func (l *loop) expect(got, want []byte) {
	if !bytes.Equal(got, want) {
		l.strange(got, want)
	}
}

func (l *loop) strange(got, want []byte) {
	if l.wrong++; l.wrong == 1 {
		l.firstWrong = fmt.Sprintf("%.120q instead of %.120q", got, want)
	}
}

// padding fills a text to the 64 bytes that all events carry.
var padding = strings.Repeat("abcdefghijklmnopqrstuvwxyz012345", 2)

const textSize = 64

// appendText appends the text of a client's event: who, which, and padding.
func appendText(dst []byte, client, seq int) []byte {
	start := len(dst)
	dst = appendDigits(dst, client)
	dst = append(dst, '-')
	dst = appendDigits(dst, seq)
	return append(dst, padding[:textSize-(len(dst)-start)]...)
}

// appendDigits appends eight decimal digits.
func appendDigits(dst []byte, n int) []byte {
	var d [8]byte
	for i := len(d) - 1; i >= 0; i-- {
		d[i] = byte('0' + n%10)
		n /= 10
	}
	return append(dst, d[:]...)
}

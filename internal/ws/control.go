package ws

import (
	"encoding/binary"
	"unicode/utf8"
)

// control handles a control frame. The error of a close frame is what ends
// the connection.
func (c *Conn) control(opcode byte, payload []byte) error {
	switch opcode {
	case opPing:
		c.mu.Lock()
		if c.state == stateOpen { // nothing follows a close frame
			// Only the latest ping is answered, so that a flood of them costs no
			// memory (RFC 6455 section 5.5.3).
			if c.queue == nil {
				c.queue = batches.Get().(*batch)
			}
			c.queue.pong = append(c.queue.pong[:0], 0x80|opPong, byte(len(payload)))
			c.queue.pong = append(c.queue.pong, payload...)
		}
		c.mu.Unlock()
		c.Flush()
	case opClose:
		return closeError(payload)
	}
	return nil
}

// closeError checks the payload of a close frame (RFC 6455 sections 5.5.1, 7.4).
func closeError(payload []byte) error {
	switch {
	case len(payload) == 0:
		return &CloseError{Code: 1005}
	case len(payload) == 1:
		return &ProtocolError{1002, "close frame of one byte"}
	}
	code := int(binary.BigEndian.Uint16(payload))
	if !validCode(code) {
		return &ProtocolError{1002, "invalid close code"}
	}
	if !utf8.Valid(payload[2:]) {
		return &ProtocolError{1007, "close reason that is not UTF-8"}
	}
	return &CloseError{Code: code, Reason: string(payload[2:])}
}

// maxReason is what a control frame of at most 125 bytes leaves beside the code.
const maxReason = 123

func validCode(code int) bool {
	switch {
	case code >= 3000 && code < 5000:
		return true
	case code == 1004 || code == 1005 || code == 1006:
		return false
	}
	return code >= 1000 && code <= 1014
}

// closeFrame encodes a close frame; without a status for code 0 and for 1005,
// which stands for that. A reason is cut to the 123 bytes that fit.
func closeFrame(code int, reason string) []byte {
	if code == 0 || code == 1005 {
		return []byte{0x80 | opClose, 0}
	}
	if len(reason) > maxReason {
		n := maxReason
		for n > 0 && !utf8.RuneStart(reason[n]) { // no rune in halves
			n--
		}
		reason = reason[:n]
	}
	frame := []byte{0x80 | opClose, byte(2 + len(reason)), byte(code >> 8), byte(code)}
	return append(frame, reason...)
}

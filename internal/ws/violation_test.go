package ws_test

// violation is something that a peer must not do.
type violation struct {
	name   string
	frames [][]byte
	code   int // the close code for it
}

// violations are those of a client, as a server sees them.
var violations = append(violationsOf(masked),
	violation{"not masked", [][]byte{{0x81, 1, 'a'}}, 1002},
	violation{"negative length", [][]byte{{0x82, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4}}, 1002},
)

// serverViolations are those of a server, as a client sees them.
var serverViolations = append(violationsOf(unmasked),
	violation{"masked", [][]byte{masked(0x81, []byte("a"))}, 1002},
	violation{"masked without payload", [][]byte{masked(0x81, nil)}, 1002},
	violation{"masked ping", [][]byte{masked(0x89, nil)}, 1002},
	violation{"masked, only its head", [][]byte{masked(0x82, make([]byte, 70_000))[:2]}, 1002},
	violation{"negative length", [][]byte{{0x82, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}, 1002},
)

// violationsOf has the rules of RFC 6455 that either end can break. frame
// encodes a frame of that end.
func violationsOf(frame func(first byte, payload []byte) []byte) []violation {
	return []violation{
		{"reserved bit 1", [][]byte{frame(0xc1, []byte("a"))}, 1002},
		{"reserved bit 2", [][]byte{frame(0xa1, []byte("a"))}, 1002},
		{"reserved bit 3", [][]byte{frame(0x91, []byte("a"))}, 1002},
		{"reserved data opcode", [][]byte{frame(0x83, nil)}, 1002},
		{"reserved data opcode 7", [][]byte{frame(0x87, nil)}, 1002},
		{"reserved control opcode", [][]byte{frame(0x8b, nil)}, 1002},
		{"reserved control opcode f", [][]byte{frame(0x8f, nil)}, 1002},
		{"fragmented ping", [][]byte{frame(0x09, nil)}, 1002},
		{"fragmented close", [][]byte{frame(0x08, nil)}, 1002},
		{"long ping", [][]byte{frame(0x89, make([]byte, 126))}, 1002},
		{"long close", [][]byte{frame(0x88, make([]byte, 126))}, 1002},
		{"continuation of nothing", [][]byte{frame(0x80, []byte("a"))}, 1002},
		{"continuation after the end", [][]byte{frame(0x01, []byte("a")), frame(0x80, nil), frame(0x80, nil)}, 1002},
		{"text within a message", [][]byte{frame(0x01, []byte("a")), frame(0x81, []byte("b"))}, 1002},
		{"binary within a message", [][]byte{frame(0x01, []byte("a")), frame(0x02, []byte("b"))}, 1002},
		{"text that is not UTF-8", [][]byte{frame(0x81, []byte("a\xff"))}, 1007},
		{"text cut within a rune", [][]byte{frame(0x81, []byte("\xe2\x82"))}, 1007},
		{"fragments that are not UTF-8", [][]byte{frame(0x01, []byte("a\xe2")), frame(0x80, []byte("b"))}, 1007},
		{"surrogate in UTF-8", [][]byte{frame(0x81, []byte("\xed\xa0\x80"))}, 1007},
		{"close of one byte", [][]byte{frame(0x88, []byte{3})}, 1002},
		{"close code 999", [][]byte{frame(0x88, []byte{3, 231})}, 1002},
		{"close code 1004", [][]byte{frame(0x88, []byte{3, 236})}, 1002},
		{"close code 1005", [][]byte{frame(0x88, []byte{3, 237})}, 1002},
		{"close code 1006", [][]byte{frame(0x88, []byte{3, 238})}, 1002},
		{"close code 1015", [][]byte{frame(0x88, []byte{3, 247})}, 1002},
		{"close code 2999", [][]byte{frame(0x88, []byte{0x0b, 0xb7})}, 1002},
		{"close code 5000", [][]byte{frame(0x88, []byte{0x13, 0x88})}, 1002},
		{"close reason not UTF-8", [][]byte{frame(0x88, []byte{3, 232, 0xff})}, 1007},
	}
}

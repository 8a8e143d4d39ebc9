package wire

import (
	"encoding/binary"
	"math/bits"
)

// MaxDepth is how deeply arrays and objects may be nested: 10,000, and 1,000 in browsers.
const MaxDepth = maxDepth

// skipValue returns where the JSON value that begins at b[i] ends. It accepts
// just what RFC 8259 allows, but does not look at the UTF-8 of strings, which
// the transports have checked. It does not recurse, so that hostile nesting
// costs one byte a level.
func skipValue(b []byte, i int) (end int, ok bool) {
	var local [64]byte
	open := local[:0] // the brackets that are not closed
	for {
		// A value begins here.
		if i >= len(b) {
			return i, false
		}
		switch c := b[i]; {
		case c == '"':
			i, ok = skipString(b, i)
		case len(open) == MaxDepth && (c == '{' || c == '['):
			return i, false
		case c == '{':
			if i = skipSpace(b, i+1); i < len(b) && b[i] == '}' {
				i, ok = i+1, true
				break
			}
			open = append(open, '{')
			if i, ok = skipKey(b, i); !ok {
				return i, false
			}
			continue
		case c == '[':
			if i = skipSpace(b, i+1); i < len(b) && b[i] == ']' {
				i, ok = i+1, true
				break
			}
			open = append(open, '[')
			continue
		case c == '-' || c >= '0' && c <= '9':
			i, ok = skipNumber(b, i)
		case c == 't':
			i, ok = skipWord(b, i, "true")
		case c == 'f':
			i, ok = skipWord(b, i, "false")
		case c == 'n':
			i, ok = skipWord(b, i, "null")
		default:
			return i, false
		}
		if !ok {
			return i, false
		}
		// A value has ended here: close what it ends, or go on to the next.
		for {
			if len(open) == 0 {
				return i, true
			}
			if i = skipSpace(b, i); i >= len(b) {
				return i, false
			}
			top := open[len(open)-1]
			if b[i] == ',' {
				i = skipSpace(b, i+1)
				if top == '{' {
					if i, ok = skipKey(b, i); !ok {
						return i, false
					}
				}
				break
			}
			if b[i] != top+2 { // in ASCII, closing brackets are two behind opening ones
				return i, false
			}
			i++
			open = open[:len(open)-1]
		}
	}
}

func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

// skipKey returns where the value begins that belongs to the key at b[i].
func skipKey(b []byte, i int) (int, bool) {
	if i >= len(b) || b[i] != '"' {
		return i, false
	}
	i, ok := skipString(b, i)
	if !ok {
		return i, false
	}
	if i = skipSpace(b, i); i >= len(b) || b[i] != ':' {
		return i, false
	}
	return skipSpace(b, i+1), true
}

// skipString returns where the string ends that begins at b[i].
func skipString(b []byte, i int) (int, bool) {
	for i++; ; i++ {
		for len(b)-i >= 8 {
			if special := specialBytes(binary.LittleEndian.Uint64(b[i:])); special != 0 {
				i += bits.TrailingZeros64(special) / 8
				break
			}
			i += 8
		}
		if i >= len(b) {
			return i, false
		}
		switch c := b[i]; {
		case c == '"':
			return i + 1, true
		case c < 0x20:
			return i, false
		case c == '\\':
			if i++; i >= len(b) {
				return i, false
			}
			switch b[i] {
			case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
			case 'u':
				for range 4 {
					if i++; i >= len(b) || !isHex(b[i]) {
						return i, false
					}
				}
			default:
				return i, false
			}
		}
	}
}

// specialBytes returns a word whose lowest set bit is in the first byte of x
// that means something in a string: quote, backslash or control character.
// Subtraction borrows from the byte above, which can set bits that mean
// nothing, but only above one that is right.
func specialBytes(x uint64) uint64 {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	quote, backslash := x^(ones*'"'), x^(ones*'\\')
	return ((quote-ones)&^quote | (backslash-ones)&^backslash | (x-ones*' ')&^x) & tops
}

// plain reports whether b is ASCII in which nothing means something in a string.
func plain(b []byte) bool {
	const tops = 0x8080808080808080
	for ; len(b) >= 8; b = b[8:] {
		x := binary.LittleEndian.Uint64(b)
		if x&tops != 0 || specialBytes(x) != 0 {
			return false
		}
	}
	for _, c := range b {
		if c < ' ' || c >= 0x80 || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f'
}

// skipNumber returns where the number ends that begins at b[i].
func skipNumber(b []byte, i int) (int, bool) {
	if b[i] == '-' {
		i++
	}
	switch {
	case i < len(b) && b[i] == '0':
		i++
	default:
		begin := i
		if i = skipDigits(b, i); i == begin {
			return i, false
		}
	}
	if i < len(b) && b[i] == '.' {
		begin := i + 1
		if i = skipDigits(b, begin); i == begin {
			return i, false
		}
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		i++
		if i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		begin := i
		if i = skipDigits(b, i); i == begin {
			return i, false
		}
	}
	return i, true
}

func skipDigits(b []byte, i int) int {
	for i < len(b) && b[i] >= '0' && b[i] <= '9' {
		i++
	}
	return i
}

func skipWord(b []byte, i int, word string) (int, bool) {
	if len(b)-i < len(word) || string(b[i:i+len(word)]) != word {
		return i, false
	}
	return i + len(word), true
}

// scanArray checks that b is a JSON array and nothing else. It returns what is
// between the brackets, and the number of elements.
func scanArray(b []byte) (list []byte, n int, ok bool) {
	if len(b) == 0 || b[0] != '[' {
		return nil, 0, false
	}
	i := skipSpace(b, 1)
	if i < len(b) && b[i] == ']' {
		return nil, 0, skipSpace(b, i+1) == len(b)
	}
	for begin := i; ; {
		end, ok := skipValue(b, i)
		if !ok {
			return nil, 0, false
		}
		n++
		if i = skipSpace(b, end); i >= len(b) {
			return nil, 0, false
		}
		switch b[i] {
		case ',':
			i = skipSpace(b, i+1)
		case ']':
			return b[begin:end], n, skipSpace(b, i+1) == len(b)
		default:
			return nil, 0, false
		}
	}
}

// nextArg splits the first value off a list of them that was scanned before.
func nextArg(list []byte) (arg, rest []byte) {
	end, _ := skipValue(list, 0)
	arg = list[:end]
	if end = skipSpace(list, end); end < len(list) {
		end = skipSpace(list, end+1) // the comma
	}
	return arg, list[end:]
}

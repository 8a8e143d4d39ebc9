package msgpack

import (
	"encoding/binary"
	"math"

	"github.com/gosio/sio/wire"
)

// kind is what a value is, whatever form it has.
type kind byte

const (
	undefined kind = iota // an extension of the official parser's
	null
	boolean
	integer
	unsigned // an integer that only a uint64 holds
	float
	text
	blob
	date // an extension of the official parser's
	extension
	array
	object
)

// names of the kinds, for errors.
var names = [...]string{
	"undefined", "nil", "a boolean", "an integer", "an integer", "a float", "a text", "binary data", "a date",
	"an extension", "a list", "a map",
}

// value is a value as it is on the wire, or the beginning of a list or map.
type value struct {
	kind kind
	// ext is the type of an extension.
	ext int8
	// n is a boolean, an integer's two's complement, a float's bits, a date's
	// milliseconds, the length of a text, of binary data or of an extension's data, or
	// the number of elements or members that follow.
	n uint64
}

// data returns that of a text, of binary data or of an extension which ends at
// b[end]. It is not in the value, as that is passed around in registers.
func (v value) data(b []byte, end int) []byte { return b[end-int(v.n) : end : end] }

func (v value) float() float64 {
	switch v.kind {
	case integer:
		return float64(int64(v.n))
	case unsigned:
		return float64(v.n)
	}
	return math.Float64frombits(v.n)
}

// integer returns the value as an int64, if it is a number that is one.
func (v value) integer() (n int64, ok bool) {
	switch v.kind {
	case integer:
		return int64(v.n), true
	case float:
		f := v.float()
		return int64(f), f >= math.MinInt64 && f < 1<<63 && f == math.Trunc(f)
	}
	return 0, false
}

// read reads the value that begins at b[i], and returns where it ends; of a list
// or map only the head. More elements than there are bytes are not ok.
func read(b []byte, i int) (v value, end int, ok bool) {
	if i >= len(b) {
		return v, i, false
	}
	c := b[i]
	i++
	switch {
	case c < 0x80:
		return value{kind: integer, n: uint64(c)}, i, true
	case c < 0x90:
		return container(b, i, object, uint64(c&0x0f))
	case c < 0xa0:
		return container(b, i, array, uint64(c&0x0f))
	case c < 0xc0:
		return stretch(b, i, text, uint64(c&0x1f))
	case c >= 0xe0:
		return value{kind: integer, n: uint64(int8(c))}, i, true
	}
	switch c {
	case 0xc0:
		return value{kind: null}, i, true
	case 0xc2, 0xc3:
		return value{kind: boolean, n: uint64(c & 1)}, i, true
	case 0xd4, 0xd5, 0xd6, 0xd7, 0xd8:
		return ext(b, i, c, 1<<(c-0xd4))
	}
	width := 0 // of the number that follows: 1, 2, 4 or 8 bytes
	switch {
	case c >= 0xc4 && c <= 0xc6:
		width = 1 << (c - 0xc4)
	case c >= 0xc7 && c <= 0xc9:
		width = 1 << (c - 0xc7)
	case c == 0xca, c == 0xcb:
		width = 4 << (c - 0xca)
	case c >= 0xcc && c <= 0xcf:
		width = 1 << (c - 0xcc)
	case c >= 0xd0 && c <= 0xd3:
		width = 1 << (c - 0xd0)
	case c >= 0xd9 && c <= 0xdb:
		width = 1 << (c - 0xd9)
	case c >= 0xdc: // lists and maps
		width = 2 << (c & 1)
	}
	if width == 0 || len(b)-i < width {
		return v, i, false
	}
	n := number(b[i:], width)
	i += width
	switch {
	case c <= 0xc6:
		return stretch(b, i, blob, n)
	case c <= 0xc9:
		return ext(b, i, c, n)
	case c == 0xca:
		return value{kind: float, n: math.Float64bits(float64(math.Float32frombits(uint32(n))))}, i, true
	case c == 0xcb:
		return value{kind: float, n: n}, i, true
	case c <= 0xcf:
		if n > math.MaxInt64 {
			return value{kind: unsigned, n: n}, i, true
		}
		return value{kind: integer, n: n}, i, true
	case c <= 0xd3:
		unused := 64 - 8*width
		return value{kind: integer, n: uint64(int64(n<<unused) >> unused)}, i, true // with its sign
	case c <= 0xdb:
		return stretch(b, i, text, n)
	case c <= 0xdd:
		return container(b, i, array, n)
	}
	return container(b, i, object, n)
}

// number reads an integer of 1, 2, 4 or 8 bytes.
func number(b []byte, width int) uint64 {
	switch width {
	case 1:
		return uint64(b[0])
	case 2:
		return uint64(binary.BigEndian.Uint16(b))
	case 4:
		return uint64(binary.BigEndian.Uint32(b))
	}
	return binary.BigEndian.Uint64(b)
}

func container(b []byte, i int, k kind, n uint64) (v value, end int, ok bool) {
	room := uint64(len(b) - i)
	if k == object {
		room /= 2
	}
	return value{kind: k, n: n}, i, n <= room
}

func stretch(b []byte, i int, k kind, n uint64) (v value, end int, ok bool) {
	if n > uint64(len(b)-i) {
		return v, i, false
	}
	return value{kind: k, n: n}, i + int(n), true
}

// ext reads an extension, whose form c tells the official ones apart.
func ext(b []byte, i int, c byte, n uint64) (v value, end int, ok bool) {
	if i >= len(b) {
		return v, i, false
	}
	typ := int8(b[i])
	v, end, ok = stretch(b, i+1, extension, n)
	v.ext = typ
	switch {
	case !ok || typ != 0:
	case c == 0xd4:
		v = value{kind: undefined}
	case c == 0xd7:
		v = value{kind: date, n: binary.BigEndian.Uint64(b[i+1:])}
	case c <= 0xc9: // an ArrayBuffer
		v.kind = blob
	}
	return v, end, ok
}

// skip returns where the value that begins at b[i] ends, with all that is in it.
// It does not recurse, so that hostile nesting costs eight bytes a level.
func skip(b []byte, i int) (end int, ok bool) {
	const inObject = 1
	var local [16]uint64
	open := local[:0] // what is to come of each list and map: twice its values, and inObject
	for {
		v, next, ok := read(b, i)
		if !ok {
			return i, false
		}
		i = next
		if len(open) > 0 {
			top := &open[len(open)-1]
			if *top&(inObject|2) == inObject && !v.key() { // an even number of values is to come
				return i, false
			}
			*top -= 2
		}
		if v.kind >= array && v.n > 0 {
			if len(open) == wire.MaxDepth {
				return i, false
			}
			if v.kind == object {
				open = append(open, 4*v.n|inObject)
			} else {
				open = append(open, 2*v.n)
			}
			continue
		}
		for len(open) > 0 && open[len(open)-1] <= inObject {
			open = open[:len(open)-1]
		}
		if len(open) == 0 {
			return i, true
		}
	}
}

// key reports whether a value can be the key of a map.
func (v value) key() bool { return v.kind == text || v.kind == integer || v.kind == unsigned }

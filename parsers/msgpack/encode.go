package msgpack

import (
	"encoding/binary"
	"errors"
	"math"
	"reflect"
	"time"
	"unicode/utf8"

	"github.com/tinylib/msgp/msgp"

	"github.com/gosio/sio/event"
	"github.com/gosio/sio/wire"
)

// encoder appends values to dst.
type encoder struct {
	dst   []byte
	depth int
	err   error // the first one
}

func (e *encoder) fail(err error) {
	if e.err == nil {
		e.err = err
	}
}

// value appends a value. The usual types need no reflection.
func (e *encoder) value(v any) {
	if e.err != nil {
		return // what refers to itself has no end
	}
	switch v := v.(type) {
	case nil:
		e.null()
	case string:
		e.text(v)
	case bool:
		e.dst = msgp.AppendBool(e.dst, v)
	case int:
		e.int(int64(v))
	case int64:
		e.int(v)
	case int32:
		e.int(int64(v))
	case uint:
		e.dst = msgp.AppendUint64(e.dst, uint64(v))
	case uint64:
		e.dst = msgp.AppendUint64(e.dst, v)
	case uint32:
		e.dst = msgp.AppendUint64(e.dst, uint64(v))
	case float64:
		e.float(v)
	case float32:
		e.float(float64(v))
	case []byte:
		e.blob(v)
	case event.View:
		e.blob(v)
	case time.Time:
		e.date(v)
	case []any:
		e.list(len(v))
		for _, element := range v {
			e.value(element)
		}
		e.leave()
	case []string:
		e.list(len(v))
		for _, element := range v {
			e.text(element)
		}
		e.leave()
	case map[string]any:
		e.object(len(v))
		for key, member := range v {
			e.text(key)
			e.value(member)
		}
		e.leave()
	default:
		r := reflect.ValueOf(v)
		infoOf(r.Type()).encode(e, r)
	}
}

func (e *encoder) null() { e.dst = msgp.AppendNil(e.dst) }

// text appends a text, which is to be valid UTF-8.
func (e *encoder) text(s string) {
	if !utf8.ValidString(s) {
		s = string([]rune(s))
	}
	e.dst = msgp.AppendString(e.dst, s)
}

// int appends an integer in its smallest form.
func (e *encoder) int(n int64) {
	if n >= 0 {
		e.dst = msgp.AppendUint64(e.dst, uint64(n))
	} else {
		e.dst = msgp.AppendInt64(e.dst, n)
	}
}

// float appends a number as JavaScript does, which does not tell floats from
// integers.
func (e *encoder) float(f float64) {
	switch {
	case f != math.Trunc(f), f < math.MinInt64, f >= 1<<64: // NaN differs from itself
		if f != f {
			f = math.Float64frombits(0x7ff8 << 48) // as JavaScript has it
		}
		e.dst = msgp.AppendFloat64(e.dst, f)
	case f < 0:
		e.dst = msgp.AppendInt64(e.dst, int64(f))
	default:
		e.dst = msgp.AppendUint64(e.dst, uint64(f))
	}
}

func (e *encoder) blob(b []byte) {
	if b == nil {
		e.null()
		return
	}
	e.dst = msgp.AppendBytes(e.dst, b)
}

// date appends a Date, an extension of eight bytes and type 0.
func (e *encoder) date(t time.Time) {
	e.dst = binary.BigEndian.AppendUint64(append(e.dst, 0xd7, 0), uint64(t.UnixMilli()))
}

var errTooDeep = errors.New("nested too deeply, or in itself")

// list begins a list of n elements, which leave ends.
func (e *encoder) list(n int) {
	e.enter()
	e.dst = msgp.AppendArrayHeader(e.dst, uint32(n))
}

// object begins a map of n members, which leave ends.
func (e *encoder) object(n int) {
	e.enter()
	e.dst = msgp.AppendMapHeader(e.dst, uint32(n))
}

func (e *encoder) enter() {
	if e.depth++; e.depth > wire.MaxDepth {
		e.fail(errTooDeep)
	}
}

func (e *encoder) leave() { e.depth-- }

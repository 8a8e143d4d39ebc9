package msgpack

import (
	"bytes"
	"fmt"
	"reflect"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/gosio/sio/event"
	"github.com/gosio/sio/wire"
)

// Decode decodes arguments; see wire.Codec.
func (codec) Decode(p *wire.Packet, dst ...any) error {
	i := 0
	for n, target := range dst {
		if n >= p.NArgs {
			v, err := settable(target)
			if err != nil {
				return err
			}
			v.SetZero()
			continue
		}
		end, ok := decodeCommon(p.Args, i, target)
		if !ok {
			var err error
			if end, err = decode(p.Args, i, target); err != nil {
				return fmt.Errorf("msgpack: argument %d: %w", n, err)
			}
		}
		i = end
	}
	return nil
}

// Values decodes all arguments; see wire.Codec.
func (c codec) Values(p *wire.Packet) ([]any, error) {
	values := make([]any, 0, p.NArgs)
	for i := 0; len(values) < p.NArgs; {
		end, ok := skip(p.Args, i) // they may not have come from a decoder
		if !ok {
			return nil, wire.ErrInvalidPayload
		}
		d := reader{b: p.Args, i: i}
		values = append(values, d.plain())
		i = end
	}
	return values, nil
}

func settable(target any) (reflect.Value, error) {
	v := reflect.ValueOf(target)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return v, fmt.Errorf("msgpack: cannot decode into a %T", target)
	}
	return v.Elem(), nil
}

// decodeCommon decodes the usual values of the usual types, at no cost but that
// of what it returns, and reports whether it did.
func decodeCommon(b []byte, i int, target any) (end int, ok bool) {
	in, end, ok := read(b, i)
	if !ok {
		return i, false
	}
	switch t := target.(type) {
	case *string:
		if ok = t != nil && in.kind == text; !ok {
			break
		}
		if data := in.data(b, end); utf8.Valid(data) {
			*t = string(data)
		} else {
			ok = false
		}
	case *bool:
		if ok = t != nil && in.kind == boolean; ok {
			*t = in.n != 0
		}
	case *int:
		if ok = t != nil && in.kind == integer && int64(int(in.n)) == int64(in.n); ok {
			*t = int(in.n)
		}
	case *int64:
		if ok = t != nil && in.kind == integer; ok {
			*t = int64(in.n)
		}
	case *float64:
		if ok = t != nil && (in.kind == float || in.kind == integer); ok {
			*t = in.float()
		}
	case *[]byte:
		if ok = t != nil && in.kind == blob; ok {
			*t = bytes.Clone(in.data(b, end))
		}
	case *event.View:
		if ok = t != nil && in.kind == blob; ok {
			*t = in.data(b, end)
		}
	default:
		ok = false
	}
	return end, ok
}

// decode decodes the value at b[i] into anything.
func decode(b []byte, i int, target any) (end int, err error) {
	v, err := settable(target)
	if err != nil {
		return i, err
	}
	end, ok := skip(b, i)
	if !ok {
		return i, wire.ErrInvalidPayload
	}
	d := reader{b: b, i: i}
	return end, infoOf(v.Type()).decode(&d, v)
}

// reader reads values that skip has found well-formed.
type reader struct {
	b []byte
	i int
}

func (d *reader) next() value {
	v, end, _ := read(d.b, d.i)
	d.i = end
	return v
}

func (d *reader) peek() value {
	v, _, _ := read(d.b, d.i)
	return v
}

// data returns the data of the value that was read last.
func (d *reader) data(in value) []byte { return in.data(d.b, d.i) }

func (d *reader) skip() { d.i, _ = skip(d.b, d.i) }

// undefined skips the next value if it is undefined, and reports whether it is.
func (d *reader) undefined() bool {
	if d.peek().kind != undefined {
		return false
	}
	d.skip()
	return true
}

// maxHint is how much room a map is given before its members have come, as
// they may all have the same key.
const maxHint = 64

// plain decodes the next value to the types that wire.Codec tells of an any.
func (d *reader) plain() any {
	in := d.next()
	switch in.kind {
	case undefined, null:
		return nil
	case boolean:
		return in.n != 0
	case integer, unsigned, float:
		return in.float()
	case blob:
		return bytes.Clone(d.data(in))
	case extension:
		return []any{float64(in.ext), bytes.Clone(d.data(in))}
	case array:
		list := make([]any, in.n)
		for i := range list {
			list[i] = d.plain()
		}
		return list
	case object:
		m := make(map[string]any, min(in.n, maxHint))
		for range in.n {
			if key := d.key(); !d.undefined() {
				m[key] = d.plain()
			}
		}
		return m
	}
	s, _ := d.string(in)
	return s
}

// key reads the key of a member.
func (d *reader) key() string {
	in := d.next()
	switch in.kind {
	case integer:
		return strconv.FormatInt(int64(in.n), 10)
	case unsigned:
		return strconv.FormatUint(in.n, 10)
	}
	s, _ := d.string(in)
	return s
}

// string returns the value that was read last as a string, if it is a text or a
// date.
func (d *reader) string(in value) (s string, ok bool) {
	switch in.kind {
	case date:
		return in.time().Format("2006-01-02T15:04:05.000Z"), true
	case text:
		data := d.data(in)
		if utf8.Valid(data) {
			return string(data), true
		}
		return string([]rune(string(data))), true // in which what is invalid is U+FFFD
	}
	return "", false
}

// time returns the value of a date.
func (v value) time() time.Time { return time.UnixMilli(int64(v.n)).UTC() }

package msgpack

import (
	"encoding"
	"fmt"
	"reflect"
	"strconv"
	"time"

	"github.com/tinylib/msgp/msgp"
)

func encodeTime(e *encoder, v reflect.Value)   { e.date(v.Interface().(time.Time)) }
func encodeBool(e *encoder, v reflect.Value)   { e.dst = msgp.AppendBool(e.dst, v.Bool()) }
func encodeInt(e *encoder, v reflect.Value)    { e.int(v.Int()) }
func encodeUint(e *encoder, v reflect.Value)   { e.dst = msgp.AppendUint64(e.dst, v.Uint()) }
func encodeFloat(e *encoder, v reflect.Value)  { e.float(v.Float()) }
func encodeString(e *encoder, v reflect.Value) { e.text(v.String()) }
func encodeBytes(e *encoder, v reflect.Value)  { e.blob(v.Bytes()) }

func encodeByteArray(e *encoder, v reflect.Value) {
	e.dst = msgp.AppendBytesHeader(e.dst, uint32(v.Len()))
	for i := range v.Len() {
		e.dst = append(e.dst, byte(v.Index(i).Uint())) // Bytes needs it to be addressable
	}
}

func encodePointer(elem *info) func(*encoder, reflect.Value) {
	return func(e *encoder, v reflect.Value) {
		if v.IsNil() {
			e.null()
			return
		}
		if e.enter(); e.err == nil { // pointers can go in a circle without a list or map
			elem.encode(e, v.Elem())
		}
		e.leave()
	}
}

func encodeInterface(e *encoder, v reflect.Value) {
	if v.IsNil() {
		e.null()
		return
	}
	e.enter()
	e.value(v.Elem().Interface())
	e.leave()
}

func encodeList(elem *info) func(*encoder, reflect.Value) {
	return func(e *encoder, v reflect.Value) {
		e.list(v.Len())
		for i := 0; i < v.Len() && e.err == nil; i++ {
			elem.encode(e, v.Index(i))
		}
		e.leave()
	}
}

func encodeMap(key func(reflect.Value) (string, error), elem *info) func(*encoder, reflect.Value) {
	return func(e *encoder, v reflect.Value) {
		e.object(v.Len())
		for it := v.MapRange(); it.Next() && e.err == nil; {
			name, err := key(it.Key())
			if err != nil {
				e.fail(err)
				break
			}
			e.text(name)
			elem.encode(e, it.Value())
		}
		e.leave()
	}
}

// keyEncoder returns how the keys of maps become texts.
func keyEncoder(t reflect.Type) func(reflect.Value) (string, error) {
	if t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
		return func(v reflect.Value) (string, error) {
			if v.Kind() == reflect.Pointer && v.IsNil() {
				return "", nil
			}
			b, err := v.Interface().(encoding.TextMarshaler).MarshalText()
			return string(b), err
		}
	}
	switch k := t.Kind(); {
	case k == reflect.String:
		return func(v reflect.Value) (string, error) { return v.String(), nil }
	case k >= reflect.Int && k <= reflect.Int64:
		return func(v reflect.Value) (string, error) { return strconv.FormatInt(v.Int(), 10), nil }
	case k >= reflect.Uint && k <= reflect.Uintptr:
		return func(v reflect.Value) (string, error) { return strconv.FormatUint(v.Uint(), 10), nil }
	}
	return func(reflect.Value) (string, error) { return "", fmt.Errorf("a %s cannot be the key of a map", t) }
}

// encodeStruct writes the fields behind room for the largest head that they
// may need, as what is left out shows only when it is encoded.
func encodeStruct(s *structInfo) func(*encoder, reflect.Value) {
	return func(e *encoder, v reflect.Value) {
		e.enter()
		head := len(e.dst)
		e.dst = msgp.AppendMapHeader(e.dst, uint32(len(s.fields)))
		body := len(e.dst)
		n := 0
		for i := range s.fields {
			if e.err == nil && s.fields[i].append(e, v) {
				n++
			}
		}
		if n < len(s.fields) {
			shorter := len(msgp.AppendMapHeader(e.dst[:head], uint32(n)))
			e.dst = append(e.dst[:shorter], e.dst[body:]...)
		}
		e.leave()
	}
}

// append appends a field of the struct v, and reports false if it is left out.
func (f *field) append(e *encoder, v reflect.Value) bool {
	for _, i := range f.index {
		if v.Kind() == reflect.Pointer { // to an embedded struct
			if v.IsNil() {
				return false
			}
			v = v.Elem()
		}
		v = v.Field(i)
	}
	if f.omitZero && f.isZero(v) {
		return false
	}
	start := len(e.dst)
	e.dst = append(e.dst, f.key...)
	begin := len(e.dst)
	f.info.encode(e, v)
	if f.omitEmpty && len(e.dst) == begin+1 {
		switch e.dst[begin] {
		case 0xc0, 0xa0, 0x90, 0x80: // nil, or an empty text, list or map
			e.dst = e.dst[:start]
			return false
		}
	}
	return true
}

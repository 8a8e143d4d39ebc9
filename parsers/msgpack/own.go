package msgpack

import (
	"encoding"
	"reflect"

	"github.com/go-json-experiment/json"
)

// own lets the types that know how to encode or decode themselves do so. As in
// JSON, methods of a pointer count for what it points at.
func own(in *info, t reflect.Type) {
	has := reflect.PointerTo(t).Implements
	switch {
	case has(reflect.TypeFor[json.MarshalerTo]()), has(reflect.TypeFor[json.Marshaler]()):
		in.encode = encodeOwnJSON
	case has(reflect.TypeFor[encoding.TextMarshaler]()):
		in.encode = encodeOwnText
	}
	switch {
	case has(reflect.TypeFor[json.UnmarshalerFrom]()), has(reflect.TypeFor[json.Unmarshaler]()):
		in.decode = decodeOwnJSON
	case has(reflect.TypeFor[encoding.TextUnmarshaler]()):
		in.decode = decodeOwnText
	}
}

// addressed returns a pointer to v, or to a copy if there is none.
func addressed(v reflect.Value) any {
	if v.CanAddr() {
		return v.Addr().Interface()
	}
	p := reflect.New(v.Type())
	p.Elem().Set(v)
	return p.Interface()
}

func encodeOwnJSON(e *encoder, v reflect.Value) {
	var plain any
	b, err := json.Marshal(addressed(v))
	if err == nil {
		err = json.Unmarshal(b, &plain)
	}
	if err != nil {
		e.fail(err)
	}
	e.value(plain)
}

func encodeOwnText(e *encoder, v reflect.Value) {
	b, err := addressed(v).(encoding.TextMarshaler).MarshalText()
	if err != nil {
		e.fail(err)
	}
	e.text(string(b))
}

func decodeOwnJSON(d *reader, v reflect.Value) error {
	b, err := json.Marshal(d.plain())
	if err != nil {
		return err
	}
	return json.Unmarshal(b, v.Addr().Interface())
}

func decodeOwnText(d *reader, v reflect.Value) error {
	in := d.next()
	if in.kind <= null {
		v.SetZero()
		return nil
	}
	s, ok := d.string(in)
	if !ok {
		return mismatch(in, v)
	}
	return v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(s))
}

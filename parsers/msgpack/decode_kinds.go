package msgpack

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"reflect"
	"time"

	"github.com/tinylib/msgp/msgp"
)

func mismatch(in value, v reflect.Value) error {
	return fmt.Errorf("%s does not fit into a %s", names[in.kind], v.Type())
}

// scalar makes a decoder of what sets v to in and reports whether it could. A
// nil is the zero value.
func scalar(set func(d *reader, v reflect.Value, in value) bool) func(*reader, reflect.Value) error {
	return func(d *reader, v reflect.Value) error {
		in := d.next()
		if in.kind <= null {
			v.SetZero()
		} else if !set(d, v, in) {
			return mismatch(in, v)
		}
		return nil
	}
}

var (
	decodeBool = scalar(func(_ *reader, v reflect.Value, in value) bool {
		v.SetBool(in.n != 0)
		return in.kind == boolean
	})
	decodeInt = scalar(func(_ *reader, v reflect.Value, in value) bool {
		n, ok := in.integer()
		ok = ok && !v.OverflowInt(n)
		if ok {
			v.SetInt(n)
		}
		return ok
	})
	decodeUint = scalar(func(_ *reader, v reflect.Value, in value) bool {
		n := in.n
		ok := in.kind == unsigned
		if !ok {
			var signed int64
			signed, ok = in.integer()
			n, ok = uint64(signed), ok && signed >= 0
		}
		ok = ok && !v.OverflowUint(n)
		if ok {
			v.SetUint(n)
		}
		return ok
	})
	decodeFloat = scalar(func(_ *reader, v reflect.Value, in value) bool {
		f := in.float()
		ok := in.kind >= integer && in.kind <= float && !v.OverflowFloat(f) // the infinities do fit
		if ok {
			v.SetFloat(f)
		}
		return ok
	})
	decodeString = scalar(func(d *reader, v reflect.Value, in value) bool {
		s, ok := d.string(in)
		v.SetString(s)
		return ok
	})
	decodeBytes = scalar(func(d *reader, v reflect.Value, in value) bool {
		b, ok := d.bytes(in)
		v.SetBytes(bytes.Clone(b))
		return ok
	})
	decodeView = scalar(func(d *reader, v reflect.Value, in value) bool {
		b, ok := d.bytes(in)
		v.SetBytes(b)
		return ok
	})
	decodeByteArray = scalar(func(d *reader, v reflect.Value, in value) bool {
		b, ok := d.bytes(in)
		return ok && len(b) == v.Len() && copy(v.Bytes(), b) == len(b)
	})
)

// bytes returns the value that was read last as bytes, if it is binary data or
// base64.
func (d *reader) bytes(in value) (b []byte, ok bool) {
	switch in.kind {
	case blob:
		return d.data(in), true
	case text:
		b, err := base64.StdEncoding.DecodeString(string(d.data(in)))
		return b, err == nil
	}
	return nil, false
}

// decodeTime takes a Date, a timestamp of the MessagePack standard, or a text
// as in JSON.
func decodeTime(d *reader, v reflect.Value) (err error) {
	begin := d.i
	in := d.next()
	var t time.Time
	switch {
	case in.kind <= null:
	case in.kind == date:
		t = in.time()
	case in.kind == text:
		t, err = time.Parse(time.RFC3339, string(d.data(in)))
	case in.kind == extension && in.ext == msgp.MsgTimeExtension:
		t, _, err = msgp.ReadTimeUTCBytes(d.b[begin:])
	default:
		err = mismatch(in, v)
	}
	if err == nil {
		v.Set(reflect.ValueOf(t))
	}
	return err
}

func decodePointer(t reflect.Type, elem *info) func(*reader, reflect.Value) error {
	return func(d *reader, v reflect.Value) error {
		if d.peek().kind <= null {
			d.skip()
			v.SetZero()
			return nil
		}
		if v.IsNil() {
			v.Set(reflect.New(t.Elem()))
		}
		return elem.decode(d, v.Elem())
	}
}

func decodeInterface(d *reader, v reflect.Value) error {
	if in := d.peek(); v.NumMethod() > 0 && in.kind > null {
		return mismatch(in, v)
	}
	if plain := d.plain(); plain != nil {
		v.Set(reflect.ValueOf(plain))
	} else {
		v.SetZero()
	}
	return nil
}

func decodeSlice(t reflect.Type, elem *info) func(*reader, reflect.Value) error {
	return func(d *reader, v reflect.Value) error {
		in := d.next()
		switch in.kind {
		case undefined, null:
			v.SetZero()
			return nil
		case array:
			if v.SetZero(); in.n == 0 {
				v.Set(reflect.MakeSlice(t, 0, 0))
			}
			v.Grow(int(in.n)) // an allocation less than to set a slice that was made
			v.SetLen(int(in.n))
			return elements(d, v, elem)
		}
		return mismatch(in, v)
	}
}

func decodeArray(elem *info) func(*reader, reflect.Value) error {
	return func(d *reader, v reflect.Value) error {
		in := d.next()
		switch {
		case in.kind <= null:
			v.SetZero()
			return nil
		case in.kind == array && in.n == uint64(v.Len()):
			v.SetZero()
			return elements(d, v, elem)
		}
		return mismatch(in, v)
	}
}

func elements(d *reader, v reflect.Value, elem *info) error {
	for i := range v.Len() {
		if err := elem.decode(d, v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

package msgpack

import (
	"reflect"
	"strconv"
)

// numeric reports whether the tag option string has a meaning for a type.
func numeric(t reflect.Type) bool { return t.Kind() >= reflect.Int && t.Kind() <= reflect.Float64 }

// quoted is the info of a number that is sent as a text, as JavaScript knows
// large integers only roughly.
func quoted(plain *info) *info {
	return &info{
		encode: func(e *encoder, v reflect.Value) {
			switch {
			case v.CanInt():
				e.text(strconv.FormatInt(v.Int(), 10))
			case v.CanUint():
				e.text(strconv.FormatUint(v.Uint(), 10))
			default:
				e.text(strconv.FormatFloat(v.Float(), 'g', -1, v.Type().Bits()))
			}
		},
		decode: func(d *reader, v reflect.Value) error {
			if in := d.peek(); in.kind != text {
				return plain.decode(d, v)
			}
			return parse(d.key(), v)
		},
	}
}

// parse sets a number to what a text says.
func parse(s string, v reflect.Value) (err error) {
	bits := v.Type().Bits()
	switch {
	case v.CanInt():
		var n int64
		if n, err = strconv.ParseInt(s, 10, bits); err == nil {
			v.SetInt(n)
		}
	case v.CanUint():
		var n uint64
		if n, err = strconv.ParseUint(s, 10, bits); err == nil {
			v.SetUint(n)
		}
	default:
		var f float64
		if f, err = strconv.ParseFloat(s, bits); err == nil {
			v.SetFloat(f)
		}
	}
	return err
}

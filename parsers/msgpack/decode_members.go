package msgpack

import (
	"encoding"
	"fmt"
	"reflect"
)

func decodeMap(t reflect.Type, key func(string, reflect.Value) error, elem *info) func(*reader, reflect.Value) error {
	return func(d *reader, v reflect.Value) error {
		in := d.next()
		switch {
		case in.kind <= null:
			v.SetZero()
			return nil
		case in.kind != object:
			return mismatch(in, v)
		case v.IsNil():
			v.Set(reflect.MakeMapWithSize(t, int(min(in.n, maxHint))))
		}
		k, member := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
		for range in.n {
			k.SetZero()
			member.SetZero()
			if err := key(d.key(), k); err != nil {
				return err
			}
			if d.undefined() {
				continue
			}
			if err := elem.decode(d, member); err != nil {
				return err
			}
			v.SetMapIndex(k, member)
		}
		return nil
	}
}

// keyDecoder returns how texts become the keys of maps.
func keyDecoder(t reflect.Type) func(string, reflect.Value) error {
	switch k := t.Kind(); {
	case reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		return func(s string, v reflect.Value) error {
			return v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(s))
		}
	case k == reflect.String:
		return func(s string, v reflect.Value) error {
			v.SetString(s)
			return nil
		}
	case k >= reflect.Int && k <= reflect.Uintptr:
		return parse
	}
	return func(string, reflect.Value) error { return fmt.Errorf("a %s cannot be the key of a map", t) }
}

func decodeStruct(s *structInfo) func(*reader, reflect.Value) error {
	return func(d *reader, v reflect.Value) error {
		in := d.next()
		switch in.kind {
		case undefined, null:
			v.SetZero()
			return nil
		case object:
		default:
			return mismatch(in, v)
		}
		for range in.n {
			var f *field
			if key := d.next(); key.kind == text {
				f = s.byName[string(d.data(key))]
			}
			switch {
			case f == nil:
				d.skip()
				continue
			case d.undefined():
				continue
			}
			if err := f.info.decode(d, f.of(v)); err != nil {
				return fmt.Errorf("%s: %w", f.name, err)
			}
		}
		return nil
	}
}

// of returns the field of the struct v, and makes embedded ones that are nil.
func (f *field) of(v reflect.Value) reflect.Value {
	for _, i := range f.index {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(i)
	}
	return v
}

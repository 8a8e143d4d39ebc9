package sio

import (
	"reflect"
	"testing"
)

// Whoever adds a kind of function sees to it that children have those of parents.
func TestAllFunctionsAreInherited(t *testing.T) {
	notInherited := map[string]bool{"upgraded": true, "latest": true} // of sockets; no functions
	var h hooks
	v := reflect.ValueOf(&h).Elem()
	for i := range v.NumField() {
		if f := v.Type().Field(i); !notInherited[f.Name] {
			fill(reflect.NewAt(f.Type, v.Field(i).Addr().UnsafePointer()).Elem())
		}
	}
	merged := h.and(&h)
	both := reflect.ValueOf(&merged).Elem()
	for i := range both.NumField() {
		name, field := both.Type().Field(i).Name, both.Field(i)
		switch {
		case notInherited[name]:
		case field.Kind() == reflect.Map:
			if list := field.MapIndex(reflect.ValueOf("x")); list.Len() != 2 {
				t.Errorf("%s has %d of 2", name, list.Len())
			}
		case field.Len() != 2:
			t.Errorf("%s has %d of 2", name, field.Len())
		}
	}
}

// fill puts one element into a slice, or into the slice of a map's key "x".
func fill(v reflect.Value) {
	if v.Kind() == reflect.Map {
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("x"), reflect.MakeSlice(v.Type().Elem(), 1, 1))
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), 1, 1))
}

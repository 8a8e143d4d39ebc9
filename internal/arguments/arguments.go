// Package arguments turns Go values into the arguments of events, and back: a
// struct that embeds event.Tuple is one argument for each field.
package arguments

import (
	"reflect"
	"sync"

	"github.com/gosio/sio/event"
)

// Spread replaces a single argument that is an event.Tuple by its fields.
func Spread(args []any) []any {
	if len(args) != 1 {
		return args
	}
	switch args[0].(type) {
	case nil, string, []byte, event.View, bool, int, int64, float64, map[string]any, []any: // the usual ones need no reflection
		return args
	}
	v := reflect.ValueOf(args[0])
	fields, ok := tupleFields(v.Type())
	if !ok {
		return args
	}
	out := make([]any, len(fields))
	for i, f := range fields {
		out[i] = v.Field(f).Interface()
	}
	return out
}

var tuples sync.Map // reflect.Type → []int, or nil for types that are no tuple

// tupleFields returns the indices of the fields that are the arguments of an
// event, if t is a struct that embeds event.Tuple.
func tupleFields(t reflect.Type) (fields []int, ok bool) {
	if t.Kind() != reflect.Struct {
		return nil, false
	}
	if known, found := tuples.Load(t); found {
		fields := known.([]int)
		return fields, fields != nil
	}
	for i := range t.NumField() {
		switch f := t.Field(i); {
		case f.Anonymous && f.Type == reflect.TypeFor[event.Tuple]():
			ok = true
		case f.IsExported():
			fields = append(fields, i)
		}
	}
	switch {
	case !ok:
		fields = nil
	case fields == nil:
		fields = []int{}
	}
	tuples.Store(t, fields)
	return fields, ok
}

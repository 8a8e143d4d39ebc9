package msgpack

import (
	"fmt"
	"reflect"
	"sync"
	"time"

	"github.com/gosio/sio/event"
)

// info is how the values of a type are encoded and decoded.
type info struct {
	encode func(e *encoder, v reflect.Value)
	// decode decodes the next value into v, which can be set.
	decode func(d *reader, v reflect.Value) error
}

var (
	infos    sync.Map // reflect.Type → *info, complete
	building sync.Mutex
)

// infoOf returns the info of a type, which is made once.
func infoOf(t reflect.Type) *info {
	if known, ok := infos.Load(t); ok {
		return known.(*info)
	}
	building.Lock()
	defer building.Unlock()
	b := make(builder)
	in := b.info(t)
	for t, in := range b {
		infos.Store(t, in)
	}
	return in
}

// builder has the infos that are being made: types may refer to themselves.
type builder map[reflect.Type]*info

func (b builder) info(t reflect.Type) *info {
	if known, ok := infos.Load(t); ok {
		return known.(*info)
	}
	if in, ok := b[t]; ok {
		return in
	}
	in := new(info)
	b[t] = in
	b.fill(in, t)
	return in
}

var (
	timeType = reflect.TypeFor[time.Time]()
	viewType = reflect.TypeFor[event.View]()
)

// fill says how values of type t are encoded and decoded.
func (b builder) fill(in *info, t reflect.Type) {
	switch {
	case t == timeType:
		in.encode, in.decode = encodeTime, decodeTime
		return
	case t == viewType:
		in.encode, in.decode = encodeBytes, decodeView
		return
	}
	switch k := t.Kind(); k {
	case reflect.Pointer:
		elem := b.info(t.Elem())
		in.encode, in.decode = encodePointer(elem), decodePointer(t, elem)
		return
	case reflect.Interface:
		in.encode, in.decode = encodeInterface, decodeInterface
		return
	case reflect.Bool:
		in.encode, in.decode = encodeBool, decodeBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		in.encode, in.decode = encodeInt, decodeInt
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		in.encode, in.decode = encodeUint, decodeUint
	case reflect.Float32, reflect.Float64:
		in.encode, in.decode = encodeFloat, decodeFloat
	case reflect.String:
		in.encode, in.decode = encodeString, decodeString
	case reflect.Slice, reflect.Array:
		b.list(in, t)
	case reflect.Map:
		elem := b.info(t.Elem())
		in.encode, in.decode = encodeMap(keyEncoder(t.Key()), elem), decodeMap(t, keyDecoder(t.Key()), elem)
	case reflect.Struct:
		fields := b.fields(t)
		in.encode, in.decode = encodeStruct(fields), decodeStruct(fields)
	default:
		err := fmt.Errorf("a %s cannot be sent", t)
		in.encode = func(e *encoder, _ reflect.Value) { e.fail(err) }
		in.decode = func(*reader, reflect.Value) error { return err }
	}
	own(in, t)
}

func (b builder) list(in *info, t reflect.Type) {
	elem := b.info(t.Elem())
	isBytes := t.Elem() == reflect.TypeFor[byte]() // others may have methods
	switch slice := t.Kind() == reflect.Slice; {
	case slice && isBytes:
		in.encode, in.decode = encodeBytes, decodeBytes
	case slice:
		in.encode, in.decode = encodeList(elem), decodeSlice(t, elem)
	case isBytes:
		in.encode, in.decode = encodeByteArray, decodeByteArray
	default:
		in.encode, in.decode = encodeList(elem), decodeArray(elem)
	}
}

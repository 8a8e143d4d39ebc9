package arguments

import (
	"reflect"
	"slices"

	"github.com/gosio/sio/event"
)

// Target is what the arguments of a message are decoded into. It can be used
// again, by one goroutine at a time.
type Target[T any] struct {
	// Keeps says that the value may refer to attachments, and outlive its handler.
	Keeps bool

	value T
	dst   []any // pointers into value: to its fields, if T embeds event.Tuple
}

// Decoder has the arguments of a message.
type Decoder interface {
	Decode(dst ...any) error
}

// NewTarget returns a target for values of type T.
func NewTarget[T any]() *Target[T] {
	t := new(Target[T])
	fields, tuple := tupleFields(reflect.TypeFor[T]())
	if !tuple {
		t.dst = []any{&t.value}
	} else {
		v := reflect.ValueOf(&t.value).Elem()
		t.dst = make([]any, len(fields))
		for i, f := range fields {
			t.dst[i] = v.Field(f).Addr().Interface()
		}
	}
	t.Keeps = slices.ContainsFunc(t.dst, keeps)
	return t
}

// keeps reports whether what a pointer points at may refer to attachments
// that its handler keeps.
func keeps(dst any) bool {
	switch dst.(type) {
	case *event.View, *string, *bool, *int, *int64, *float64:
		return false
	}
	return true
}

// Decode decodes the arguments of a message.
func (t *Target[T]) Decode(m Decoder) (arg T, err error) {
	if err = m.Decode(t.dst...); err == nil {
		arg = t.value
	}
	var zero T
	t.value = zero // for the next message, and so that nothing is kept alive
	return arg, err
}

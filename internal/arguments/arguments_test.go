package arguments_test

import (
	"errors"
	"reflect"
	"testing"

	"github.com/gosio/sio/event"
	"github.com/gosio/sio/internal/arguments"
)

type move struct {
	event.Tuple
	X      int
	Name   string
	hidden bool
}

type plain struct{ X int }

func TestSpread(t *testing.T) {
	for _, test := range []struct{ in, want []any }{
		{nil, nil},
		{[]any{1, "a"}, []any{1, "a"}},
		{[]any{nil}, []any{nil}},
		{[]any{plain{1}}, []any{plain{1}}},
		{[]any{&move{X: 1}}, []any{&move{X: 1}}}, // a pointer is a value like others
		{[]any{move{X: 1, Name: "a", hidden: true}}, []any{1, "a"}},
		{[]any{move{X: 1}, 2}, []any{move{X: 1}, 2}}, // only the sole argument is spread
		{[]any{event.None{}}, []any{}},
	} {
		if got := arguments.Spread(test.in); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%v became %v, want %v", test.in, got, test.want)
		}
	}
}

// values are the arguments of a message.
type values []any

func (v values) Decode(dst ...any) error {
	for i, d := range dst {
		if i == len(v) {
			return errors.New("too few")
		}
		reflect.ValueOf(d).Elem().Set(reflect.ValueOf(v[i]))
	}
	return nil
}

func TestTarget(t *testing.T) {
	tuple := arguments.NewTarget[move]()
	for range 2 { // it can be used again
		if got, err := tuple.Decode(values{3, "b"}); err != nil || got != (move{X: 3, Name: "b"}) {
			t.Errorf("%+v, %v", got, err)
		}
	}
	if got, err := tuple.Decode(values{3}); err == nil || got != (move{}) {
		t.Errorf("%+v, %v: half a value", got, err)
	}
	if got, err := arguments.NewTarget[plain]().Decode(values{plain{4}}); err != nil || got.X != 4 {
		t.Errorf("%+v, %v", got, err)
	}
	if arguments.NewTarget[string]().Keeps || arguments.NewTarget[event.View]().Keeps || arguments.NewTarget[event.None]().Keeps {
		t.Error("a text, a view and nothing cannot refer to attachments later")
	}
	if !arguments.NewTarget[[]byte]().Keeps || !arguments.NewTarget[any]().Keeps || !arguments.NewTarget[plain]().Keeps {
		t.Error("what may refer to attachments")
	}
}

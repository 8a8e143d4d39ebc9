package msgpack

import (
	"reflect"
	"slices"
	"strings"

	"github.com/tinylib/msgp/msgp"
)

// field is a field of a struct, perhaps of one embedded in it.
type field struct {
	name      string
	key       []byte // the name, encoded
	index     []int  // the way to it through embedded structs
	info      *info
	tagged    bool // the name is that of its tag
	omitEmpty bool
	omitZero  bool
	isZero    func(reflect.Value) bool
}

type structInfo struct {
	fields []field
	byName map[string]*field
}

// fields finds the fields of a struct that are sent. Of those with the same name
// the one wins that is embedded least deeply, then one whose tag gives it the
// name; if there are several of these, none does.
func (b builder) fields(t reflect.Type) *structInfo {
	type level struct {
		t     reflect.Type
		index []int
	}
	s := &structInfo{byName: make(map[string]*field)}
	taken := make(map[string]bool)
	visited := make(map[reflect.Type]bool)
	for current := []level{{t: t}}; len(current) > 0; {
		var next []level
		found := make(map[string][]field)
		for _, l := range current {
			visited[l.t] = true
			for i := range l.t.NumField() {
				sf := l.t.Field(i)
				index := append(slices.Clone(l.index), i)
				f, ok := b.field(sf, index)
				if inner := embedded(sf, f.tagged); inner != nil {
					if !visited[inner] {
						next = append(next, level{inner, index})
					}
				} else if ok && !taken[f.name] {
					found[f.name] = append(found[f.name], f)
				}
			}
		}
		for name, list := range found {
			taken[name] = true
			if len(list) > 1 {
				list = slices.DeleteFunc(list, func(f field) bool { return !f.tagged })
			}
			if len(list) == 1 {
				s.fields = append(s.fields, list[0])
			}
		}
		current = next
	}
	slices.SortFunc(s.fields, func(a, b field) int { return slices.Compare(a.index, b.index) })
	for i := range s.fields {
		s.byName[s.fields[i].name] = &s.fields[i]
	}
	return s
}

// embedded returns the struct whose fields a field stands for, or nil.
func embedded(sf reflect.StructField, tagged bool) reflect.Type {
	if !sf.Anonymous || tagged || sf.Tag.Get("json") == "-" {
		return nil
	}
	t := sf.Type
	if t.Kind() == reflect.Pointer && sf.IsExported() {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	return t
}

// field reads the tag of a field, and reports whether it is sent.
func (b builder) field(sf reflect.StructField, index []int) (f field, ok bool) {
	tag := sf.Tag.Get("json")
	if tag == "-" {
		return f, false
	}
	name, rest, _ := strings.Cut(tag, ",")
	if strings.HasPrefix(tag, "'") { // quoted, so that it may have commas
		name, rest, _ = strings.Cut(tag[1:], "'")
	}
	options := strings.Split(rest, ",")
	f = field{name: sf.Name, index: index}
	if name != "" {
		f.name, f.tagged = name, true
	}
	if !sf.IsExported() || embedded(sf, f.tagged) != nil {
		return f, false
	}
	f.key = msgp.AppendString(nil, f.name)
	f.omitEmpty = slices.Contains(options, "omitempty")
	f.omitZero = slices.Contains(options, "omitzero")
	f.isZero = zeroness(sf.Type)
	f.info = b.info(sf.Type)
	if slices.Contains(options, "string") && numeric(sf.Type) {
		f.info = quoted(f.info)
	}
	return f, true
}

type isZeroer interface{ IsZero() bool }

// zeroness returns how to know that a value of type t is zero: it may say so itself.
func zeroness(t reflect.Type) func(reflect.Value) bool {
	if !t.Implements(reflect.TypeFor[isZeroer]()) {
		return reflect.Value.IsZero
	}
	return func(v reflect.Value) bool {
		return (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) && v.IsNil() || v.Interface().(isZeroer).IsZero()
	}
}

package wire

import (
	"bytes"
	"fmt"
	"reflect"
	"strconv"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// plainDecoder decodes JSON that was scanned before to plain values, in which
// attachments take the place of their placeholders. It is there because the
// JSON module, when duplicate names are allowed, merges the values of
// duplicates, and then refuses those of different kinds. Here the last wins, as
// in JavaScript, and it takes a fraction of the time.
type plainDecoder struct {
	json        []byte
	attachments [][]byte
}

// decodePlain decodes a value that was scanned before, with nothing around it.
func decodePlain(value []byte, attachments [][]byte) (any, error) {
	d := plainDecoder{json: value, attachments: attachments}
	v, _, err := d.value(0)
	return v, err
}

// value decodes the value that begins at i, and returns where it ends.
func (d *plainDecoder) value(i int) (v any, end int, err error) {
	switch d.json[i] {
	case '"':
		end, _ = skipString(d.json, i)
		return unquote(d.json[i:end]), end, nil
	case '{':
		return d.object(i)
	case '[':
		return d.array(i)
	case 't':
		return true, i + len("true"), nil
	case 'f':
		return false, i + len("false"), nil
	case 'n':
		return nil, i + len("null"), nil
	}
	end, _ = skipNumber(d.json, i)
	f, err := strconv.ParseFloat(string(d.json[i:end]), 64)
	if err != nil {
		return nil, end, fmt.Errorf("number out of range: %s", d.json[i:end])
	}
	return f, end, nil
}

func (d *plainDecoder) object(i int) (v any, end int, err error) {
	object := make(map[string]any)
	mark := maybePlaceholder{num: -1}
	for i = skipSpace(d.json, i+1); d.json[i] != '}'; {
		end, _ = skipString(d.json, i)
		key := d.json[i:end]
		i, _ = skipKey(d.json, i)
		if len(d.attachments) > 0 {
			mark.set(memberOf(key), d.json[i:])
		}
		v, i, err = d.value(i)
		if err != nil {
			return nil, i, err
		}
		object[unquote(key)] = v
		if i = skipSpace(d.json, i); d.json[i] == ',' {
			i = skipSpace(d.json, i+1)
		}
	}
	if mark.marked && mark.num >= 0 && mark.num < len(d.attachments) {
		return d.attachments[mark.num], i + 1, nil
	}
	return object, i + 1, nil
}

func (d *plainDecoder) array(i int) (v any, end int, err error) {
	array := []any{}
	for i = skipSpace(d.json, i+1); d.json[i] != ']'; {
		v, i, err = d.value(i)
		if err != nil {
			return nil, i, err
		}
		array = append(array, v)
		if i = skipSpace(d.json, i); d.json[i] == ',' {
			i = skipSpace(d.json, i+1)
		}
	}
	return array, i + 1, nil
}

// unquote returns what a quoted string says, its invalid UTF-8 and lone
// surrogates replaced by U+FFFD.
func unquote(quoted []byte) string {
	inner := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
		return string(inner)
	}
	text, _ := jsontext.AppendUnquote(nil, quoted) // the error is about what is replaced
	return string(text)
}

var anywhere sync.Map // reflect.Type → bool

// hasAny reports whether a value of type t, nil for none, can have an any in it.
func hasAny(t reflect.Type) bool {
	if t == nil {
		return false
	}
	if known, ok := anywhere.Load(t); ok {
		return known.(bool)
	}
	has := findAny(t, make(map[reflect.Type]bool))
	anywhere.Store(t, has)
	return has
}

func findAny(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Interface:
		return true
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return findAny(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if findAny(t.Field(i).Type, seen) {
				return true
			}
		}
	}
	return false
}

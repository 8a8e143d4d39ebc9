package wire

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// lenient makes decoding as forgiving as JavaScript.
var lenient = json.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))

// Decode decodes arguments; see Codec.
func (jsonCodec) Decode(p *Packet, dst ...any) error {
	list := p.Args
	for i, target := range dst {
		if i >= p.NArgs {
			v := reflect.ValueOf(target)
			if v.Kind() != reflect.Pointer || v.IsNil() {
				return fmt.Errorf("wire: cannot decode into a %T", target)
			}
			v.Elem().SetZero()
			continue
		}
		arg := list
		if p.NArgs > 1 {
			arg, list = nextArg(list)
		}
		if err := decodeArg(arg, p.Attachments, target); err != nil {
			return fmt.Errorf("wire: argument %d: %w", i, err)
		}
	}
	return nil
}

// Values decodes all arguments; see Codec.
func (c jsonCodec) Values(p *Packet) ([]any, error) {
	values := make([]any, p.NArgs)
	targets := make([]any, p.NArgs)
	for i := range values {
		targets[i] = &values[i]
	}
	return values, c.Decode(p, targets...)
}

func decodeArg(arg []byte, attachments [][]byte, target any) error {
	if s, ok := target.(*string); ok && len(arg) > 1 && arg[0] == '"' {
		if inner := bytes.TrimRight(arg, " \t\r\n"); bytes.IndexByte(inner, '\\') < 0 && utf8.Valid(inner) {
			*s = string(inner[1 : len(inner)-1])
			return nil
		}
	}
	if len(attachments) == 0 {
		return json.Unmarshal(arg, target, lenient)
	}
	u := unmarshalers.Get().(*unmarshaler)
	u.attachments = attachments
	err := json.Unmarshal(arg, target, u.options)
	u.attachments = nil
	unmarshalers.Put(u)
	return err
}

// unmarshaler is a pooled state of the JSON module for packets with
// attachments: its options refer to it, so that they are made once.
type unmarshaler struct {
	options     json.Options
	attachments [][]byte
}

var unmarshalers = sync.Pool{New: func() any {
	u := new(unmarshaler)
	u.options = json.JoinOptions(lenient, json.WithUnmarshalers(json.JoinUnmarshalers(
		json.UnmarshalFromFunc(u.bytes),
		json.UnmarshalFromFunc(u.any),
	)))
	return u
}}

// bytes takes the attachment that a placeholder stands for.
func (u *unmarshaler) bytes(dec *jsontext.Decoder, dst *[]byte) error {
	if dec.PeekKind() != '{' {
		return errors.ErrUnsupported // null or base64, as the module has it
	}
	var ph struct {
		Placeholder bool `json:"_placeholder"`
		Num         int  `json:"num"`
	}
	if err := json.UnmarshalDecode(dec, &ph, lenient); err != nil {
		return err
	}
	if !ph.Placeholder || ph.Num < 0 || ph.Num >= len(u.attachments) {
		return ErrIllegalPlaceholder
	}
	*dst = u.attachments[ph.Num]
	return nil
}

// any decodes to plain values, in which attachments take the place of their
// placeholders.
func (u *unmarshaler) any(dec *jsontext.Decoder, dst *any) error {
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	var v any
	if err := json.Unmarshal(raw, &v, lenient); err != nil {
		return err
	}
	*dst = u.replace(v)
	return nil
}

func (u *unmarshaler) replace(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = u.replace(v[i])
		}
	case map[string]any:
		if num, ok := v["num"].(float64); ok && v["_placeholder"] == true {
			if i := int(num); i >= 0 && i < len(u.attachments) {
				return u.attachments[i]
			}
		}
		for key := range v {
			v[key] = u.replace(v[key])
		}
	}
	return v
}

// placeholdersValid reports whether every placeholder in the arguments stands
// for an attachment. The JSON was scanned before.
func placeholdersValid(p *Packet) bool {
	type object struct {
		isObject    bool
		key         string
		placeholder bool
		num         float64
	}
	dec := jsontext.NewDecoder(io.MultiReader(bytes.NewReader([]byte{'['}), bytes.NewReader(p.Args), bytes.NewReader([]byte{']'})), lenient)
	open := []object{}
	for {
		token, err := dec.ReadToken()
		if err != nil {
			return err == io.EOF
		}
		kind := token.Kind()
		if kind == '}' || kind == ']' {
			o := open[len(open)-1]
			open = open[:len(open)-1]
			if o.placeholder && (o.num != math.Trunc(o.num) || o.num < 0 || o.num >= float64(len(p.Attachments))) {
				return false
			}
			continue
		}
		if len(open) > 0 && open[len(open)-1].isObject {
			o := &open[len(open)-1]
			_, count := dec.StackIndex(dec.StackDepth())
			if kind == '{' || kind == '[' {
				_, count = dec.StackIndex(dec.StackDepth() - 1)
			}
			switch {
			case count%2 == 1: // a key
				o.key = token.String()
				continue
			case o.key == "_placeholder":
				o.placeholder = kind == 't'
			case o.key == "num":
				if o.num = math.NaN(); kind == '0' {
					o.num, _ = token.Float() // out of range is ±Inf, and no index
				}
			}
		}
		if kind == '{' || kind == '[' {
			open = append(open, object{isObject: kind == '{', num: math.NaN()})
		}
	}
}

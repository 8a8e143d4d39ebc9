package wire

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/gosio/sio/event"
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
	if t, ok := target.(*any); ok && t != nil {
		if end, ok := skipValue(arg, 0); ok && end == len(arg) { // it may not have come from a Decoder
			v, err := decodePlain(arg, attachments)
			if err == nil {
				*t = v
			}
			return err
		}
	}
	if len(arg) > 0 && decodeCommon(arg, attachments, target) {
		return nil
	}
	if len(attachments) == 0 && !hasAny(reflect.TypeOf(target)) {
		return json.Unmarshal(arg, target, lenient) // nothing that needs functions, which slow it down
	}
	u := unmarshalers.Get().(*unmarshaler)
	u.attachments = attachments
	err := json.Unmarshal(arg, target, u.options)
	u.attachments = nil
	unmarshalers.Put(u)
	return err
}

// decodeCommon decodes the usual values of the usual types, which spares the
// set-up of the JSON module. It reports whether it did: what is rare, wrong or
// out of range is left to the module. Tests compare the two.
func decodeCommon(arg []byte, attachments [][]byte, target any) bool {
	switch t := target.(type) {
	case *string:
		if t == nil {
			return false
		}
		s, ok := decodeString(arg)
		if ok {
			*t = s
		}
		return ok
	case *bool:
		is := string(arg) == "true"
		if t == nil || !is && string(arg) != "false" {
			return false
		}
		*t = is
		return true
	case *int:
		n, ok := decodeInt(arg)
		if t == nil || !ok || int64(int(n)) != n {
			return false
		}
		*t = int(n)
		return true
	case *int64:
		n, ok := decodeInt(arg)
		if t == nil || !ok {
			return false
		}
		*t = n
		return true
	case *float64:
		if t == nil || arg[0] != '-' && (arg[0] < '0' || arg[0] > '9') {
			return false
		}
		f, err := strconv.ParseFloat(string(arg), 64)
		if err != nil {
			return false
		}
		*t = f
		return true
	case *[]byte:
		data, ok := attachment(arg, attachments)
		if t == nil || !ok {
			return false
		}
		*t = data
		return true
	case *event.View:
		data, ok := attachment(arg, attachments)
		if t == nil || !ok {
			return false
		}
		*t = data
		return true
	}
	return false
}

// decodeString decodes a string without escapes.
func decodeString(arg []byte) (s string, ok bool) {
	if len(arg) < 2 || arg[0] != '"' || arg[len(arg)-1] != '"' {
		return "", false
	}
	inner := arg[1 : len(arg)-1]
	if !plain(inner) && (bytes.IndexByte(inner, '\\') >= 0 || !utf8.Valid(inner)) {
		return "", false
	}
	return string(inner), true
}

func (jsonCodec) text(p *Packet) (s string, ok bool) {
	if p.NArgs != 1 {
		return "", false
	}
	return decodeString(p.Args)
}

// attachment returns that which an argument stands for, if it does.
func attachment(arg []byte, attachments [][]byte) (data []byte, ok bool) {
	if arg[0] != '{' || len(attachments) == 0 {
		return nil, false
	}
	num, ok := placeholder(arg)
	if !ok || num < 0 || num >= len(attachments) {
		return nil, false
	}
	return attachments[num], true
}

// decodeInt decodes an integer without fraction or exponent that is short
// enough to be in range.
func decodeInt(b []byte) (n int64, ok bool) {
	negative := b[0] == '-'
	if negative {
		b = b[1:]
	}
	if len(b) == 0 || len(b) > 18 {
		return 0, false
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	if negative {
		n = -n
	}
	return n, true
}

// unmarshaler is a pooled state of the JSON module for values with attachments
// or with an any in them: its options refer to it, so that they are made once.
type unmarshaler struct {
	options     json.Options
	attachments [][]byte
}

var unmarshalers = sync.Pool{New: func() any {
	u := new(unmarshaler)
	u.options = json.JoinOptions(lenient, json.WithUnmarshalers(json.JoinUnmarshalers(
		json.UnmarshalFromFunc(u.bytes),
		json.UnmarshalFromFunc(u.view),
		json.UnmarshalFromFunc(u.any),
	)))
	return u
}}

var errNotBinary = errors.New("an object that stands for no attachment cannot become bytes")

// bytes takes the attachment that a placeholder stands for.
func (u *unmarshaler) bytes(dec *jsontext.Decoder, dst *[]byte) error {
	if dec.PeekKind() != '{' {
		return errors.ErrUnsupported // null or base64, as the module has it
	}
	object, err := dec.ReadValue()
	if err != nil {
		return err
	}
	num, ok := placeholder(object)
	if !ok || num < 0 || num >= len(u.attachments) {
		return errNotBinary
	}
	*dst = u.attachments[num]
	return nil
}

// view is bytes for another type.
func (u *unmarshaler) view(dec *jsontext.Decoder, dst *event.View) error {
	return u.bytes(dec, (*[]byte)(dst))
}

// any decodes to plain values, in which attachments take the place of their
// placeholders.
func (u *unmarshaler) any(dec *jsontext.Decoder, dst *any) error {
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	*dst, err = decodePlain(raw, u.attachments)
	return err
}

package wire

import (
	"bytes"
	"errors"
	"math"
	"reflect"
	"strconv"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/gosio/sio/event"
)

// encoder appends the arguments of one packet.
type encoder struct {
	dst         []byte
	attachments [][]byte
	inline      bool  // binary is encoded as base64, and nothing becomes an attachment
	err         error // the first one
}

// value appends an argument. The usual types need no reflection.
func (e *encoder) value(v any) {
	switch v := v.(type) {
	case nil:
		e.dst = append(e.dst, "null"...)
	case string:
		e.dst = appendString(e.dst, v)
	case bool:
		e.dst = strconv.AppendBool(e.dst, v)
	case int:
		e.dst = strconv.AppendInt(e.dst, int64(v), 10)
	case int64:
		e.dst = strconv.AppendInt(e.dst, v, 10)
	case int32:
		e.dst = strconv.AppendInt(e.dst, int64(v), 10)
	case uint:
		e.dst = strconv.AppendUint(e.dst, uint64(v), 10)
	case uint64:
		e.dst = strconv.AppendUint(e.dst, v, 10)
	case uint32:
		e.dst = strconv.AppendUint(e.dst, uint64(v), 10)
	case uint8:
		e.dst = strconv.AppendUint(e.dst, uint64(v), 10)
	case float64:
		e.dst = appendFloat(e.dst, v, 64)
	case float32:
		e.dst = appendFloat(e.dst, float64(v), 32)
	case []byte:
		e.binary(v)
	case event.View:
		e.binary(v)
	case jsontext.Value:
		e.raw(v)
	default:
		e.marshal(v)
	}
}

func (e *encoder) binary(b []byte) {
	switch {
	case b == nil:
		e.dst = append(e.dst, "null"...)
	case e.inline:
		e.marshal(b)
	default:
		e.dst = appendPlaceholder(e.dst, len(e.attachments))
		e.attachments = append(e.attachments, b)
	}
}

// raw appends what is encoded already, if that is so; the JSON module has the
// error if it is not.
func (e *encoder) raw(v jsontext.Value) {
	if end, ok := skipValue(v, 0); ok && end == len(v) && utf8.Valid(v) {
		e.dst = append(e.dst, v...)
		return
	}
	e.marshal(v)
}

func appendPlaceholder(dst []byte, num int) []byte {
	dst = append(dst, `{"_placeholder":true,"num":`...)
	return append(strconv.AppendInt(dst, int64(num), 10), '}')
}

// appendString appends a quoted string. Plain ASCII is copied as it is.
func appendString(dst []byte, s string) []byte {
	const tops = 0x8080808080808080
	i := 0
	for ; len(s)-i >= 8; i += 8 {
		x := uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
			uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56 // one load
		if x&tops != 0 || specialBytes(x) != 0 {
			break
		}
	}
	for i < len(s) && s[i] >= ' ' && s[i] < 0x80 && s[i] != '"' && s[i] != '\\' {
		i++
	}
	if i < len(s) {
		dst, _ = jsontext.AppendQuote(dst, s) // the error is about invalid UTF-8, which is replaced
		return dst
	}
	return append(append(append(dst, '"'), s...), '"')
}

// appendFloat appends a number as JavaScript's JSON.stringify does (ECMAScript,
// "Number::toString"): the shortest digits that are read as the same number,
// with an exponent from 1e21 and below 1e-6, and null for what is no number.
func appendFloat(dst []byte, f float64, bits int) []byte {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return append(dst, "null"...)
	}
	abs, plain := math.Abs(f), false
	switch {
	case abs == 0:
		return append(dst, '0') // of either sign
	case bits == 32: // of which the limits are the nearest
		plain = float32(abs) >= 1e-6 && float32(abs) < 1e21
	default:
		plain = abs >= 1e-6 && abs < 1e21
	}
	if plain {
		return strconv.AppendFloat(dst, f, 'f', -1, bits)
	}
	dst = strconv.AppendFloat(dst, f, 'e', -1, bits)
	if n := len(dst); dst[n-4] == 'e' && dst[n-2] == '0' { // e-09, where JavaScript has e-9
		dst[n-2] = dst[n-1]
		dst = dst[:n-1]
	}
	return dst
}

// marshaler is a pooled state of the JSON module: its options refer to it, so
// that they are made once.
type marshaler struct {
	buf         bytes.Buffer
	options     json.Options
	nonFinite   json.Options // the same, and null for floats that are no numbers
	attachments [][]byte
	scratch     []byte
}

// The same without attachments: []byte is as the JSON module has it.
var (
	inlineOptions   = json.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	inlineNonFinite = json.JoinOptions(inlineOptions, json.WithMarshalers(floats))
)

var floats = json.JoinMarshalers(
	json.MarshalToFunc(marshalFloat[float64]),
	json.MarshalToFunc(marshalFloat[float32]),
)

var marshalers = sync.Pool{New: func() any {
	m := new(marshaler)
	attach := json.JoinMarshalers(json.MarshalToFunc(m.attach), json.MarshalToFunc(m.attachView))
	m.options = json.JoinOptions(inlineOptions, json.WithMarshalers(attach))
	m.nonFinite = json.JoinOptions(inlineOptions, json.WithMarshalers(json.JoinMarshalers(attach, floats)))
	return m
}}

// attach writes a placeholder for b, which becomes an attachment.
func (m *marshaler) attach(enc *jsontext.Encoder, b []byte) error {
	if b == nil {
		return enc.WriteToken(jsontext.Null)
	}
	m.scratch = appendPlaceholder(m.scratch[:0], len(m.attachments))
	m.attachments = append(m.attachments, b)
	return enc.WriteValue(m.scratch)
}

func (m *marshaler) attachView(enc *jsontext.Encoder, v event.View) error { return m.attach(enc, v) }

func marshalFloat[T float32 | float64](enc *jsontext.Encoder, f T) error {
	if math.IsNaN(float64(f)) || math.IsInf(float64(f), 0) {
		return enc.WriteToken(jsontext.Null)
	}
	return errors.ErrUnsupported // as the module has it
}

// maxPooledJSON keeps large values from staying in memory for good.
const maxPooledJSON = 64 << 10

func (e *encoder) marshal(v any) {
	if e.err != nil {
		return
	}
	m := marshalers.Get().(*marshaler)
	options, nonFinite := m.options, m.nonFinite
	if e.inline {
		options, nonFinite = inlineOptions, inlineNonFinite
	}
	m.attachments = e.attachments
	err := json.MarshalWrite(&m.buf, v, options)
	if isFloatError(err) {
		// A function called for every float would cost all values that have
		// some, so it is tried only when a float was in the way.
		m.buf.Reset()
		m.attachments = e.attachments
		err = json.MarshalWrite(&m.buf, v, nonFinite)
	}
	if err == nil {
		e.dst = append(e.dst, m.buf.Bytes()...)
	}
	e.attachments, e.err = m.attachments, err
	m.attachments = nil
	if m.buf.Cap() > maxPooledJSON {
		return
	}
	m.buf.Reset()
	marshalers.Put(m)
}

// isFloatError reports whether a float could not be encoded.
func isFloatError(err error) bool {
	var semantic *json.SemanticError
	if !errors.As(err, &semantic) || semantic.GoType == nil {
		return false
	}
	kind := semantic.GoType.Kind()
	return kind == reflect.Float64 || kind == reflect.Float32
}

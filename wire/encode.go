package wire

import (
	"bytes"
	"math"
	"strconv"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// encoder appends the arguments of one packet.
type encoder struct {
	dst         []byte
	attachments [][]byte
	err         error // the first one
}

// value appends an argument. The usual types need no reflection.
func (e *encoder) value(v any) {
	switch v := v.(type) {
	case nil:
		e.dst = append(e.dst, "null"...)
	case string:
		e.dst, _ = jsontext.AppendQuote(e.dst, v) // the error is about invalid UTF-8, which is replaced
	case bool:
		e.dst = strconv.AppendBool(e.dst, v)
	case int:
		e.dst = strconv.AppendInt(e.dst, int64(v), 10)
	case int64:
		e.dst = strconv.AppendInt(e.dst, v, 10)
	case int32:
		e.dst = strconv.AppendInt(e.dst, int64(v), 10)
	case uint64:
		e.dst = strconv.AppendUint(e.dst, v, 10)
	case uint32:
		e.dst = strconv.AppendUint(e.dst, uint64(v), 10)
	case []byte:
		if v == nil {
			e.dst = append(e.dst, "null"...)
			return
		}
		e.dst = appendPlaceholder(e.dst, len(e.attachments))
		e.attachments = append(e.attachments, v)
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			e.dst = append(e.dst, "null"...)
			return
		}
		e.marshal(v)
	default:
		e.marshal(v)
	}
}

func appendPlaceholder(dst []byte, num int) []byte {
	dst = append(dst, `{"_placeholder":true,"num":`...)
	return append(strconv.AppendInt(dst, int64(num), 10), '}')
}

// marshaler is a pooled state of the JSON module: its options refer to it, so
// that they are made once.
type marshaler struct {
	buf         bytes.Buffer
	options     json.Options
	attachments [][]byte
	scratch     []byte
}

var marshalers = sync.Pool{New: func() any {
	m := new(marshaler)
	m.options = json.JoinOptions(
		json.WithMarshalers(json.MarshalToFunc(m.attach)),
		jsontext.AllowInvalidUTF8(true),
		jsontext.AllowDuplicateNames(true),
	)
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

// maxPooledJSON keeps large values from staying in memory for good.
const maxPooledJSON = 64 << 10

func (e *encoder) marshal(v any) {
	if e.err != nil {
		return
	}
	m := marshalers.Get().(*marshaler)
	m.attachments = e.attachments
	if e.err = json.MarshalWrite(&m.buf, v, m.options); e.err == nil {
		e.dst = append(e.dst, m.buf.Bytes()...)
	}
	e.attachments, m.attachments = m.attachments, nil
	if m.buf.Cap() > maxPooledJSON {
		return
	}
	m.buf.Reset()
	marshalers.Put(m)
}

package wire_test

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/gosio/sio/wire"
)

// FuzzDecoder feeds texts and binary messages to one decoder: it never panics,
// and what decodes to a packet means the same when encoded again.
func FuzzDecoder(f *testing.F) {
	for _, v := range lines(f, "packets.txt") {
		f.Add([]byte(v[2]), []byte{1}, []byte(`2["next"]`))
	}
	for _, v := range lines(f, "invalid.txt") {
		f.Add([]byte(v[1]), []byte{1}, []byte(v[1]))
	}
	f.Add([]byte(`52-/a,7["x",{"_placeholder":true,"num":1,"num":0},[{"num":1e0,"\u005fplaceholder":true}]]`), []byte{}, []byte(`61-[]`))
	f.Fuzz(func(t *testing.T, first, attachment, second []byte) {
		d := codec.NewDecoder(2)
		var p wire.Packet
		for _, m := range []struct {
			data   []byte
			binary bool
		}{{first, false}, {attachment, true}, {attachment, true}, {second, false}} {
			data := bytes.Clone(m.data)
			complete, err := d.Add(&p, data, m.binary)
			if err != nil {
				d.Reset()
				continue
			}
			if complete {
				again(t, &p)
			}
		}
	})
}

func again(t *testing.T, p *wire.Packet) {
	values, err := codec.Values(p)
	if err != nil {
		if !strings.Contains(err.Error(), "out of range") {
			t.Fatalf("%s was accepted, but: %v", p.Args, err)
		}
		return
	}
	if len(p.Attachments) > 0 && hasPlaceholder(values) {
		t.Fatalf("%s still has placeholders: %v", p.Args, values)
	}
	h := wire.Header{Type: p.Type, Namespace: string(p.Namespace), ID: p.ID, Name: string(p.Name)}
	text, attachments, err := codec.Append(nil, h, values...)
	if err != nil {
		t.Fatalf("%+v decoded to %v, but: %v", p, values, err)
	}
	if len(attachments) > 10 { // one may have been referenced often
		return
	}
	q := decode(t, text, attachments)
	values2, err := codec.Values(&q)
	if err != nil || q.Type != p.Type || q.ID != p.ID || string(q.Namespace) != string(p.Namespace) || q.NArgs != p.NArgs ||
		utf8.Valid(p.Name) && string(q.Name) != string(p.Name) || !reflect.DeepEqual(values, values2) {
		t.Fatalf("%+v\n%v\n%+v\n%v %v", p, values, q, values2, err)
	}
}

func hasPlaceholder(v any) bool {
	switch v := v.(type) {
	case []any:
		for _, element := range v {
			if hasPlaceholder(element) {
				return true
			}
		}
	case map[string]any:
		for _, member := range v {
			if hasPlaceholder(member) {
				return true
			}
		}
		return v["_placeholder"] == true
	}
	return false
}

// FuzzScan compares the scanner, and the decoder of plain values, with the
// standard library's.
func FuzzScan(f *testing.F) {
	for _, s := range []string{
		`1`, `"a"`, `{"a":[1,{"b":null}],"c":"\u00e9"}`, `[`, `{"a"}`, `01`, `1e`, `-`, `tru`, ` [ ] `, "\"\x01\"", `"\ud83d"`,
		`"more than eight bytes \" and a quote"`, "\"1234567\x1f\"", `"12345678\`, `"\u12`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		if bytes.Count(value, []byte("["))+bytes.Count(value, []byte("{")) > wire.MaxDepth {
			return
		}
		text := append(append([]byte(`2["x",`), value...), ']')
		d := codec.NewDecoder(0)
		var p wire.Packet
		_, err := d.Add(&p, text, false)
		if want := json.Valid(text[1:]); want != (err == nil) {
			t.Fatalf("%q: valid %v, error %v", value, want, err)
		}
		if err != nil {
			return
		}
		var elements []json.RawMessage
		if err := json.Unmarshal(text[1:], &elements); err != nil || len(elements) != p.NArgs+1 {
			t.Fatalf("%q: %d arguments, %v", value, p.NArgs, err)
		}
		var want []any
		wantErr := json.Unmarshal(text[1:], &want)
		got, err := codec.Values(&p)
		if (err == nil) != (wantErr == nil) || err == nil && !reflect.DeepEqual(got, want[1:]) {
			t.Fatalf("%q: %v, %v; want %v, %v", value, got, err, want, wantErr)
		}
	})
}

// FuzzScalars compares what is encoded without the JSON module with the module.
func FuzzScalars(f *testing.F) {
	for _, s := range []string{"", "plain text of some length", "é", "\"", "1234567\\", "12345678\x1e", "\xff", "a\u2028"} {
		f.Add(s, math.Float64bits(1.5))
	}
	for _, n := range []float64{0, 1e-7, 1e21, -1e20, math.NaN(), math.Inf(1), 5e-324} {
		f.Add("x", math.Float64bits(n))
	}
	f.Fuzz(func(t *testing.T, s string, bits uint64) {
		number := math.Float64frombits(bits)
		out, _, err := codec.Append(nil, wire.Header{Type: wire.Event, ID: wire.NoID, Name: s}, s, number)
		if err != nil {
			t.Fatal(err)
		}
		quoted, _ := jsontext.AppendQuote(nil, s)
		encoded := "null"
		if !math.IsNaN(number) && !math.IsInf(number, 0) {
			encoded = jsontext.Float(number).String()
			if number == 0 {
				encoded = "0" // of either sign
			}
		}
		if want := `2[` + string(quoted) + `,` + string(quoted) + `,` + encoded + `]`; string(out) != want {
			t.Fatalf("%s, want %s", out, want)
		}
	})
}

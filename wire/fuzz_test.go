package wire_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/gosio/sio/wire"
)

// FuzzDecoder feeds two texts and a binary message to one decoder: it never
// panics, and what decodes to a packet means the same when encoded again.
func FuzzDecoder(f *testing.F) {
	for _, v := range lines(f, "packets.txt") {
		f.Add([]byte(v[2]), []byte{1}, []byte(`2["next"]`))
	}
	for _, v := range lines(f, "invalid.txt") {
		f.Add([]byte(v[1]), []byte{1}, []byte(v[1]))
	}
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
		return // a number out of range, say
	}
	h := wire.Header{Type: p.Type, Namespace: string(p.Namespace), ID: p.ID, Name: string(p.Name)}
	text, attachments, err := codec.Append(nil, h, values...)
	if err != nil || len(attachments) > 10 {
		return
	}
	q := decode(t, text, attachments)
	values2, err := codec.Values(&q)
	one, _ := json.Marshal(values)
	two, _ := json.Marshal(values2)
	namespace := string(p.Namespace)
	if namespace == "/" {
		namespace = ""
	}
	if err != nil || q.Type != p.Type || q.ID != p.ID || string(q.Namespace) != namespace || utf8.Valid(p.Name) && string(q.Name) != string(p.Name) || !bytes.Equal(one, two) {
		t.Fatalf("%+v\n%s\n%+v\n%s %v", p, one, q, two, err)
	}
}

// FuzzScan compares the scanner with the standard library's.
func FuzzScan(f *testing.F) {
	for _, s := range []string{`1`, `"a"`, `{"a":[1,{"b":null}],"c":"\u00e9"}`, `[`, `{"a"}`, `01`, `1e`, `-`, `tru`, ` [ ] `, "\"\x01\"", `"\ud83d"`} {
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
	})
}

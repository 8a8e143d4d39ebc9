package wire_test

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/gosio/sio/wire"
)

// lines reads a file of tab separated fields.
func lines(t testing.TB, name string) [][]string {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all [][]string
	for s := bufio.NewScanner(f); s.Scan(); {
		if line := s.Text(); line != "" && line[0] != '#' {
			all = append(all, strings.Split(line, "\t"))
		}
	}
	if len(all) == 0 {
		t.Fatal("no vectors")
	}
	return all
}

// binaries replaces {"$bytes":"hex"} by bytes.
func binaries(t testing.TB, v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = binaries(t, v[i])
		}
	case map[string]any:
		if s, ok := v["$bytes"].(string); ok {
			b, err := hex.DecodeString(s)
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		for k := range v {
			v[k] = binaries(t, v[k])
		}
	}
	return v
}

func parseHeader(t testing.TB, s string) wire.Header {
	f := strings.SplitN(s, " ", 4)
	h := wire.Header{Namespace: f[1], ID: wire.NoID}
	for typ := wire.Connect; typ <= wire.BinaryAck; typ++ {
		if typ.String() == f[0] {
			h.Type = typ
		}
	}
	if f[2] != "-" {
		id, err := strconv.ParseInt(f[2], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		h.ID = id
	}
	if len(f) > 3 {
		h.Name = f[3]
	}
	return h
}

func TestVectors(t *testing.T) {
	for _, v := range lines(t, "packets.txt") {
		t.Run(v[2], func(t *testing.T) {
			var args []any
			if err := json.Unmarshal([]byte(v[0]), &args); err != nil {
				t.Fatal(err)
			}
			binaries(t, args)
			h := parseHeader(t, v[1])
			var attachments [][]byte
			for _, s := range v[3:] {
				b, err := hex.DecodeString(s)
				if err != nil {
					t.Fatal(err)
				}
				attachments = append(attachments, b)
			}

			if !slices.ContainsFunc(args, unordered) {
				encodes(t, h, args, v[2], attachments)
			}
			if len(attachments) == 0 {
				var raw []jsontext.Value
				if err := json.Unmarshal([]byte(v[0]), &raw); err != nil {
					t.Fatal(err)
				}
				var reordered []any
				for _, r := range raw {
					reordered = append(reordered, jsonOf(t, r))
				}
				encodes(t, h, reordered, v[2], nil)
			}

			p := decode(t, []byte(v[2]), attachments)
			ns := string(p.Namespace)
			if ns == "" {
				ns = "/"
			}
			if p.Type != h.Type || ns != h.Namespace || p.ID != h.ID || string(p.Name) != h.Name || p.NArgs != len(args) {
				t.Errorf("decoded to %+v", p)
			}
			values, err := codec.Values(&p)
			if err != nil || len(args) > 0 && !reflect.DeepEqual(values, args) {
				t.Errorf("arguments %#v, %v; want %#v", values, err, args)
			}
		})
	}
}

func encodes(t *testing.T, h wire.Header, args []any, want string, attachments [][]byte) {
	t.Helper()
	out, got, err := wire.JSON().Append([]byte("prefix"), h, args...)
	if err != nil || string(out) != "prefix"+want || len(got) != len(attachments) {
		t.Errorf("encoded to %s and %d attachments, %v", out, len(got), err)
		return
	}
	for i := range got {
		if !bytes.Equal(got[i], attachments[i]) {
			t.Errorf("attachment %d: % x", i, got[i])
		}
	}
}

// unordered reports whether a map in v makes the order of keys a matter of luck.
func unordered(v any) bool {
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, unordered)
	case map[string]any:
		if len(v) > 1 {
			return true
		}
		for _, member := range v {
			return unordered(member)
		}
	}
	return false
}

// jsonOf returns an argument of a vector as it is to be sent: objects as the
// JSON that they are, as their order counts, and other values as Go has them.
func jsonOf(t *testing.T, raw jsontext.Value) any {
	if raw[0] == '{' {
		return raw
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func decode(t testing.TB, text []byte, attachments [][]byte) wire.Packet {
	t.Helper()
	d := wire.JSON().NewDecoder(wire.DefaultMaxAttachments)
	var p wire.Packet
	complete, err := d.Add(&p, text, false)
	for _, a := range attachments {
		if err != nil || complete {
			t.Fatalf("complete %v before its attachments, %v", complete, err)
		}
		complete, err = d.Add(&p, bytes.Clone(a), true)
	}
	if err != nil || !complete {
		t.Fatalf("complete %v, %v", complete, err)
	}
	return p
}

func TestInvalid(t *testing.T) {
	for _, v := range lines(t, "invalid.txt") {
		t.Run(strings.Join(v[1:], " "), func(t *testing.T) {
			d := wire.JSON().NewDecoder(wire.DefaultMaxAttachments)
			var p wire.Packet
			for i, m := range v[1:] {
				data, binary := []byte(m), false
				if s, ok := strings.CutPrefix(m, "binary:"); ok {
					data, _ = hex.DecodeString(s)
					binary = true
				}
				_, err := d.Add(&p, data, binary)
				if i == len(v)-2 {
					if err == nil || err.Error() != v[0] {
						t.Errorf("error %v", err)
					}
				} else if err != nil {
					t.Fatal(err)
				}
			}
			d.Reset()
			if complete, err := d.Add(&p, []byte(`2["again"]`), false); !complete || err != nil {
				t.Errorf("after Reset: %v, %v", complete, err)
			}
		})
	}
}

func TestAccepted(t *testing.T) {
	for text, want := range map[string]struct {
		ns, name, args string
		n              int
	}{
		"0/admin":                     {ns: "/admin"},
		"0/":                          {},
		`2/,1["x"]`:                   {name: "x"},
		`0/a/b?c=d,`:                  {ns: "/a/b?c=d"},
		`1/a`:                         {ns: "/a"},
		`0{"a":1} `:                   {args: `{"a":1}`, n: 1},
		`2/a,["x"]`:                   {ns: "/a", name: "x"},
		`2[1,2]`:                      {name: "1", args: "2", n: 1},
		`2[-1.5]`:                     {name: "-1.5"},
		`2["error"]`:                  {name: "error"},
		"2[ \"a\" ,\t1 , {\"b\":2} ]": {name: "a", args: `1 , {"b":2}`, n: 2},
		`2["\u0061b"]`:                {name: "ab"},
		`2[""]`:                       {name: ""},
		`3`:                           {},
		`31`:                          {},
		`31[]`:                        {},
		`4`:                           {},
		`4"text"`:                     {args: `"text"`, n: 1},
	} {
		p := decode(t, []byte(text), nil)
		if string(p.Namespace) != want.ns || string(p.Name) != want.name || string(p.Args) != want.args || p.NArgs != want.n {
			t.Errorf("%s: %q %q %q %d", text, p.Namespace, p.Name, p.Args, p.NArgs)
		}
	}
}

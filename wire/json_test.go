package wire_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/gosio/sio/wire"
)

var codec = wire.JSON()

type upload struct {
	Name  string            `json:"name"`
	Body  []byte            `json:"body"`
	Parts map[string][]byte `json:"parts,omitempty"`
	List  [][]byte          `json:"list,omitempty"`
	Any   any               `json:"any,omitempty"`
	Ptr   *upload           `json:"ptr,omitempty"`
}

func TestBinaryAnywhereInAValue(t *testing.T) {
	in := upload{
		Name: "x", Body: []byte{1}, Parts: map[string][]byte{"p": {2, 3}}, List: [][]byte{{4}, nil, {}},
		Any: map[string]any{"deep": []any{[]byte{5}, "s", 1.0}}, Ptr: &upload{Body: []byte{6}},
	}
	before, _ := json.Marshal(in)
	text, attachments, err := codec.Append(nil, wire.Header{Type: wire.Event, ID: wire.NoID, Name: "up"}, in, []byte{7})
	if err != nil || len(attachments) != 7 || !strings.HasPrefix(string(text), `57-["up",{"name":"x","body":{"_placeholder":true,"num":0}`) {
		t.Fatalf("%s, %d attachments, %v", text, len(attachments), err)
	}
	if after, _ := json.Marshal(in); !bytes.Equal(before, after) {
		t.Error("the caller's value has changed")
	}
	p := decode(t, text, attachments)
	var out upload
	var last []byte
	if err := codec.Decode(&p, &out, &last); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(in, out) || !bytes.Equal(last, []byte{7}) {
		t.Errorf("got %+v %v", out, last)
	}
}

func TestAttachmentReferencedTwiceOrNever(t *testing.T) {
	p := decode(t, []byte(`52-["x",{"_placeholder":true,"num":1},{"num":1,"_placeholder":true},{"_placeholder":false,"num":9}]`), [][]byte{{1}, {2}})
	var a, b []byte
	var c any
	if err := codec.Decode(&p, &a, &b, &c); err != nil || !bytes.Equal(a, []byte{2}) || !bytes.Equal(b, []byte{2}) {
		t.Errorf("%v %v %v", a, b, err)
	}
	if _, isMap := c.(map[string]any); !isMap {
		t.Errorf("%v", c)
	}
}

func TestPlaceholdersWithoutAttachmentsAreOrdinaryObjects(t *testing.T) {
	p := decode(t, []byte(`2["x",{"_placeholder":true,"num":5}]`), nil)
	if v, err := codec.Values(&p); err != nil || !reflect.DeepEqual(v, []any{map[string]any{"_placeholder": true, "num": 5.0}}) {
		t.Errorf("%v, %v", v, err)
	}
}

func TestDecode(t *testing.T) {
	p := decode(t, []byte(`2["x","a\u00e9\n", 42 ,1.5,true,null,{"a":1,"a":2,"A":3},[1,2],"AQI="]`), nil)
	var s, empty string = "", "old"
	var i int
	var f float64
	var b bool
	var null *int
	var m struct {
		A int `json:"a"`
	}
	var l []int8
	var bin []byte
	if err := codec.Decode(&p, &s, &i, &f, &b, &null, &m, &l, &bin, &empty); err != nil {
		t.Fatal(err)
	}
	if s != "aé\n" || i != 42 || f != 1.5 || !b || null != nil || m.A != 2 || len(l) != 2 || !bytes.Equal(bin, []byte{1, 2}) || empty != "" {
		t.Errorf("%q %d %v %v %v %+v %v %v %q", s, i, f, b, null, m, l, bin, empty)
	}
	var raw jsontext.Value
	if err := codec.Decode(&p, &raw); err != nil || string(raw) != `"a\u00e9\n"` {
		t.Errorf("%s, %v", raw, err)
	}
	if err := codec.Decode(&p, &i); err == nil {
		t.Error("a string became an int")
	}
	if err := codec.Decode(&p, i); err == nil {
		t.Error("decoded into a value that is no pointer")
	}
	none := decode(t, []byte(`2["x"]`), nil)
	if err := codec.Decode(&none, nil); err == nil {
		t.Error("decoded nothing into nil")
	}
	bad := decode(t, []byte("2[\"x\",\"\xff\"]"), nil)
	if err := codec.Decode(&bad, &s); err != nil || s != "\uFFFD" {
		t.Errorf("invalid UTF-8: %q, %v", s, err)
	}
}

func TestEncode(t *testing.T) {
	h := wire.Header{Type: wire.Event, ID: wire.NoID, Name: "x"}
	for want, arg := range map[string]any{
		`2["x",null]`:                           nil,
		`2["x",-5]`:                             int64(-5),
		`2["x",18446744073709551615]`:           uint64(math.MaxUint64),
		`2["x",false]`:                          false,
		`2["x",["a","b"]]`:                      []string{"a", "b"},
		`2["x",[]]`:                             []string(nil),
		`2["x",{"A":1}]`:                        struct{ A int }{1},
		`2["x","<a href='&'>` + "\u2028" + `"]`: "<a href='&'>\u2028",
		"2[\"x\",\"a\uFFFDb\"]":                 "a\xffb",
		`2["x",0.1]`:                            0.1,
	} {
		if out, _, err := codec.Append(nil, h, arg); err != nil || string(out) != want {
			t.Errorf("%#v: %s, %v; want %s", arg, out, err, want)
		}
	}
	for _, arg := range []any{math.NaN(), math.Inf(1), []byte(nil)} {
		if out, _, err := codec.Append(nil, h, arg); err != nil || string(out) != `2["x",null]` {
			t.Errorf("%v: %s, %v", arg, out, err)
		}
	}
	dst := []byte("keep")
	for _, arg := range []any{make(chan int), []float64{math.NaN()}, func() {}} {
		out, attachments, err := codec.Append(dst, h, []byte{1}, arg)
		if err == nil || string(out) != "keep" || attachments != nil {
			t.Errorf("%T: %s, %v, %v", arg, out, attachments, err)
		}
	}
	if out, attachments, err := codec.Append(nil, h, "fine"); err != nil || string(out) != `2["x","fine"]` || attachments != nil {
		t.Errorf("after errors: %s, %v", out, err)
	}
}

func TestTooDeep(t *testing.T) {
	d := codec.NewDecoder(10)
	var p wire.Packet
	nested := func(n int) []byte {
		return []byte(`2["x",` + strings.Repeat("[", n) + strings.Repeat("]", n) + `]`)
	}
	if _, err := d.Add(&p, nested(9000), false); err != nil {
		t.Error(err)
	}
	if _, err := codec.Values(&p); err != nil {
		t.Errorf("what is accepted can be decoded: %v", err)
	}
	if _, err := d.Add(&p, nested(200000), false); !errors.Is(err, wire.ErrInvalidPayload) {
		t.Errorf("error %v", err)
	}
}

func TestReserved(t *testing.T) {
	for name, want := range map[string]bool{
		"connect": true, "connect_error": true, "disconnect": true, "disconnecting": true, "newListener": true, "removeListener": true,
		"error": false, "message": false, "connection": false, "": false,
	} {
		if wire.Reserved(name) != want {
			t.Errorf("%q", name)
		}
	}
}

func TestAllocations(t *testing.T) {
	text := []byte(`212["chat","hello, everybody"]`)
	d := codec.NewDecoder(10)
	var p wire.Packet
	if n := testing.AllocsPerRun(1000, func() { _, _ = d.Add(&p, text, false) }); n != 0 {
		t.Errorf("decoding the packet: %v allocations", n)
	}
	var s string
	// The string itself, and the list of targets that goes through the interface.
	if n := testing.AllocsPerRun(1000, func() { _ = codec.Decode(&p, &s) }); n > 2 {
		t.Errorf("decoding a string: %v allocations", n)
	}
	dst := make([]byte, 0, 256)
	h := wire.Header{Type: wire.Event, ID: wire.NoID, Name: "chat"}
	args := []any{"hello", 12, true}
	if n := testing.AllocsPerRun(1000, func() { _, _, _ = codec.Append(dst, h, args...) }); n != 0 {
		t.Errorf("encoding: %v allocations", n)
	}
}

func BenchmarkDecodeEvent(b *testing.B) {
	text := []byte(`2["chat","hello, everybody, this is a message of some 64 bytes"]`)
	d := codec.NewDecoder(10)
	var p wire.Packet
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		_, _ = d.Add(&p, text, false)
	}
}

func BenchmarkAppendEvent(b *testing.B) {
	dst := make([]byte, 0, 256)
	h := wire.Header{Type: wire.Event, ID: wire.NoID, Name: "chat"}
	args := []any{"hello, everybody, this is a message of some 64 bytes"}
	b.ReportAllocs()
	for b.Loop() {
		_, _, _ = codec.Append(dst, h, args...)
	}
}

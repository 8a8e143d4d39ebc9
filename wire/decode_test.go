package wire_test

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/gosio/sio/wire"
)

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
	if err := codec.Decode(&p); err != nil {
		t.Errorf("no targets: %v", err)
	}
	bad := decode(t, []byte("2[\"x\",\"\xff\"]"), nil)
	if err := codec.Decode(&bad, &s); err != nil || s != "\uFFFD" {
		t.Errorf("invalid UTF-8: %q, %v", s, err)
	}
}

func TestDecodeIntoWhatCannotBe(t *testing.T) {
	full := decode(t, []byte(`2["x",1]`), nil)
	none := decode(t, []byte(`2["x"]`), nil)
	broken := wire.Packet{NArgs: 2} // made by hand, and not what it says
	for _, target := range []any{nil, 1, (*int)(nil), (*int64)(nil), (*string)(nil), (*bool)(nil), (*float64)(nil), (*[]byte)(nil), (*any)(nil)} {
		if err := codec.Decode(&full, target); err == nil {
			t.Errorf("%T: an argument was decoded", target)
		}
		if err := codec.Decode(&none, target); err == nil {
			t.Errorf("%T: a missing argument was decoded", target)
		}
		if err := codec.Decode(&broken, target); err == nil {
			t.Errorf("%T: nothing was decoded", target)
		}
	}
	var i int
	if err := codec.Decode(&full, &i, nil); err == nil || i != 1 {
		t.Errorf("%d, %v", i, err)
	}
}

// Arguments of the usual types are decoded without the JSON module; the result
// must be the module's.
func TestDecodeLikeTheModule(t *testing.T) {
	options := json.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	values := []string{
		`""`, `"a"`, `"é😀"`, `"a\nb"`, "\"\xff\"", `"1"`, `"true"`, `"AQI="`, `"AQI"`, `null`, `true`, `false`, `{}`, `[]`, `[1]`,
		`0`, `-0`, `1`, `-1`, `1.0`, `1.5`, `1e3`, `1E+2`, `1e400`, `-1e400`, `1e-400`, `123456789012345678`, `-123456789012345678`,
		`1234567890123456789`, `9223372036854775807`, `9223372036854775808`, `-9223372036854775808`, `-9223372036854775809`,
		`99999999999999999999`, `0.1`, `5e-324`, `1.7976931348623157e308`,
	}
	targets := []func() any{
		func() any { s := "old"; return &s },
		func() any { b := true; return &b },
		func() any { i := 7; return &i },
		func() any { i := int64(7); return &i },
		func() any { i := int8(7); return &i },
		func() any { f := 0.5; return &f },
		func() any { b := []byte("old"); return &b },
		func() any { return new(any) },
		func() any { return new(jsontext.Value) },
	}
	for _, v := range values {
		p := decode(t, []byte(`2["x",`+v+`]`), nil)
		binary := decode(t, []byte(`51-["x",`+v+`]`), [][]byte{{1}})
		for _, target := range targets {
			want, got, gotBinary := target(), target(), target()
			wantErr := json.Unmarshal([]byte(v), want, options)
			err := codec.Decode(&p, got)
			errBinary := codec.Decode(&binary, gotBinary)
			if (err == nil) != (wantErr == nil) || (errBinary == nil) != (wantErr == nil) {
				t.Errorf("%s into %T: %v and %v, the module has %v", v, want, err, errBinary, wantErr)
				continue
			}
			if err == nil && (!reflect.DeepEqual(got, want) || !reflect.DeepEqual(gotBinary, want)) {
				t.Errorf("%s into %T: %v and %v, the module has %v", v, want, reflect.ValueOf(got).Elem(), reflect.ValueOf(gotBinary).Elem(), reflect.ValueOf(want).Elem())
			}
		}
	}
}

type mixed struct {
	Any  any            `json:"any"`
	List []any          `json:"list"`
	Map  map[string]any `json:"map"`
	Next *mixed         `json:"next"`
	N    int            `json:"n"`
}

// Of duplicate names the last wins, whatever the others were.
func TestDuplicateNames(t *testing.T) {
	for _, binary := range []bool{false, true} {
		arg := `{"any":true,"any":1,"list":[{"a":"x","a":[2]}],"map":{"m":{"old":1},"m":{"new":2},"m":3},"next":{"any":[1],"any":{"k":null},"n":5},"n":1,"n":2}`
		p := decode(t, []byte(`2["x",`+arg+`,`+arg+`]`), nil)
		if binary {
			p = decode(t, []byte(`51-["x",`+arg+`,`+arg+`]`), [][]byte{{1}})
		}
		var typed mixed
		var plain any
		if err := codec.Decode(&p, &typed, &plain); err != nil {
			t.Fatal(err)
		}
		list := []any{map[string]any{"a": []any{2.0}}}
		if want := (mixed{Any: 1.0, List: list, Map: map[string]any{"m": 3.0}, Next: &mixed{Any: map[string]any{"k": nil}, N: 5}, N: 2}); !reflect.DeepEqual(typed, want) {
			t.Errorf("%+v, want %+v", typed, want)
		}
		want := map[string]any{
			"any": 1.0, "list": list, "map": map[string]any{"m": 3.0},
			"next": map[string]any{"any": map[string]any{"k": nil}, "n": 5.0}, "n": 2.0,
		}
		if !reflect.DeepEqual(plain, want) {
			t.Errorf("%v, want %v", plain, want)
		}
	}
}

func TestPlainValues(t *testing.T) {
	p := decode(t, []byte(`2["x", [ ] ,{ } , [ 1 , "a\ud83d\ude00\ud83d" ] , { "\u0061" : -0.5e1 , "b":[null,false]},"`+"\xff"+`",1e400]`), nil)
	values := make([]any, 5)
	targets := []any{&values[0], &values[1], &values[2], &values[3], &values[4]}
	want := []any{[]any{}, map[string]any{}, []any{1.0, "a😀�"}, map[string]any{"a": -5.0, "b": []any{nil, false}}, "�"}
	if err := codec.Decode(&p, targets...); err != nil || !reflect.DeepEqual(values, want) {
		t.Errorf("%#v, %v", values, err)
	}
	if _, err := codec.Values(&p); err == nil || !strings.Contains(err.Error(), "argument 5") || !strings.Contains(err.Error(), "out of range") {
		t.Errorf("error %v", err)
	}
	for _, args := range []string{"", "[", "{", `{"a"`, "tru", "-", `"`, "1 2", " 1"} { // made by hand
		var v any
		if err := codec.Decode(&wire.Packet{Type: wire.Event, Args: []byte(args), NArgs: 1}, &v); (err == nil) != (args == " 1") {
			t.Errorf("%q: %v, %v", args, v, err)
		}
	}
}

// Nothing decoded may be part of the packet's memory, which its owner uses again.
func TestDecodedValuesOwnTheirMemory(t *testing.T) {
	text := []byte(`2["x","string",{"a":["b"]},"AQI=",[{"k":"v"}]]`)
	p := decode(t, text, nil)
	var s string
	var m map[string]any
	var b []byte
	var raw jsontext.Value
	if err := codec.Decode(&p, &s, &m, &b, &raw); err != nil {
		t.Fatal(err)
	}
	clear(text)
	if s != "string" || !reflect.DeepEqual(m, map[string]any{"a": []any{"b"}}) || !bytes.Equal(b, []byte{1, 2}) || string(raw) != `[{"k":"v"}]` {
		t.Errorf("%q %v %v %s", s, m, b, raw)
	}
}

func TestDepth(t *testing.T) {
	var p wire.Packet
	nested := func(open, end string, n int) string { return strings.Repeat(open, n) + strings.Repeat(end, n) }
	for _, brackets := range [][2]string{{"[", "]"}, {`{"a":`, "}"}} {
		inner := ""
		if brackets[1] == "}" {
			inner = "1"
		}
		deepest := strings.Repeat(brackets[0], wire.MaxDepth) + inner + strings.Repeat(brackets[1], wire.MaxDepth)
		d := codec.NewDecoder(10)
		if _, err := d.Add(&p, []byte(`2["x",`+deepest+`]`), false); err != nil {
			t.Error(err)
		}
		if _, err := codec.Values(&p); err != nil {
			t.Errorf("what is accepted can be decoded: %v", err)
		}
		p = decode(t, []byte(`51-["x",`+deepest+`]`), [][]byte{{1}})
		if _, err := codec.Values(&p); err != nil {
			t.Errorf("what is accepted can be decoded: %v", err)
		}
		deeper := brackets[0] + deepest + brackets[1]
		if _, err := d.Add(&p, []byte(`2["x",`+deeper+`]`), false); !errors.Is(err, wire.ErrInvalidPayload) {
			t.Errorf("error %v", err)
		}
	}
	for _, text := range []string{
		`2["x",` + nested("[", "]", 200000) + `]`, `0` + strings.Repeat(`{"a":`, 200000), `2` + strings.Repeat("[", 1e6), `3` + strings.Repeat("[[", 1e5),
	} {
		if _, err := codec.NewDecoder(10).Add(&p, []byte(text), false); !errors.Is(err, wire.ErrInvalidPayload) {
			t.Errorf("%.20s…: error %v", text, err)
		}
	}
}

func TestUnknownTypes(t *testing.T) {
	var p wire.Packet
	if _, err := codec.NewDecoder(10).Add(&p, []byte("9"), false); !errors.Is(err, wire.ErrUnknownPacketType) || errors.Is(err, wire.ErrInvalidPayload) {
		t.Errorf("error %v", err)
	}
}

func TestTypeNames(t *testing.T) {
	for typ, want := range map[wire.Type]string{
		wire.Connect: "CONNECT", wire.Disconnect: "DISCONNECT", wire.Event: "EVENT", wire.Ack: "ACK", wire.ConnectError: "CONNECT_ERROR",
		wire.BinaryEvent: "BINARY_EVENT", wire.BinaryAck: "BINARY_ACK", 7: "Type(7)",
	} {
		if typ.String() != want {
			t.Errorf("%d: %s", byte(typ), typ)
		}
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

// The greatest id is one that fits whatever its digits are.
func TestIDs(t *testing.T) {
	p := decode(t, []byte(`2999999999999999999["x"]`), nil)
	if p.ID != 999999999999999999 {
		t.Errorf("id %d", p.ID)
	}
	if _, err := codec.NewDecoder(10).Add(&p, []byte(`29999999999999999999["x"]`), false); !errors.Is(err, wire.ErrInvalidPayload) {
		t.Errorf("error %v", err)
	}
}

package wire_test

import (
	stdjson "encoding/json"
	"math"
	"strconv"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/gosio/sio/wire"
)

var event = wire.Header{Type: wire.Event, ID: wire.NoID, Name: "x"}

type celsius float64

func TestEncode(t *testing.T) {
	zero := 0.0
	for _, v := range []struct {
		arg  any
		want string
	}{
		{nil, `null`},
		{-5, `-5`},
		{int64(math.MinInt64), `-9223372036854775808`},
		{int32(-1), `-1`},
		{int16(-300), `-300`},
		{int8(-3), `-3`},
		{uint(3), `3`},
		{uint64(math.MaxUint64), `18446744073709551615`},
		{uint32(4), `4`},
		{uint16(5), `5`},
		{uint8(6), `6`},
		{true, `true`},
		{false, `false`},
		{[]string{"a", "b"}, `["a","b"]`},
		{[]string(nil), `[]`},
		{map[string]int(nil), `{}`},
		{(*int)(nil), `null`},
		{struct{ A int }{1}, `{"A":1}`},
		{"<a href='&'>\u2028", "\"<a href='&'>\u2028\""},
		{"a\xffb", "\"a\uFFFDb\""},
		{[]string{"a\xffb"}, "[\"a\uFFFDb\"]"},
		{"\x00\x1e\x7f\t\"\\/", `"\u0000\u001e` + "\x7f" + `\t\"\\/"`},
		{time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), `"2026-01-02T03:04:05Z"`},
		{jsontext.Value(`{"b":1,"a":[2]}`), `{"b":1,"a":[2]}`},
		{jsontext.Value(" {\n} "), `{}`},
		{jsontext.Value("\"\xff\""), "\"\uFFFD\""},
		{jsontext.Value(nil), `null`},
		{stdjson.RawMessage(`[1]`), `[1]`},
		{[]byte(nil), `null`},
		{[][]byte{nil}, `[null]`},

		{0.1, `0.1`},
		{100.0, `100`},
		{-zero, `0`},
		{math.Copysign(0, -1), `0`},
		{1e21, `1e+21`},
		{1e-7, `1e-7`},
		{-1.25e-10, `-1.25e-10`},
		{1e100, `1e+100`},
		{123456789012345680000.0, `123456789012345680000`},
		{float32(0.1), `0.1`},
		{float32(1e-6), `0.000001`},
		{float32(1e21), `1e+21`},

		{math.NaN(), `null`},
		{math.Inf(1), `null`},
		{float32(math.Inf(-1)), `null`},
		{[]float64{1, math.NaN(), math.Inf(1)}, `[1,null,null]`},
		{[]float32{float32(math.NaN())}, `[null]`},
		{map[string]any{"a": math.NaN()}, `{"a":null}`},
		{struct{ A, B float64 }{math.Inf(1), 2}, `{"A":null,"B":2}`},
	} {
		if out, _, err := codec.Append(nil, event, v.arg); err != nil || string(out) != `2["x",`+v.want+`]` {
			t.Errorf("%T %v: %s, %v; want %s", v.arg, v.arg, out, err, v.want)
		}
	}
}

// Floats are encoded without the JSON module, but as it does.
func TestFloatsLikeTheModule(t *testing.T) {
	for _, f := range []float64{
		1, -1, 0.5, 1.0 / 3, 1e-6, 9.999999e-7, 1e-5, 1e20, 9.99e20, 1e21, 1e22, 1e-10, 1e-100, 2e-309, math.MaxFloat64,
		math.SmallestNonzeroFloat64, math.MaxFloat32, math.SmallestNonzeroFloat32, 1 << 53, 16777217, 0.000001234, 1234567.875, math.Pi,
	} {
		for _, arg := range []any{f, -f, float32(f)} {
			if g, ok := arg.(float32); ok && (math.IsInf(float64(g), 0) || g == 0) {
				continue
			}
			want, err := json.Marshal(arg)
			if err != nil {
				t.Fatal(err)
			}
			if out, _, err := codec.Append(nil, event, arg); err != nil || string(out) != `2["x",`+string(want)+`]` {
				t.Errorf("%T %s: %s, %v", arg, want, out, err)
			}
			if n, ok := arg.(float64); ok {
				if back, err := strconv.ParseFloat(string(want), 64); err != nil || back != n {
					t.Errorf("%s is read as %v, %v", want, back, err)
				}
			}
		}
	}
}

func TestEncodeErrors(t *testing.T) {
	dst := append(make([]byte, 0, 256), "keep"...)
	ack := wire.Header{Type: wire.Ack, ID: 1}
	cycle := map[string]any{}
	cycle["self"] = cycle
	for _, arg := range []any{make(chan int), func() {}, []any{func() {}}, []celsius{celsius(math.NaN())}, jsontext.Value(`{`), jsontext.Value(`1 2`), jsontext.Value(`],"y"`), cycle} {
		for _, h := range []wire.Header{event, ack} {
			out, attachments, err := codec.Append(dst, h, []byte{1}, arg, "after")
			if err == nil || string(out) != "keep" || attachments != nil {
				t.Errorf("%T: %s, %v, %v", arg, out, attachments, err)
			}
		}
	}
	if out, attachments, err := codec.Append(nil, event, []any{"fine"}); err != nil || string(out) != `2["x",["fine"]]` || attachments != nil {
		t.Errorf("after errors: %s, %v, %v", out, attachments, err)
	}
}

// A float that cannot be encoded makes the value be encoded twice; its
// attachments must not be there twice.
func TestNaNBesideBinary(t *testing.T) {
	out, attachments, err := codec.Append(nil, event, []byte{1}, []any{[]byte{2}, math.NaN()}, []byte{3})
	want := `53-["x",{"_placeholder":true,"num":0},[{"_placeholder":true,"num":1},null],{"_placeholder":true,"num":2}]`
	if err != nil || string(out) != want || len(attachments) != 3 {
		t.Errorf("%s, %v, %v", out, attachments, err)
	}
}

func TestEncodePayloads(t *testing.T) {
	connect := wire.Header{Type: wire.Connect, Namespace: "/a", ID: wire.NoID}
	refuse := wire.Header{Type: wire.ConnectError, ID: wire.NoID}
	leave := wire.Header{Type: wire.Disconnect, ID: wire.NoID}
	for _, v := range []struct {
		h    wire.Header
		args []any
		want string // "" for an error
	}{
		{connect, nil, `0/a,`},
		{connect, []any{map[string]any{"t": 1}}, `0/a,{"t":1}`},
		{connect, []any{jsontext.Value(` {"t":1}`)}, `0/a,{"t":1}`},
		{connect, []any{nil}, ``},
		{connect, []any{"x"}, ``},
		{connect, []any{[]int{1}}, ``},
		{connect, []any{map[string]any{}, 1}, ``},
		// Never searched for binary: the peer could not put it back.
		{connect, []any{map[string]any{"b": []byte{1, 2}}}, `0/a,{"b":"AQI="}`},
		{connect, []any{map[string]any{"n": math.NaN()}}, `0/a,{"n":null}`},
		{connect, []any{[]byte{1}}, ``},
		{refuse, []any{"no"}, `4"no"`},
		{refuse, []any{struct {
			Message string `json:"message"`
		}{"no"}}, `4{"message":"no"}`},
		{refuse, []any{1}, ``},
		{leave, nil, `1`},
		{leave, []any{map[string]any{}}, ``},
		{wire.Header{Type: wire.BinaryEvent, ID: wire.NoID, Name: "x"}, nil, ``},
		{wire.Header{Type: 9, ID: wire.NoID}, nil, ``},
	} {
		out, attachments, err := codec.Append(nil, v.h, v.args...)
		if string(out) != v.want || (err == nil) != (v.want != "") || attachments != nil {
			t.Errorf("%s %v: %s, %v, %v; want %s", v.h.Type, v.args, out, attachments, err, v.want)
		}
	}
}

func TestEncodeHeader(t *testing.T) {
	for _, v := range []struct {
		h    wire.Header
		want string
	}{
		{wire.Header{Type: wire.Event, ID: 0, Name: "a"}, `20["a"]`},
		{wire.Header{Type: wire.Event, ID: wire.NoID, Namespace: "/", Name: "a"}, `2["a"]`},
		{wire.Header{Type: wire.Event, ID: math.MaxInt64, Namespace: "/n", Name: ""}, `2/n,9223372036854775807[""]`},
		{wire.Header{Type: wire.Event, ID: wire.NoID, Name: "\"\xff<"}, "2[\"\\\"\uFFFD<\"]"},
		{wire.Header{Type: wire.Ack, ID: 3, Namespace: "/n"}, `3/n,3[]`},
	} {
		if out, _, err := codec.Append(nil, v.h); err != nil || string(out) != v.want {
			t.Errorf("%+v: %s, %v; want %s", v.h, out, err, v.want)
		}
	}
}

package msgpack_test

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/gosio/sio/event"
	"github.com/gosio/sio/wire"
)

type (
	color   uint8
	blob    []byte
	label   string
	celsius float64
	inner   struct {
		B    int `json:"b,omitempty"`
		C    int `json:"c"`
		Deep string
	}
	Outer struct {
		C string `json:"c"` // wins over that of inner
		inner
		*Linked
		Tagged inner `json:"tagged,omitzero"`
	}
	Linked struct {
		Next *Outer `json:"next,omitempty"`
		L    int    `json:"l"`
	}
	left  struct{ X, Y int }
	right struct{ X int }
	clash struct {
		left
		right
	}
	options struct {
		Gone    int            `json:"-"`
		Text    string         `json:",omitempty"`
		List    []int          `json:"list,omitempty"`
		Map     map[string]int `json:"map,omitempty"`
		Pointer *int           `json:"pointer,omitempty"`
		Number  int            `json:"number,omitempty"`
		Zero    int            `json:"zero,omitzero"`
		Time    time.Time      `json:"time,omitzero"`
		Big     uint64         `json:"big,string"`
		private int
	}
	wide struct {
		A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P int `json:",omitzero"`
	}
)

func (c color) MarshalText() ([]byte, error) {
	if c > 9 {
		return nil, errors.New("no such color")
	}
	return []byte{'#', '0' + byte(c)}, nil
}

func (c *color) UnmarshalText(text []byte) error {
	if len(text) != 2 {
		return errors.New("no color")
	}
	*c = color(text[1] - '0')
	return nil
}

func (p *wide) MarshalJSON() ([]byte, error) { return fmt.Appendf(nil, `{"sum":%d}`, p.A+p.P), nil }

type sixteen wide // without the method

func encode(t testing.TB, args ...any) []byte {
	t.Helper()
	out, _, err := codec.Append(nil, wire.Header{Type: wire.Ack, ID: wire.NoID}, args...)
	if err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	return out
}

// TestEncode has the values that no vector has.
func TestEncode(t *testing.T) {
	three := 3
	pointer := &three
	for _, test := range []struct {
		value any
		want  string
	}{
		{int8(-1), "ff"}, {int16(300), "cd012c"}, {int32(-33), "d0df"}, {int64(math.MinInt64), "d38000000000000000"},
		{uint8(200), "ccc8"}, {uint16(1), "01"}, {uint32(1 << 20), "ce00100000"}, {uint(5), "05"}, {uint64(math.MaxUint64), "cfffffffffffffffff"},
		{float32(2), "02"}, {float32(0.5), "cb3fe0000000000000"}, {celsius(-3), "fd"}, {math.Copysign(0, -1), "00"},
		{math.Ldexp(1, 64), "cb43f0000000000000"}, {-math.Ldexp(1, 64), "cbc3f0000000000000"}, {1e300, "cb7e37e43c8800759c"},
		{label("é"), "a2c3a9"}, {"a\xffb", "a561efbfbd62"}, {label("\xff\xff"), "a6efbfbdefbfbd"},
		{strings.Repeat("x", 1<<16), "db00010000" + strings.Repeat("78", 1<<16)},
		{nil, "c0"}, {[]byte(nil), "c0"}, {blob(nil), "c0"}, {[]byte{}, "c400"}, {blob{1}, "c40101"}, {event.View{1, 2}, "c4020102"},
		{[2]byte{3, 4}, "c4020304"}, {[]int(nil), "90"}, {map[string]int(nil), "80"}, {[]any(nil), "90"}, {map[string]any(nil), "80"},
		{[]color{1, 2}, "92a22331a22332"}, {[2]bool{true}, "92c3c2"}, {[]string{"a", ""}, "92a161a0"}, {make([]int16, 16), "dc0010" + strings.Repeat("00", 16)},
		{pointer, "03"}, {&pointer, "03"}, {(*int)(nil), "c0"}, {[]error{nil}, "91c0"},
		{map[int]string{-5: "x"}, "81a22d35a178"}, {map[uint8]bool{7: true}, "81a137c3"}, {map[color]any{1: nil}, "81a22331c0"}, {map[label][]byte{"k": {1}}, "81a16bc40101"},
		{time.UnixMilli(1).In(time.FixedZone("", 3600)), "d7000000000000000001"}, {&time.Time{}, "d700ffffc77cedd32800"},
		{time.Duration(3), "03"}, {json.Number("7"), "a137"}, {big.NewInt(300), "cd012c"}, {netip.MustParseAddr("::1"), "a33a3a31"},
		{jsontext.Value(`{"a":[1,"b",null]}`), "81a1619301a162c0"}, {json.RawMessage("1.5"), "cb3ff8000000000000"},
		{inner{C: 1}, "83a16200a16301a444656570a0"},
		{Outer{inner: inner{B: 2}}, "83a163a0a16202a444656570a0"},
		{Outer{C: "x", Linked: &Linked{L: 5}, Tagged: inner{B: 1}}, "85a163a178a16200a444656570a0a16c05a674616767656483a16201a16300a444656570a0"},
		{clash{left{1, 2}, right{3}}, "81a15902"},
		{options{}, "82a66e756d62657200a3626967a130"},
		{
			options{Text: "t", List: []int{1}, Map: map[string]int{"a": 1}, Pointer: &three, Zero: 1, Big: 1 << 60, Time: time.UnixMilli(0)},
			"88a454657874a174a46c6973749101a36d617081a16101a7706f696e74657203a66e756d62657200a47a65726f01a474696d65d7000000000000000000a3626967b331313532393231353034363036383436393736",
		},
		{wide{A: 1, P: 2}, "81a373756d03"}, {&wide{A: 1}, "81a373756d01"}, {[]wide{{P: 1}}, "9181a373756d01"},
		{sixteen{A: 1, P: 2}, "82a14101a15002"},
		{struct{ V event.View }{event.View{1}}, "81a156c40101"}, {struct{ V any }{&three}, "81a15603"}, {struct{}{}, "80"},
		{struct {
			A int `json:"-"`
			B int `json:"'-'"`
			C int `json:"'c',omitzero"`
		}{A: 1, B: 2}, "81a12d02"},
	} {
		out := hex.EncodeToString(encode(t, test.value))
		want := hex.EncodeToString([]byte("\x83\xa4type\x03\xa4data\x91")) + test.want + hex.EncodeToString([]byte("\xa3nsp\xa1/"))
		if out != want {
			t.Errorf("%T %.40v:\n%s\n%s", test.value, test.value, out, want)
		}
	}
}

// A struct with all of more than 15 fields needs a longer head than one without.
func TestManyFields(t *testing.T) {
	all := sixteen{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}
	p := decode(t, encode(t, all))
	var back sixteen
	if err := codec.Decode(&p, &back); err != nil || back != all || p.Args[0] != 0xde {
		t.Errorf("%v, %v", back, err)
	}
}

func TestCannotBeEncoded(t *testing.T) {
	type ring struct{ Next *ring }
	circle := new(ring)
	circle.Next = circle
	list := []any{nil}
	list[0] = list
	object := map[string]any{}
	object["self"] = object
	type pointer *pointer
	var p pointer
	p = &p
	var self any
	self = &self
	for _, v := range []any{
		make(chan int), func() {}, complex(1, 2), []any{1, func() {}}, map[string]any{"a": make(chan int)}, struct{ F func() }{},
		map[bool]int{true: 1}, color(10), map[color]int{10: 1}, []color{10}, json.RawMessage("{"),
		circle, list, object, p, self,
	} {
		dst := []byte("before")
		out, _, err := codec.Append(dst, wire.Header{Type: wire.Event, ID: wire.NoID, Name: "x"}, 1, v)
		if err == nil || !strings.HasPrefix(err.Error(), "msgpack: cannot encode EVENT: ") || string(out) != "before" {
			t.Errorf("%T: %q, %v", v, out, err)
		}
	}
}

func TestPayloads(t *testing.T) {
	for _, test := range []struct {
		typ  wire.Type
		args []any
		ok   bool
	}{
		{wire.Connect, nil, true},
		{wire.Connect, []any{map[string]any{}}, true},
		{wire.Connect, []any{struct{}{}}, true},
		{wire.Connect, []any{nil}, false},
		{wire.Connect, []any{"text"}, false},
		{wire.Connect, []any{func() {}}, false},
		{wire.Connect, []any{struct{}{}, struct{}{}}, false},
		{wire.Disconnect, nil, true},
		{wire.Disconnect, []any{struct{}{}}, false},
		{wire.ConnectError, []any{"text"}, true},
		{wire.ConnectError, []any{struct{}{}}, true},
		{wire.ConnectError, []any{[]int{}}, false},
		{wire.ConnectError, nil, false},
		{wire.BinaryEvent, nil, false},
		{wire.Type(9), nil, false},
	} {
		_, _, err := codec.Append(nil, wire.Header{Type: test.typ, ID: wire.NoID}, test.args...)
		if (err == nil) != test.ok {
			t.Errorf("%s %v: %v", test.typ, test.args, err)
		}
	}
}

// TestLikeJSON: what a peer sees of a value does not depend on the codec.
func TestLikeJSON(t *testing.T) {
	three := 3
	for _, v := range []any{
		nil, true, 1, -1.5, "text", []string{"a"}, map[string]int{"a": 1}, inner{B: 1}, Outer{}, Outer{C: "c", Linked: &Linked{L: 1}},
		clash{left{1, 2}, right{3}}, options{}, options{Text: "t", Pointer: &three, Number: 1, Zero: 2, Big: 7, private: 1},
		wide{A: 1}, &wide{P: 1}, sixteen{C: 5}, []color{1}, map[color]int{2: 3}, []any{[]byte{1}, []byte(nil)}, [2]int{1, 2},
		struct{ V []byte }{[]byte("x")}, time.UnixMilli(1700000000123).UTC(), netip.MustParseAddr("1.2.3.4"), jsontext.Value(`[1,{"a":null}]`),
		[]int(nil), map[int]int(nil), (*int)(nil), []error{nil}, math.Inf(1) > 0, big.NewInt(7), label("l"), celsius(1.5), "\xff",
	} {
		h := wire.Header{Type: wire.Event, ID: wire.NoID, Name: "x"}
		text, attachments, err := wire.JSON().Append(nil, h, v)
		if err != nil {
			t.Fatal(err)
		}
		var p wire.Packet
		d := wire.JSON().NewDecoder(10)
		if _, err = d.Add(&p, text, false); err != nil {
			t.Fatal(err)
		}
		for _, a := range attachments {
			if _, err := d.Add(&p, a, true); err != nil {
				t.Fatal(err)
			}
		}
		want, err := wire.JSON().Values(&p)
		if err != nil {
			t.Fatal(err)
		}
		q := decode(t, encode(t, v))
		if got, err := codec.Values(&q); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%T: %#v, %v, want %#v", v, got, err, want)
		}
	}
}

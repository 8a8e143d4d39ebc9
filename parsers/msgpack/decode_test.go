package msgpack_test

import (
	"encoding/json"
	"math"
	"math/big"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/gosio/sio/event"
	"github.com/gosio/sio/wire"
)

// argument is a packet with one argument, which is encoded already.
func argument(t testing.TB, encoded string) wire.Packet {
	t.Helper()
	return decode(t, eventOf("\x92\xa1e"+encoded))
}

func TestDecode(t *testing.T) {
	three := 3
	for _, test := range []struct {
		encoded string
		want    any // of the type to decode into
	}{
		{"\xa1x", "x"}, {"\xa3a\xffb", "a\ufffdb"}, {"\xd7\x00\x00\x00\x01\x8b\xcf\xe5\x68\x7b", "2023-11-14T22:13:20.123Z"}, {"\xc0", ""}, {"\xd9\x01y", label("y")}, {"\xda\x00\x01y", "y"},
		{"\xc3", true}, {"\xc0", false}, {"\xd4\x00\x00", false},
		{"\x05", 5}, {"\xff", int8(-1)}, {"\xd1\x01\x00", int64(256)}, {"\xce\x00\x00\x00\x01", 1}, {"\xcb\x40\x14\x00\x00\x00\x00\x00\x00", 5}, {"\xcb\x40\x14\x00\x00\x00\x00\x00\x00", uint16(5)},
		{"\xcc\xff", uint8(255)}, {"\xcf\xff\xff\xff\xff\xff\xff\xff\xff", uint64(math.MaxUint64)}, {"\xd3\x80\x00\x00\x00\x00\x00\x00\x00", int64(math.MinInt64)}, {"\xc0", 0}, {"\xd0\x05", uint(5)},
		{"\xca\x3f\xc0\x00\x00", 1.5}, {"\xca\x3f\xc0\x00\x00", float32(1.5)}, {"\x07", 7.0}, {"\x07", celsius(7)}, {"\xcf\x80\x00\x00\x00\x00\x00\x00\x00", math.Ldexp(1, 63)},
		{"\xcb\x7f\xf0\x00\x00\x00\x00\x00\x00", float32(math.Inf(1))},
		{"\xc4\x01x", []byte("x")}, {"\xc5\x00\x01x", blob("x")}, {"\xc6\x00\x00\x00\x01x", event.View("x")}, {"\xc7\x01\x00x", []byte("x")}, {"\xa4eA==", []byte("x")}, {"\xc0", []byte(nil)}, {"\xc4\x00", []byte{}},
		{"\xc8\x00\x01\x00x", event.View("x")}, {"\xc9\x00\x00\x00\x01\x00x", blob("x")}, {"\xc4\x02xy", [2]byte{'x', 'y'}}, {"\xc0", [2]byte{}},
		{"\x92\x01\x02", []int{1, 2}}, {"\x90", []string{}}, {"\xc0", []string(nil)}, {"\x92\x01\x02", [2]int{1, 2}}, {"\x92\xa2#1\xa2#2", []color{1, 2}}, {"\xdc\x00\x01\x01", []any{1.0}},
		{"\x81\xa1a\x01", map[string]int{"a": 1}}, {"\xc0", map[string]int(nil)}, {"\x81\x07\xc3", map[int8]bool{7: true}}, {"\x81\xa17\xc3", map[uint]bool{7: true}},
		{"\x81\xa2#1\x01", map[color]int{1: 1}}, {"\x82\xa1a\x01\xa1a\x02", map[string]int{"a": 2}}, {"\xde\x00\x01\xff\x01", map[string]any{"-1": 1.0}},
		{"\x03", &three}, {"\xc0", (*int)(nil)},
		{"\xd7\x00\x00\x00\x01\x8b\xcf\xe5\x68\x7b", time.UnixMilli(1700000000123).UTC()}, {"\xb42023-11-14T22:13:20Z", time.Unix(1700000000, 0).UTC()}, {"\xc0", time.Time{}},
		{"\xd6\xff\x00\x00\x00\x01", time.Unix(1, 0).UTC()}, {"\xd7\xff\x00\x00\x00\x04\x00\x00\x00\x01", time.Unix(1, 1).UTC()},
		{"\xa2#7", color(7)}, {"\xc0", color(0)}, {"\xa4::01", netip.MustParseAddr("::1")}, {"\xcd\x01\x2c", *big.NewInt(300)},
		{"\x81\xa1a\xc4\x01x", jsontext.Value(`{"a":"eA=="}`)}, {"\xc0", json.RawMessage("null")},
		{"\x83\xa1b\x01\xa1c\x02\xa4Deep\xa1d", inner{1, 2, "d"}}, {"\x83\xa1B\x01\x01\x02\xa1c\x03", inner{C: 3}}, {"\x81\xa1x\x81\xa1c\x92\x01\x02", inner{}}, {"\xc0", inner{}},
		{"\x82\xa1c\x01\xa1c\xd4\x00\x00", inner{C: 1}}, {"\x81\xa1c\xd4\x00\x00", map[string]int{}}, {"\x81\xa1c\xd4\x00\x00", map[string]any{}},
		{"\x84\xa1c\xa1x\xa1b\x02\xa1l\x07\xa6tagged\x81\xa1b\x01", Outer{C: "x", inner: inner{B: 2}, Linked: &Linked{L: 7}, Tagged: inner{B: 1}}},
		{"\x81\xa4next\x81\xa1c\xa1y", Outer{Linked: &Linked{Next: &Outer{C: "y"}}}},
		{"\x83\xa4Gone\x01\xa1-\x02\xa3big\xb31152921504606846976", options{Big: 1 << 60}}, {"\x81\xa3big\x05", options{Big: 5}}, {"\x81\xa7private\x05", options{}},
	} {
		p := argument(t, test.encoded)
		got := reflect.New(reflect.TypeOf(test.want))
		if err := codec.Decode(&p, got.Interface()); err != nil || !reflect.DeepEqual(got.Elem().Interface(), test.want) {
			t.Errorf("%q into %T: %#v, %v", test.encoded, test.want, got.Elem(), err)
		}
	}
}

func TestCannotBeDecoded(t *testing.T) {
	for _, test := range []struct {
		encoded string
		target  any
	}{
		{"\x01", new(string)}, {"\xc4\x01x", new(string)}, {"\x90", new(string)}, {"\x01", new(bool)}, {"\xa1x", new(bool)},
		{"\xa11", new(int)}, {"\xcd\x01\x00", new(int8)}, {"\xcd\x01\x00", new(uint8)}, {"\xff", new(uint)}, {"\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00", new(int)},
		{"\xcf\x80\x00\x00\x00\x00\x00\x00\x00", new(int64)}, {"\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00", new(int)}, {"\xcb\x43\xe0\x00\x00\x00\x00\x00\x00", new(int64)},
		{"\xcb\x7e\x37\xe4\x3c\x88\x00\x75\x9c", new(float32)}, {"\xa11", new(float64)}, {"\xa1!", new([]byte)}, {"\x91\x01", new([]byte)}, {"\xc4\x01x", new([2]byte)},
		{"\x80", new([]int)}, {"\x91\xa1x", new([]int)}, {"\x91\x01", new([2]int)}, {"\x90", new(map[string]int)}, {"\x81\xa1a\xa1b", new(map[string]int)},
		{"\x81\xa1a\x01", new(map[int]int)}, {"\x81\xcd\x01\x00\x01", new(map[int8]int)}, {"\x81\xa1a\x01", new(map[color]int)}, {"\x81\xa1a\x01", new(map[bool]int)},
		{"\x90", new(inner)}, {"\x81\xa1b\xa1x", new(inner)}, {"\x81\xa3big\xa1x", new(options)}, {"\x81\xa3big\xa2-1", new(options)},
		{"\x01", new(time.Time)}, {"\xa1x", new(time.Time)}, {"\xd6\xfe\x00\x00\x00\x01", new(time.Time)}, {"\xd5\xff\x00\x00", new(time.Time)},
		{"\xa1x", new(color)}, {"\x01", new(color)}, {"\xa1x", new(netip.Addr)}, {"\xa1x", new(big.Int)}, {"\x01", new(chan int)}, {"\x01", new(error)},
		{"\x01", nil}, {"\x01", 5}, {"\x01", (*int)(nil)}, {"\x01", (*string)(nil)}, {"\x01", (*any)(nil)}, {"\x01", struct{}{}},
	} {
		p := argument(t, test.encoded)
		if err := codec.Decode(&p, test.target); err == nil {
			t.Errorf("%q into a %T: no error, %v", test.encoded, test.target, test.target)
		}
	}
}

func TestValues(t *testing.T) {
	p := decode(t, eventOf("\x9d\xa1e\xc0\xd4\x00\x00\xc2\x01\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00\xa1\xff\xc4\x01x\x91\x81\x05\x06\xd7\x00\x00\x00\x00\x00\x00\x00\x00\x00\xd4\x07x\xc7\x02\xffab\xd5\x00ab"))
	want := []any{
		nil, nil, false, 1.0, 1.5, "\ufffd", []byte("x"), []any{map[string]any{"5": 6.0}}, "1970-01-01T00:00:00.000Z",
		[]any{7.0, []byte("x")}, []any{-1.0, []byte("ab")}, []any{0.0, []byte("ab")},
	}
	if got, err := codec.Values(&p); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%#v, %v", got, err)
	}
}

// Missing arguments are zero, and additional ones ignored, whatever was there.
func TestArguments(t *testing.T) {
	p := decode(t, eventOf("\x94\xa1e\x81\xa1x\x90\x05\xa1z"))
	text, number, m, more := "old", 7, map[string]any{"old": 1}, []int{1}
	if err := codec.Decode(&p, &m, &number, &text, &more); err != nil || text != "z" || number != 5 || more != nil || len(m) != 2 {
		t.Errorf("%v %v %q %v, %v", m, number, text, more, err)
	}
	var first any
	if err := codec.Decode(&p, &first); err != nil || !reflect.DeepEqual(first, map[string]any{"x": []any{}}) {
		t.Errorf("%v, %v", first, err)
	}
	none := decode(t, eventOf("\x91\xa1e"))
	for _, wrong := range []any{nil, 5, (*int)(nil)} {
		if codec.Decode(&none, wrong) == nil {
			t.Errorf("nothing was decoded into %v", wrong)
		}
	}
	if values, err := codec.Values(&none); err != nil || values == nil || len(values) != 0 {
		t.Errorf("%#v, %v", values, err)
	}
}

// A packet that does not come from a Decoder may be anything.
func TestForeignPacket(t *testing.T) {
	for _, args := range []string{"", "\xdd\xff\xff\xff\xff", "\xa5x", "\x91", "\xc1"} {
		p := wire.Packet{Args: []byte(args), NArgs: 1}
		for _, target := range []any{new(string), new(any), new([]int), new(time.Time)} {
			if codec.Decode(&p, target) == nil {
				t.Errorf("%q into a %T: no error", args, target)
			}
		}
		if _, err := codec.Values(&p); err == nil {
			t.Errorf("%q: no error", args)
		}
	}
}

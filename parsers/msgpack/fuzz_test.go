package msgpack_test

import (
	"bytes"
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/tinylib/msgp/msgp"

	"github.com/gosio/sio/event"
	"github.com/gosio/sio/wire"
)

// FuzzDecoder feeds messages: nothing panics, another implementation finds them
// well-formed too, and what decodes to a packet means the same when encoded again.
func FuzzDecoder(f *testing.F) {
	for _, name := range []string{"packets.txt", "invalid.txt"} {
		for _, v := range vectors(f, name) {
			f.Add(unhex(f, v[len(v)-1]))
		}
	}
	f.Add(nested(40))
	f.Add(eventOf("\x92\xa1e\x83\xa1a\x92\x01\xd6\xff\x00\x00\x00\x01\x07\xca\x00\x00\x00\x00\xa4time\xd7\x00\x00\x00\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, message []byte) {
		original := bytes.Clone(message)
		var p wire.Packet
		if _, err := codec.NewDecoder(0).Add(&p, message, true); err != nil {
			return
		}
		if rest, err := msgp.Skip(message); err != nil || len(rest) > 0 {
			t.Fatalf("%x was accepted, but: %v, and %d bytes more", message, err, len(rest))
		}
		into(&p)
		again(t, &p)
		if !bytes.Equal(message, original) {
			t.Fatalf("%x was changed to %x", original, message)
		}
	})
}

// into decodes a packet into types of all kinds, whether they fit or not.
func into(p *wire.Packet) {
	for _, target := range []any{
		new(string), new(int), new(uint8), new(float32), new(bool), new([]byte), new(event.View), new([3]byte), new(time.Time), new(any),
		new([]any), new([]color), new([2]int), new(map[string]any), new(map[int]string), new(options), new(*Outer), new(wide), new([]error),
	} {
		_ = codec.Decode(p, target)
	}
}

func again(t *testing.T, p *wire.Packet) {
	values, err := codec.Values(p)
	if err != nil || len(values) != p.NArgs {
		t.Fatalf("%x was accepted, but: %d values, %v", p.Args, len(values), err)
	}
	h := wire.Header{Type: p.Type, Namespace: string(p.Namespace), ID: p.ID, Name: string(p.Name)}
	message, _, err := codec.Append(nil, h, values...)
	if err != nil {
		t.Fatalf("%x decoded to %v, but: %v", p.Args, values, err)
	}
	q := decode(t, message)
	values2, err := codec.Values(&q)
	if err != nil || q.Type != p.Type || q.ID != p.ID || q.NArgs != p.NArgs {
		t.Fatalf("%+v\n%v\n%+v\n%v %v", p, values, q, values2, err)
	}
	message2, _, err := codec.Append(nil, h, values2...)
	if err != nil || len(message2) != len(message) { // maps have no order
		t.Fatalf("%x\n%x %v", message, message2, err)
	}
	if !reflect.DeepEqual(values, values2) && !bytes.Contains(message, []byte{0xcb, 0x7f, 0xf8}) { // NaN
		t.Fatalf("%v\n%v", values, values2)
	}
}

type all struct {
	S string
	I int64
	U uint64
	F float64
	G float32
	B []byte
	T time.Time
	Y bool
	L []int16
	M map[string]uint32
	P *all `json:",omitempty"`
	A any
}

// FuzzRoundTrip: what is encoded decodes to what it was.
func FuzzRoundTrip(f *testing.F) {
	f.Add("text", int64(-1), uint64(1<<63), 1.5, []byte{1}, int64(1700000000123), true)
	f.Add("", int64(math.MinInt64), uint64(255), math.Inf(-1), []byte(nil), int64(-1), false)
	f.Add("\u00e9\U0001f600", int64(1<<40), uint64(0), 1e300, []byte{}, int64(0), false)
	f.Fuzz(func(t *testing.T, s string, i int64, u uint64, number float64, b []byte, ms int64, y bool) {
		s = string([]rune(s))
		if number != number {
			number = 0
		}
		in := all{
			S: s, I: i, U: u, F: number, G: float32(number), B: bytes.Clone(b), T: time.UnixMilli(ms).UTC(), Y: y,
			L: []int16{int16(i), int16(u)}, M: map[string]uint32{s: uint32(u)}, A: []any{s, number, nil},
		}
		in.P = &all{S: s, L: []int16{}, M: map[string]uint32{}, T: time.UnixMilli(0).UTC()}
		if number == 0 {
			in.F, in.G, in.A = 0, 0, map[string]any{s: y} // there is but one zero
		}
		h := wire.Header{Type: wire.Event, Namespace: "/" + s, ID: i & math.MaxInt64, Name: s + "!"}
		message, _, err := codec.Append(nil, h, in, s, i, u, number, b)
		if err != nil {
			t.Fatal(err)
		}
		if rest, err := msgp.Skip(message); err != nil || len(rest) > 0 {
			t.Fatalf("%x: %v", message, err)
		}
		p := decode(t, message)
		var (
			out     all
			s2      string
			i2      int64
			u2      uint64
			number2 float64
			b2      []byte
		)
		if err := codec.Decode(&p, &out, &s2, &i2, &u2, &number2, &b2); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(in, out) || s2 != s || i2 != i || u2 != u || number2 != number || !bytes.Equal(b, b2) ||
			p.ID != h.ID || string(p.Name) != h.Name || string(p.Namespace) != h.Namespace && s != "" {
			t.Fatalf("%+v\n%+v\n%+v", in, out, p)
		}
	})
}

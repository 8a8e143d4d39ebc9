package msgpack_test

import (
	"testing"

	"github.com/gosio/sio/wire"
)

type order struct {
	ID     int64    `json:"id"`
	Item   string   `json:"item"`
	Price  float64  `json:"price"`
	Tags   []string `json:"tags"`
	Urgent bool     `json:"urgent"`
}

var samples = []struct {
	name   string
	arg    any
	target func() any
}{
	{"text", "The quick brown fox jumps over the lazy dog", func() any { return new(string) }},
	{"struct", order{1234567, "a chair", 99.5, []string{"wood", "green"}, true}, func() any { return new(order) }},
	{"map", map[string]any{"id": 1234567, "item": "a chair", "tags": []any{"wood", "green"}}, func() any { return new(any) }},
	{"numbers", []int{1, 20, 300, 4000, 50000, 600000, 7000000, 80000000}, func() any { return new([]int) }},
	{"1 KB", make([]byte, 1024), func() any { return new([]byte) }},
}

var codecs = []struct {
	name  string
	codec wire.Codec
}{{"msgpack", codec}, {"json", wire.JSON()}}

var header = wire.Header{Type: wire.Event, ID: wire.NoID, Name: "message"}

func BenchmarkAppend(b *testing.B) {
	for _, s := range samples {
		for _, c := range codecs {
			b.Run(s.name+"/"+c.name, func(b *testing.B) {
				b.ReportAllocs()
				dst, args := make([]byte, 0, 2048), []any{s.arg}
				for b.Loop() {
					if _, _, err := c.codec.Append(dst, header, args...); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkDecode takes a message in, and decodes its argument.
func BenchmarkDecode(b *testing.B) {
	for _, s := range samples {
		for _, c := range codecs {
			b.Run(s.name+"/"+c.name, func(b *testing.B) {
				b.ReportAllocs()
				message, attachments, err := c.codec.Append(nil, header, s.arg)
				if err != nil {
					b.Fatal(err)
				}
				d := c.codec.NewDecoder(1)
				var p wire.Packet
				for b.Loop() {
					target := []any{s.target()} // not one that can be used again
					_, err := d.Add(&p, message, c.codec.Binary())
					for _, a := range attachments {
						_, err = d.Add(&p, a, true)
					}
					if err == nil {
						err = c.codec.Decode(&p, target...)
					}
					if err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// What usual values cost.
func TestAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	dst := make([]byte, 0, 2048)
	for i, want := range []float64{1, 5, 15, 2, 1} {
		s := samples[i]
		args := []any{s.arg}
		target := []any{s.target()}
		message := encodeEvent(t, s.arg)
		d := codec.NewDecoder(0)
		var p wire.Packet
		decoding := testing.AllocsPerRun(100, func() {
			if _, err := d.Add(&p, message, true); err != nil {
				t.Fatal(err)
			}
			if err := codec.Decode(&p, target...); err != nil {
				t.Fatal(err)
			}
		})
		encoding := testing.AllocsPerRun(100, func() {
			if _, _, err := codec.Append(dst, header, args...); err != nil {
				t.Fatal(err)
			}
		})
		if decoding > want || encoding > 1 {
			t.Errorf("%s: %v allocations to decode (at most %v), %v to encode", s.name, decoding, want, encoding)
		}
	}
}

func encodeEvent(t testing.TB, arg any) []byte {
	t.Helper()
	message, _, err := codec.Append(nil, header, arg)
	if err != nil {
		t.Fatal(err)
	}
	return message
}

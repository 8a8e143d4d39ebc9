package wire_test

import (
	"bytes"
	"testing"

	"github.com/gosio/sio/wire"
)

type order struct {
	ID    int    `json:"id"`
	Price int    `json:"price"`
	Note  string `json:"note"`
}

// The budgets of what every message costs. The lists of targets and arguments
// are made outside: through an interface they cost the caller an allocation.
func TestAllocations(t *testing.T) {
	d := codec.NewDecoder(10)
	var p wire.Packet
	budget := func(what string, want float64, f func()) {
		t.Helper()
		if got := testing.AllocsPerRun(1000, f); got > want {
			t.Errorf("%s: %v allocations, want %v", what, got, want)
		}
	}
	text := []byte(`2/admin,12["chat","hello, everybody"]`)
	budget("reading an event", 0, func() { _, _ = d.Add(&p, text, false) })
	var s string
	targets := []any{&s}
	budget("decoding a string", 1, func() { _ = codec.Decode(&p, targets...) })

	numbers := decode(t, []byte(`2["n",1,-2,3.5,true]`), nil)
	var i int
	var i64 int64
	var f float64
	var b bool
	targets2 := []any{&i, &i64, &f, &b}
	budget("decoding numbers", 0, func() { _ = codec.Decode(&numbers, targets2...) })
	if i != 1 || i64 != -2 || f != 3.5 || !b {
		t.Error(i, i64, f, b)
	}

	dst := make([]byte, 0, 256)
	h := wire.Header{Type: wire.Event, ID: wire.NoID, Name: "chat"}
	budget("writing constants", 0, func() { _, _, _ = wire.JSON().Append(dst, h, "hi") })
	args := []any{"hello", 12, true, 1.5, nil}
	budget("writing plain values", 0, func() { _, _, _ = codec.Append(dst, h, args...) })
	binary := []any{[]byte{1}}
	budget("writing binary", 2, func() { _, _, _ = codec.Append(dst, h, binary...) }) // the list of attachments, their number

	if raceEnabled {
		return
	}
	object := decode(t, []byte(`2["o",{"id":1,"price":2,"note":"x"}]`), nil)
	var o order
	targets3 := []any{&o}
	budget("decoding a struct", 2, func() { _ = codec.Decode(&object, targets3...) })
	values := []any{&order{ID: 1, Price: 2, Note: "x"}}
	budget("writing a struct", 2, func() { _, _, _ = codec.Append(dst, h, values...) })
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

func BenchmarkDecodeObject(b *testing.B) {
	text := []byte(`2["order",{"id":1234,"price":99.5,"items":["a","b","c"],"ok":true}]`)
	d := codec.NewDecoder(10)
	var p wire.Packet
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		_, _ = d.Add(&p, text, false)
	}
}

func BenchmarkDecodeBinaryEvent(b *testing.B) {
	text := []byte(`51-["upload",{"name":"x","body":{"_placeholder":true,"num":0}}]`)
	body := bytes.Repeat([]byte{1}, 64)
	d := codec.NewDecoder(10)
	var p wire.Packet
	b.ReportAllocs()
	for b.Loop() {
		_, _ = d.Add(&p, text, false)
		if complete, err := d.Add(&p, body, true); !complete {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeString(b *testing.B) {
	p := decode(b, []byte(`2["chat","hello, everybody, this is a message of some 64 bytes"]`), nil)
	var s string
	targets := []any{&s}
	b.ReportAllocs()
	for b.Loop() {
		_ = codec.Decode(&p, targets...)
	}
}

func BenchmarkDecodeStruct(b *testing.B) {
	p := decode(b, []byte(`2["o",{"id":1,"price":2,"note":"x"}]`), nil)
	var o order
	targets := []any{&o}
	b.ReportAllocs()
	for b.Loop() {
		_ = codec.Decode(&p, targets...)
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

func BenchmarkAppendStruct(b *testing.B) {
	dst := make([]byte, 0, 256)
	h := wire.Header{Type: wire.Event, ID: wire.NoID, Name: "chat"}
	args := []any{&order{ID: 1, Price: 2, Note: "x"}}
	b.ReportAllocs()
	for b.Loop() {
		_, _, _ = codec.Append(dst, h, args...)
	}
}

func BenchmarkAppendBinary(b *testing.B) {
	dst := make([]byte, 0, 256)
	h := wire.Header{Type: wire.Event, ID: wire.NoID, Name: "upload"}
	args := []any{&upload{Name: "x", Body: []byte{1}}}
	b.ReportAllocs()
	for b.Loop() {
		_, _, _ = codec.Append(dst, h, args...)
	}
}

package eio_test

import (
	"bytes"
	"errors"
	"iter"
	"strings"
	"testing"

	"github.com/gosio/sio/wire/eio"
)

// collect returns the packets before the first error, and that error.
func collect(payload iter.Seq2[eio.Packet, error]) (packets []eio.Packet, err error) {
	for p, e := range payload {
		if err != nil {
			panic("went on after an error")
		}
		if err = e; err == nil {
			packets = append(packets, p)
		}
	}
	return packets, err
}

func checkPackets(t *testing.T, got, want []eio.Packet) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d packets, want %d", len(got), len(want))
	}
	for i := range got {
		if !same(got[i], want[i]) {
			t.Errorf("packet %d: %+v, want %+v", i, got[i], want[i])
		}
	}
}

// The vectors come from the official parser.
func TestVectorsV3(t *testing.T) {
	for _, v := range readVectors(t, "payloads_v3.txt") {
		t.Run(v[0], func(t *testing.T) {
			var want []eio.Packet
			for _, s := range v[3:] {
				want = append(want, packet(t, s))
			}
			text, binary := fromHex(t, v[1]), fromHex(t, v[2])
			if got := eio.AppendPayloadV3(nil, want...); !bytes.Equal(got, text) {
				t.Errorf("text payload %q, want %q", got, text)
			}
			if got := eio.AppendBinaryPayloadV3(nil, want...); !bytes.Equal(got, binary) {
				t.Errorf("binary payload % x, want % x", got, binary)
			}
			for _, payload := range []iter.Seq2[eio.Packet, error]{eio.PayloadV3(text), eio.BinaryPayloadV3(binary)} {
				got, err := collect(payload)
				if err != nil {
					t.Fatal(err)
				}
				checkPackets(t, got, want)
			}
		})
	}
}

func message(data string) eio.Packet { return eio.Packet{Type: eio.Message, Data: []byte(data)} }

func TestMalformedPayloadsV3(t *testing.T) {
	for payload, good := range map[string]int{
		"": 0, "0": 0, "4": 0, "4:": 0, ":4": 0, "x:4a": 0, "2:4": 0, "1:7": 0, "1:b": 0, "2:b9": 0, "3:4a": 0, "-1:4": 0,
		"2:4a3": 1, "2:4a3:": 1, "2:4a9:4": 1, "2:4a1:92:4b": 1, "2:4a:": 1, "1:44": 1,
		"2:4😀": 0, "4:4😀": 0, // lengths within and after the surrogate pair
		"0x2:4a": 0, " 2:4a": 0, // what only JavaScript takes for numbers
		"99999999999999999999999:4": 0, strings.Repeat("9", 400): 0,
	} {
		got, err := collect(eio.PayloadV3([]byte(payload)))
		if len(got) != good || !errors.Is(err, eio.ErrPacket) {
			t.Errorf("%q: %d good packets, %v", payload, len(got), err)
		}
	}
	for payload, want := range map[string][]eio.Packet{
		"0:": nil, "2:4a0:2:4b": {message("a"), message("b")}, "02:4a": {message("a")},
	} {
		got, err := collect(eio.PayloadV3([]byte(payload)))
		if err != nil {
			t.Errorf("%q: %v", payload, err)
		}
		checkPackets(t, got, want)
	}
}

func TestMalformedBinaryPayloadsV3(t *testing.T) {
	const ok = "\x00\x02\xff4a"
	for payload, good := range map[string]int{
		"\x00": 0, "\x00\x02": 0, "\x00\xff": 0, "\x00\x02\xff4": 0, "\x02\x02\xff4a": 0, "\x00\x0a\xff4aaaaaaaaa": 0,
		"\x00\x00\xff": 0, "\x00\x01\xff9": 0, "\x00\x03\xff4\xff\xfe": 0, "\x00\x02\xffb9": 0,
		ok + "\x01": 1, ok + ok + "x": 2, "\x01" + strings.Repeat("\x09", 400) + "\xff": 0, "\x01" + strings.Repeat("\x00", 400): 0,
	} {
		got, err := collect(eio.BinaryPayloadV3([]byte(payload)))
		if len(got) != good || !errors.Is(err, eio.ErrPacket) {
			t.Errorf("%q: %d good packets, %v", payload, len(got), err)
		}
	}
	// Packets of types that do not exist mean nothing.
	got, err := collect(eio.BinaryPayloadV3([]byte("\x01\x00\xff" + "\x01\x02\xff\x07x" + ok)))
	if err != nil {
		t.Error(err)
	}
	nothing := eio.Packet{Type: eio.Noop, Binary: true}
	checkPackets(t, got, []eio.Packet{nothing, nothing, message("a")})
	if got, err := collect(eio.BinaryPayloadV3(nil)); len(got) != 0 || err != nil {
		t.Errorf("an empty one: %v, %v", got, err)
	}
}

// Text that is not UTF-8 must not make the lengths wrong.
func TestInvalidTextV3(t *testing.T) {
	bad := message("a\xff\xfeb")
	if got := eio.AppendPayloadV3(nil, bad); string(got) != "4:4a\uFFFDb" {
		t.Errorf("%q", got)
	}
	if got := eio.AppendBinaryPayloadV3(nil, bad); string(got) != "\x00\x06\xff4a\uFFFDb" {
		t.Errorf("%q", got)
	}
}

func FuzzPayloadV3(f *testing.F) {
	for _, s := range []string{"6:4hello2:4€", "3:4😀", "10:b4AQIDBA==", "0:1:6", "", "2:4", "2:b4", "9999999999999999999:4"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if packets, err := collect(eio.PayloadV3(eio.ValidText(bytes.Clone(body)))); err == nil {
			checkAgain(t, packets)
		}
	})
}

func FuzzBinaryPayloadV3(f *testing.F) {
	for _, s := range []string{"\x00\x02\xff4a\x01\x02\xff\x04\x01", "\x01\x00\xff", "\x00\x03\xffb4A", "\x00\x09\x09\x09\x09\xff"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if packets, err := collect(eio.BinaryPayloadV3(bytes.Clone(body))); err == nil {
			checkAgain(t, packets)
		}
	})
}

// checkAgain checks that packets which have been parsed mean the same when
// they are encoded again, in either way.
func checkAgain(t *testing.T, packets []eio.Packet) {
	t.Helper()
	if len(packets) == 0 {
		return
	}
	again, err := collect(eio.PayloadV3(eio.AppendPayloadV3(nil, packets...)))
	if err != nil {
		t.Fatal(err)
	}
	checkPackets(t, again, packets)
	again, err = collect(eio.BinaryPayloadV3(eio.AppendBinaryPayloadV3(nil, packets...)))
	if err != nil {
		t.Fatal(err)
	}
	checkPackets(t, again, packets)
}

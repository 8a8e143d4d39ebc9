package eio_test

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/gosio/sio/wire/eio"
)

// readVectors reads testdata: lines of "description | wire form in hex or text |
// packets", the last as hex of type and data.
func readVectors(t *testing.T, name string) [][]string {
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

func fromHex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// packet decodes "message text hex…".
func packet(t *testing.T, s string) eio.Packet {
	t.Helper()
	f := strings.SplitN(s, " ", 3)
	for typ := eio.Open; typ <= eio.Noop; typ++ {
		if typ.String() == f[0] {
			p := eio.Packet{Type: typ}
			if len(f) > 1 {
				p.Binary = f[1] == "binary"
				if len(f) > 2 {
					p.Data = fromHex(t, f[2])
				}
			}
			return p
		}
	}
	t.Fatalf("unknown type in %q", s)
	return eio.Packet{}
}

func same(a, b eio.Packet) bool {
	return a.Type == b.Type && a.Binary == b.Binary && bytes.Equal(a.Data, b.Data)
}

func TestVectors(t *testing.T) {
	for _, v := range readVectors(t, "payloads.txt") {
		t.Run(v[0], func(t *testing.T) {
			encoded := fromHex(t, v[1])
			var want []eio.Packet
			for _, s := range v[2:] {
				want = append(want, packet(t, s))
			}
			if got := eio.AppendPayload(nil, want...); !bytes.Equal(got, encoded) {
				t.Errorf("encoded % x, want % x", got, encoded)
			}
			var got []eio.Packet
			for p, err := range eio.Payload(bytes.Clone(encoded)) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, p)
			}
			if len(got) != len(want) {
				t.Fatalf("%d packets, want %d", len(got), len(want))
			}
			for i := range got {
				if !same(got[i], want[i]) {
					t.Errorf("packet %d: %+v, want %+v", i, got[i], want[i])
				}
			}
		})
	}
}

func TestMalformedPayloads(t *testing.T) {
	for payload, good := range map[string]int{
		"": 0, "{": 0, "{}": 0, `["a123"]`: 0, "abc": 0, "7": 0, "4a\x1e": 1, "\x1e4a": 0, "4a\x1e9\x1e4b": 1, "B": 0, "-4": 0,
	} {
		n, failed := 0, false
		for _, err := range eio.Payload([]byte(payload)) {
			if err != nil {
				if failed || !errors.Is(err, eio.ErrPacket) {
					t.Errorf("%q: %v", payload, err)
				}
				failed = true
				continue
			}
			n++
		}
		if !failed || n != good {
			t.Errorf("%q: %d good packets, failed %v", payload, n, failed)
		}
	}
}

func TestLenientBase64(t *testing.T) {
	for text, want := range map[string]string{
		"bAQIDBA==": "01020304", "bAQIDBA": "01020304", "bAQIDBA=": "01020304", "b": "", "b=": "", "bAQ": "01", "bA": "",
		"b-_-_": "fbffbf", "b+/+/": "fbffbf", "b A Q\nID": "010203", "bAQID=BA": "010203", "bAQI": "0102",
	} {
		p, err := eio.ParsePacket([]byte(text))
		if err != nil || !p.Binary || p.Type != eio.Message || hex.EncodeToString(p.Data) != want {
			t.Errorf("%q: %x, %v; want %s", text, p.Data, err, want)
		}
	}
}

func TestValidText(t *testing.T) {
	good := []byte("4€")
	if got := eio.ValidText(good); &got[0] != &good[0] {
		t.Error("copied valid text")
	}
	if got := eio.ValidText([]byte("4a\xff\xfeb\xe2\x82")); string(got) != "4a\uFFFDb\uFFFD" {
		t.Errorf("%q", got)
	}
}

func TestHandshake(t *testing.T) {
	h := eio.Handshake{
		SID: "lv_VI97HAXpY6yYWAAAC", Upgrades: []string{"websocket", "webtransport"},
		PingInterval: 25 * time.Second, PingTimeout: 20 * time.Second, MaxPayload: 1000000,
	}
	const text = `{"sid":"lv_VI97HAXpY6yYWAAAC","upgrades":["websocket","webtransport"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}`
	if got := eio.AppendHandshake(nil, h); string(got) != text {
		t.Errorf("%s", got)
	}
	if got, err := eio.ParseHandshake([]byte(text)); err != nil || !reflect.DeepEqual(got, h) {
		t.Errorf("%+v, %v", got, err)
	}
	if got := eio.AppendHandshake(nil, eio.Handshake{SID: "x"}); string(got) != `{"sid":"x","upgrades":[],"pingInterval":0,"pingTimeout":0,"maxPayload":0}` {
		t.Errorf("%s", got)
	}
	for _, bad := range []string{"", "null", "[]", "{}", `{"sid":1}`, `{"sid":"x","pingInterval":-1}`, `{"sid":"x","pingTimeout":9223372036854775807}`, `{"sid":"x"`} {
		if _, err := eio.ParseHandshake([]byte(bad)); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
}

func TestAppendHandshakeAllocatesNothing(t *testing.T) {
	h := eio.Handshake{SID: "lv_VI97HAXpY6yYWAAAC", Upgrades: []string{"websocket"}}
	dst := make([]byte, 0, 256)
	if n := testing.AllocsPerRun(100, func() { dst = eio.AppendHandshake(dst[:0], h) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzPayload(f *testing.F) {
	for _, s := range []string{"4hello\x1e2\x1e4€\x1ebAQIDBA==", "", "4a\x1e", "b====", "b-_", "0{}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var packets []eio.Packet
		for p, err := range eio.Payload(bytes.Clone(body)) {
			if err != nil {
				return
			}
			packets = append(packets, p)
		}
		// What parses means the same when it is encoded again.
		i := 0
		for p, err := range eio.Payload(eio.AppendPayload(nil, packets...)) {
			if err != nil || i >= len(packets) || !same(p, packets[i]) {
				t.Fatalf("packet %d: %+v, %v", i, p, err)
			}
			i++
		}
		if i != len(packets) {
			t.Fatalf("%d packets became %d", len(packets), i)
		}
	})
}

func FuzzParsePacket(f *testing.F) {
	for _, s := range []string{"", "4", "4hello", "bAQIDBA==", "b", "2probe", "7"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := eio.ParsePacket(bytes.Clone(text))
		if err != nil {
			return
		}
		again, err := eio.ParsePacket(eio.AppendPacket(nil, p))
		if err != nil || !same(p, again) {
			t.Fatalf("%+v became %+v, %v", p, again, err)
		}
	})
}

func FuzzHandshake(f *testing.F) {
	f.Add([]byte(`{"sid":"x","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}`))
	f.Add([]byte(`{"sid":"\ud83d"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := eio.ParseHandshake(data)
		if err != nil {
			return
		}
		again, err := eio.ParseHandshake(eio.AppendHandshake(nil, h))
		if h.Upgrades == nil {
			h.Upgrades = []string{}
		}
		if err != nil || !reflect.DeepEqual(h, again) {
			t.Fatalf("%+v became %+v, %v", h, again, err)
		}
	})
}

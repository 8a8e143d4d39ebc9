package msgpack_test

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gosio/sio/parsers/msgpack"
	"github.com/gosio/sio/wire"
)

var codec = msgpack.Codec()

// vectors reads a file of tab separated fields, the last of which is hex.
func vectors(t testing.TB, name string) [][]string {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all [][]string
	for s := bufio.NewScanner(f); s.Scan(); {
		if line := s.Text(); line[0] != '#' {
			all = append(all, strings.Split(line, "\t"))
		}
	}
	if len(all) == 0 {
		t.Fatal("no vectors")
	}
	return all
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// special replaces the objects of testdata/vectors.mjs that have a $: in what
// is to be encoded, and in what plain values are expected.
func special(t testing.TB, v any) (in, out any) {
	switch v := v.(type) {
	case []any:
		ins, outs := make([]any, len(v)), make([]any, len(v))
		for i := range v {
			ins[i], outs[i] = special(t, v[i])
		}
		return ins, outs
	case map[string]any:
		if s, ok := v["$bytes"].(string); ok {
			return unhex(t, s), unhex(t, s)
		}
		if ms, ok := v["$date"].(float64); ok {
			at := time.UnixMilli(int64(ms))
			return at, at.UTC().Format("2006-01-02T15:04:05.000Z")
		}
		if s, ok := v["$number"].(string); ok {
			f, err := strconv.ParseFloat(s, 64)
			if err != nil {
				t.Fatal(err)
			}
			return f, f
		}
		ins, outs := map[string]any{}, map[string]any{}
		for k := range v {
			ins[k], outs[k] = special(t, v[k])
		}
		return ins, outs
	}
	return v, v
}

func parseHeader(t testing.TB, s string) wire.Header {
	t.Helper()
	f := strings.SplitN(s, " ", 4)
	h := wire.Header{Namespace: f[1], ID: wire.NoID}
	for typ := wire.Connect; typ <= wire.ConnectError; typ++ {
		if typ.String() == f[0] {
			h.Type = typ
		}
	}
	if f[2] != "-" {
		var err error
		if h.ID, err = strconv.ParseInt(f[2], 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	if len(f) > 3 {
		h.Name = f[3]
	}
	return h
}

func decode(t testing.TB, message []byte) wire.Packet {
	t.Helper()
	var p wire.Packet
	complete, err := codec.NewDecoder(0).Add(&p, message, true)
	if err != nil || !complete {
		t.Fatalf("%.99x: complete %v, %v", message, complete, err)
	}
	return p
}

// TestVectors holds the codec against what the official parser writes.
func TestVectors(t *testing.T) {
	for _, v := range vectors(t, "packets.txt") {
		var args []any
		if err := json.Unmarshal([]byte(v[2]), &args); err != nil {
			t.Fatal(err)
		}
		in, out := special(t, args)
		h := parseHeader(t, v[1])
		message := unhex(t, v[3])
		if v[0] == "both" {
			got, attachments, err := codec.Append([]byte("prefix"), h, in.([]any)...)
			if err != nil || string(got) != "prefix"+string(message) || attachments != nil {
				t.Errorf("%s %s: encoded to % x, %v", v[1], v[2], got, err)
			}
		}
		p := decode(t, message)
		namespace := string(p.Namespace)
		if namespace == "" {
			namespace = "/"
		}
		if p.Type != h.Type || namespace != h.Namespace || p.ID != h.ID || string(p.Name) != h.Name || p.NArgs != len(args) {
			t.Errorf("%s %s: decoded to %+v", v[1], v[2], p)
		}
		values, err := codec.Values(&p)
		if err != nil || !equal(values, out) {
			t.Errorf("%s %s: values %#v, %v", v[1], v[2], values, err)
		}
	}
}

// equal compares plain values, among which NaN equals itself.
func equal(a, b any) bool {
	return reflect.DeepEqual(a, b) || strings.Contains(show(a), "NaN") && show(a) == show(b)
}

func show(v any) string {
	if list, ok := v.([]any); ok {
		var b strings.Builder
		for _, v := range list {
			b.WriteString(show(v) + " ")
		}
		return b.String()
	}
	if f, ok := v.(float64); ok {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	return ""
}

// TestInvalid: what the official decoder refuses is refused with its text.
func TestInvalid(t *testing.T) {
	for _, v := range vectors(t, "invalid.txt") {
		refuses(t, unhex(t, v[1]), v[0])
	}
}

func refuses(t *testing.T, message []byte, want string) {
	t.Helper()
	var p wire.Packet
	complete, err := codec.NewDecoder(0).Add(&p, message, true)
	if complete || err == nil || err.Error() != want {
		t.Errorf("%.99x: complete %v, %v, want %s", message, complete, err, want)
	}
	if !errors.Is(err, wire.ErrInvalidPayload) && !errors.Is(err, wire.ErrUnknownPacketType) {
		t.Errorf("%.99x: %v is no error of package wire", message, err)
	}
}

// Every part of a packet is none, and neither is one with more behind it.
func TestParts(t *testing.T) {
	for _, v := range vectors(t, "packets.txt") {
		message := unhex(t, v[3])
		for n := range min(len(message), 100) {
			refuses(t, message[:n:n], "invalid payload")
		}
		refuses(t, append(bytes.Clone(message), 0xc0), "invalid payload")
	}
}

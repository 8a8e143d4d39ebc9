package wire_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/gosio/sio/wire"
)

var codec = wire.JSON()

type upload struct {
	Name  string            `json:"name"`
	Body  []byte            `json:"body"`
	Parts map[string][]byte `json:"parts,omitempty"`
	List  [][]byte          `json:"list,omitempty"`
	Any   any               `json:"any,omitempty"`
	Ptr   *upload           `json:"ptr,omitempty"`
}

func TestBinaryAnywhereInAValue(t *testing.T) {
	in := upload{
		Name: "x", Body: []byte{1}, Parts: map[string][]byte{"p": {2, 3}}, List: [][]byte{{4}, nil, {}},
		Any: map[string]any{"deep": []any{[]byte{5}, "s", 1.0}}, Ptr: &upload{Body: []byte{6}},
	}
	before, _ := json.Marshal(in)
	text, attachments, err := codec.Append(nil, wire.Header{Type: wire.Event, ID: wire.NoID, Name: "up"}, in, []byte{7})
	if err != nil || len(attachments) != 7 || !strings.HasPrefix(string(text), `57-["up",{"name":"x","body":{"_placeholder":true,"num":0}`) {
		t.Fatalf("%s, %d attachments, %v", text, len(attachments), err)
	}
	if after, _ := json.Marshal(in); !bytes.Equal(before, after) {
		t.Error("the caller's value has changed")
	}
	p := decode(t, text, attachments)
	var out upload
	var last []byte
	if err := codec.Decode(&p, &out, &last); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(in, out) || !bytes.Equal(last, []byte{7}) {
		t.Errorf("got %+v %v", out, last)
	}
}

func TestAttachmentsOfTheSender(t *testing.T) {
	body := []byte{1, 2}
	_, attachments, err := codec.Append(nil, wire.Header{Type: wire.Ack, ID: 1}, "x", body, []any{body})
	if err != nil || len(attachments) != 2 || &attachments[0][0] != &body[0] || &attachments[1][0] != &body[0] {
		t.Errorf("%v, %v: not the caller's own slices", attachments, err)
	}
}

func TestAttachmentReferencedTwiceOrNever(t *testing.T) {
	p := decode(t, []byte(`52-["x",{"_placeholder":true,"num":1},{"num":1.0,"_placeholder":true},{"_placeholder":false,"num":9},[{"_placeholder":true,"num":1e0}]]`), [][]byte{{1}, {2}})
	var a, b []byte
	var c any
	var d [][]byte
	if err := codec.Decode(&p, &a, &b, &c, &d); err != nil || !bytes.Equal(a, []byte{2}) || !bytes.Equal(b, []byte{2}) || len(d) != 1 || !bytes.Equal(d[0], []byte{2}) {
		t.Errorf("%v %v %v %v", a, b, d, err)
	}
	if _, isMap := c.(map[string]any); !isMap {
		t.Errorf("%v", c)
	}
}

func TestPlaceholdersWithoutAttachmentsAreOrdinaryObjects(t *testing.T) {
	p := decode(t, []byte(`2["x",{"_placeholder":true,"num":5}]`), nil)
	if v, err := codec.Values(&p); err != nil || !reflect.DeepEqual(v, []any{map[string]any{"_placeholder": true, "num": 5.0}}) {
		t.Errorf("%v, %v", v, err)
	}
	var b []byte
	if err := codec.Decode(&p, &b); err == nil {
		t.Error("an object became bytes")
	}
}

func TestBinaryTargets(t *testing.T) {
	p := decode(t, []byte(`51-["x",{"_placeholder":true,"num":0},null,"AQI=",{"a":1},[{"num":0}],{"_placeholder":true,"num":0}]`), [][]byte{{9}})
	old := []byte("old")
	var a, c []byte
	b := old
	if err := codec.Decode(&p, &a, &b, &c); err != nil || !bytes.Equal(a, []byte{9}) || b != nil || !bytes.Equal(c, []byte{1, 2}) {
		t.Errorf("%v %v %v %v", a, b, c, err)
	}
	var skip any
	var d []byte
	if err := codec.Decode(&p, &skip, &skip, &skip, &d); err == nil {
		t.Error("an object became bytes")
	}
	var list [][]byte
	if err := codec.Decode(&p, &skip, &skip, &skip, &skip, &list); err == nil {
		t.Error("an object in a list became bytes")
	}
	var s string
	if err := codec.Decode(&p, &s); err == nil {
		t.Error("binary became a string")
	}
	var raw jsontext.Value
	var o struct {
		Placeholder bool `json:"_placeholder"`
	}
	if err := codec.Decode(&p, &raw, &skip, &skip, &skip, &skip, &o); err != nil || string(raw) != `{"_placeholder":true,"num":0}` || !o.Placeholder {
		t.Errorf("%s %v %v", raw, o, err)
	}
}

// The text of a packet with attachments must not change when the caller uses
// its buffer again; attachments are kept as they are.
func TestBinaryPacketOwnsItsMemory(t *testing.T) {
	d := codec.NewDecoder(10)
	var p wire.Packet
	buffer := []byte(`52-/ns,7["name",{"_placeholder":true,"num":1},"arg"]`)
	feed := func(data []byte, binary bool) bool {
		complete, err := d.Add(&p, data, binary)
		if err != nil {
			t.Fatal(err)
		}
		if !binary {
			for i := range data {
				data[i] = '!'
			}
		}
		return complete
	}
	one := []byte{1}
	if feed(buffer, false) || feed(one, true) || !feed([]byte{2, 3}, true) {
		t.Fatal("complete at the wrong time")
	}
	first := p
	// The next packet must not touch the first one.
	if feed([]byte(`51-["other",{"_placeholder":true,"num":0}]`), false) || !feed([]byte{8, 8}, true) {
		t.Fatal("complete at the wrong time")
	}
	var b []byte
	var s string
	if err := codec.Decode(&first, &b, &s); err != nil || string(first.Namespace) != "/ns" || first.ID != 7 || string(first.Name) != "name" || !bytes.Equal(b, []byte{2, 3}) || s != "arg" || &first.Attachments[0][0] != &one[0] {
		t.Errorf("%+v %v %q %v", first, b, s, err)
	}
}

func TestResetForgetsAHalfReceivedPacket(t *testing.T) {
	d := codec.NewDecoder(10)
	var p wire.Packet
	if complete, err := d.Add(&p, []byte(`52-["a"]`), false); complete || err != nil {
		t.Fatal(complete, err)
	}
	d.Reset()
	if complete, err := d.Add(&p, []byte(`2["b"]`), false); !complete || err != nil || string(p.Name) != "b" {
		t.Errorf("%v %v %s", complete, err, p.Name)
	}
}

func TestMaxAttachments(t *testing.T) {
	var p wire.Packet
	for _, limit := range []int{-1, 0, 1, 11} {
		d := codec.NewDecoder(limit)
		if limit > 0 {
			if complete, err := d.Add(&p, append([]byte{'5'}, jsonNumber(limit)+`-["a"]`...), false); complete || err != nil {
				t.Errorf("limit %d: %v %v", limit, complete, err)
			}
		}
		d.Reset()
		if _, err := d.Add(&p, append([]byte{'5'}, jsonNumber(max(limit, 0)+1)+`-["a"]`...), false); err != wire.ErrTooManyAttachments {
			t.Errorf("limit %d: %v", limit, err)
		}
	}
}

func jsonNumber(n int) string {
	b, _ := json.Marshal(n)
	return string(b)
}

// One codec for many goroutines: the pooled states must not mix.
func TestConcurrentUse(t *testing.T) {
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			d := codec.NewDecoder(10)
			var p wire.Packet
			for i := range 200 {
				body := []byte{byte(g), byte(i)}
				in := upload{Name: strings.Repeat("x", i), Body: body, Any: map[string]any{"b": body}}
				text, attachments, err := codec.Append(nil, wire.Header{Type: wire.Event, ID: int64(i), Name: "up"}, in)
				if err != nil || len(attachments) != 2 {
					t.Error(len(attachments), err)
					return
				}
				complete, err := d.Add(&p, text, false)
				for _, a := range attachments {
					if complete || err != nil {
						t.Error(complete, err)
						return
					}
					complete, err = d.Add(&p, a, true)
				}
				var out upload
				if !complete || err != nil || codec.Decode(&p, &out) != nil || !reflect.DeepEqual(in, out) {
					t.Errorf("goroutine %d, packet %d: %v %v %+v", g, i, complete, err, out)
					return
				}
			}
		})
	}
	wg.Wait()
}

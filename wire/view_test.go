package wire_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	events "github.com/gosio/sio/event"
	"github.com/gosio/sio/wire"
)

type viewed struct {
	Name string                 `json:"name"`
	Body events.View            `json:"body"`
	Copy []byte                 `json:"copy"`
	Ptr  *events.View           `json:"ptr"`
	Map  map[string]events.View `json:"map,omitempty"`
	List []events.View          `json:"list,omitempty"`
	Any  any                    `json:"any,omitempty"`
}

// A View is encoded as the []byte that it is, anywhere.
func TestEncodeView(t *testing.T) {
	v := events.View{1, 2}
	const zero, one = `{"_placeholder":true,"num":0}`, `{"_placeholder":true,"num":1}`
	for _, test := range []struct {
		args []any
		want string
		n    int // attachments, each of them v
	}{
		{[]any{v}, `51-["x",` + zero + `]`, 1},
		{[]any{&v}, `51-["x",` + zero + `]`, 1},
		{[]any{v, "s", v}, `52-["x",` + zero + `,"s",` + one + `]`, 2},
		{[]any{v, []byte(v)}, `52-["x",` + zero + `,` + one + `]`, 2},
		{[]any{[]any{v, 1, []any{v}}}, `52-["x",[` + zero + `,1,[` + one + `]]]`, 2},
		{[]any{map[string]any{"a": v}}, `51-["x",{"a":` + zero + `}]`, 1},
		{[]any{map[string]events.View{"a": v}}, `51-["x",{"a":` + zero + `}]`, 1},
		{[]any{[]events.View{v, nil, v}}, `52-["x",[` + zero + `,null,` + one + `]]`, 2},
		{[]any{viewed{Name: "n", Body: v, Copy: []byte{}[:0:0]}}, ``, 2},
		{[]any{viewed{Body: v, Ptr: &v}}, `52-["x",{"name":"","body":` + zero + `,"copy":null,"ptr":` + one + `}]`, 2},
		{[]any{viewed{Any: v}}, `51-["x",{"name":"","body":null,"copy":null,"ptr":null,"any":` + zero + `}]`, 1},
		{[]any{events.View(nil)}, `2["x",null]`, 0},
		{[]any{(*events.View)(nil)}, `2["x",null]`, 0},
		{[]any{[]events.View{nil}}, `2["x",[null]]`, 0},
		{[]any{map[string]any{"a": events.View(nil)}}, `2["x",{"a":null}]`, 0},
	} {
		text, attachments, err := codec.Append(nil, event, test.args...)
		if err != nil || test.want != "" && string(text) != test.want || len(attachments) != test.n {
			t.Errorf("%#v: %s, %d attachments, %v; want %s", test.args, text, len(attachments), err, test.want)
			continue
		}
		for i, a := range attachments {
			if len(a) > 0 && &a[0] != &v[0] {
				t.Errorf("%#v: attachment %d is not the sender's own slice", test.args, i)
			}
		}
	}
	if text, attachments, err := codec.Append(nil, event, events.View{}); err != nil || string(text) != `51-["x",`+zero+`]` || len(attachments) != 1 || len(attachments[0]) != 0 {
		t.Errorf("an empty one: %s, %v, %v", text, attachments, err)
	}
}

// In payloads that can have no attachments a View is base64, as []byte is.
func TestEncodeViewInline(t *testing.T) {
	connect := wire.Header{Type: wire.Connect, ID: wire.NoID}
	for want, arg := range map[string]any{
		`0{"b":"AQI="}`: map[string]any{"b": events.View{1, 2}},
		`0{"b":null}`:   map[string]any{"b": (*events.View)(nil)},
		`0{"name":"","body":"AQI=","copy":"AQI=","ptr":null}`: viewed{Body: events.View{1, 2}, Copy: []byte{1, 2}},
	} {
		if text, attachments, err := codec.Append(nil, connect, arg); err != nil || string(text) != want || attachments != nil {
			t.Errorf("%s, %v, %v; want %s", text, attachments, err, want)
		}
		bytesText, _, _ := codec.Append(nil, connect, map[string]any{"b": []byte{}})
		viewText, _, err := codec.Append(nil, connect, map[string]any{"b": events.View{}})
		if err != nil || !bytes.Equal(bytesText, viewText) {
			t.Errorf("%s, %v; []byte is %s", viewText, err, bytesText)
		}
	}
}

// A View is decoded to what a []byte is, from anything, with the same errors.
func TestDecodeViewLikeBytes(t *testing.T) {
	for _, arg := range []string{
		`{"_placeholder":true,"num":0}`, `{"_placeholder":true,"num":1}`, `{ "num" : 1.0, "_placeholder" : true }`,
		`{"_placeholder":false,"num":0}`, `{"num":0}`, `{}`, `null`, `"AQI="`, `""`, `"AQI"`, `"!"`, `"\u0041QI="`, `1`, `true`, `[]`, `[1]`,
	} {
		for _, attachments := range [][][]byte{nil, {{7, 8}, {9}}} {
			text := `2["x",` + arg + `,[` + arg + `]]`
			if attachments != nil {
				text = `52-["x",` + arg + `,[` + arg + `]]`
			}
			p := decode(t, []byte(text), attachments)
			want, got := []byte("old"), events.View("old")
			wantErr, err := codec.Decode(&p, &want), codec.Decode(&p, &got)
			if (err == nil) != (wantErr == nil) || err == nil && (!bytes.Equal(got, want) || (got == nil) != (want == nil)) {
				t.Errorf("%s: %v, %v; []byte has %v, %v", text, got, err, want, wantErr)
			}
			if err == nil && strings.HasPrefix(arg, "{") && (&got[0] != &want[0] || &got[0] != &p.Attachments[0][0] && &got[0] != &p.Attachments[1][0]) {
				t.Errorf("%s: not in the memory of the attachment", text)
			}
			var skip any
			var wantList [][]byte
			var gotList []events.View
			wantErr, err = codec.Decode(&p, &skip, &wantList), codec.Decode(&p, &skip, &gotList)
			if (err == nil) != (wantErr == nil) || err == nil && (len(gotList) != 1 || !bytes.Equal(gotList[0], wantList[0]) || (gotList[0] == nil) != (wantList[0] == nil)) {
				t.Errorf("%s in a list: %v, %v; []byte has %v, %v", text, gotList, err, wantList, wantErr)
			}
		}
	}
}

func TestDecodeViewTargets(t *testing.T) {
	p := decode(t, []byte(`52-["x",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]`), [][]byte{{1, 2}, {3}})
	body, more := p.Attachments[0], p.Attachments[1]
	var b []byte
	var v, missing events.View = nil, events.View("old")
	if err := codec.Decode(&p, &b, &v, &missing); err != nil || &b[0] != &body[0] || &v[0] != &more[0] || missing != nil {
		t.Errorf("%v %v %v %v", b, v, missing, err)
	}
	var ptr *events.View
	if err := codec.Decode(&p, &ptr); err != nil || ptr == nil || &(*ptr)[0] != &body[0] {
		t.Errorf("%v %v", ptr, err)
	}
	if err := codec.Decode(&p, (*events.View)(nil)); err == nil {
		t.Error("decoded into nothing")
	}
	null := decode(t, []byte(`2["x",null]`), nil)
	v = events.View("old")
	if err := codec.Decode(&null, &v); err != nil || v != nil {
		t.Errorf("null: %v, %v", v, err)
	}
}

// What is encoded with Views is decoded with []byte, and the other way round.
func TestViewAndBytesAreOneOnTheWire(t *testing.T) {
	v := events.View{1, 2}
	in := viewed{
		Name: "x", Body: v, Copy: []byte{3}, Ptr: &v, Map: map[string]events.View{"a": {4}}, List: []events.View{{5}, nil, {}},
		Any: map[string]any{"deep": []any{events.View{6}, "s"}},
	}
	text, attachments, err := codec.Append(nil, wire.Header{Type: wire.Ack, ID: 1}, in)
	if err != nil || len(attachments) != 7 {
		t.Fatalf("%s, %d attachments, %v", text, len(attachments), err)
	}
	p := decode(t, text, attachments)
	var plain struct {
		Name string            `json:"name"`
		Body []byte            `json:"body"`
		Copy events.View       `json:"copy"`
		Ptr  []byte            `json:"ptr"`
		Map  map[string][]byte `json:"map"`
		List [][]byte          `json:"list"`
		Any  any               `json:"any"`
	}
	if err := codec.Decode(&p, &plain); err != nil {
		t.Fatal(err)
	}
	if plain.Name != "x" || !bytes.Equal(plain.Body, v) || !bytes.Equal(plain.Copy, []byte{3}) || !bytes.Equal(plain.Ptr, v) ||
		!reflect.DeepEqual(plain.Map, map[string][]byte{"a": {4}}) || !reflect.DeepEqual(plain.List, [][]byte{{5}, nil, {}}) ||
		!reflect.DeepEqual(plain.Any, map[string]any{"deep": []any{[]byte{6}, "s"}}) {
		t.Errorf("%+v", plain)
	}
	again, attachmentsAgain, err := codec.Append(nil, wire.Header{Type: wire.Ack, ID: 1}, plain)
	if err != nil || !bytes.Equal(again, text) || !reflect.DeepEqual(attachmentsAgain, attachments) {
		t.Errorf("%s, want %s (%v)", again, text, err)
	}
}

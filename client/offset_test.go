package client

import (
	"bytes"
	"testing"

	"github.com/gosio/sio/wire"
)

func TestLastText(t *testing.T) {
	for _, test := range []struct {
		packet, want string
		ok           bool
	}{
		{`2["x"]`, "", false},
		{`2["x",1]`, "", false},
		{`2["x","a"]`, "a", true},
		{`2["x",{"a":"b"}]`, "", false},
		{`2["x",["b"]]`, "", false},
		{`2["x",{"a":"b"},"c"]`, "c", true},
		{`2["x","","" ]`, "", true},
		{`2["x","a\"b"]`, `a"b`, true},
		{`2["x","a\\","b"]`, "b", true},
		{`2["x","a\\\"b"]`, `a\"b`, true},
		{`2["x","a","\\"]`, `\`, true},
		{`2["x",null,"\u00e9\n"]`, "é\n", true},
	} {
		var p wire.Packet
		if complete, err := wire.JSON().NewDecoder(0).Add(&p, []byte(test.packet), false); !complete || err != nil {
			t.Fatalf("%s: %v", test.packet, err)
		}
		before := bytes.Clone(p.Args)
		if got, ok := lastText(wire.JSON(), &p); got != test.want || ok != test.ok {
			t.Errorf("%s: %q, %v", test.packet, got, ok)
		}
		if !bytes.Equal(p.Args, before) {
			t.Errorf("%s: changed to %s", test.packet, p.Args)
		}
	}
}

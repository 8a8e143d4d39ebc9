package msgpack_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/gosio/sio/wire"
)

// eventOf returns an event with that list, which is encoded already.
func eventOf(list string) []byte { return []byte("\x83\xa4type\x02\xa3nsp\xa1/\xa4data" + list) }

// TestRefused has what the official parser accepts, and a server had better not.
func TestRefused(t *testing.T) {
	for name, test := range map[string]struct {
		message []byte
		want    string
	}{
		"nothing":               {nil, "invalid payload"},
		"event without a name":  {eventOf("\x90"), "invalid payload"},
		"name of nil":           {eventOf("\x91\xc0"), "invalid payload"},
		"name that is a list":   {eventOf("\x91\x90"), "invalid payload"},
		"reserved name":         {eventOf("\x91\xaadisconnect"), "invalid payload"},
		"another":               {eventOf("\x91\xaddisconnecting"), "invalid payload"},
		"namespace of nothing":  {[]byte("\x82\xa4type\x00\xa3nsp\xa0"), "invalid namespace"},
		"namespace, no slash":   {[]byte("\x82\xa4type\x00\xa3nsp\xa1a"), "invalid namespace"},
		"namespace of bytes":    {[]byte("\x82\xa4type\x00\xa3nsp\xc4\x01/"), "invalid namespace"},
		"negative id":           {[]byte("\x84\xa4type\x03\xa3nsp\xa1/\xa4data\x90\xa2id\xff"), "invalid packet id"},
		"huge id":               {[]byte("\x84\xa4type\x03\xa3nsp\xa1/\xa4data\x90\xa2id\xcf\x80\x00\x00\x00\x00\x00\x00\x00"), "invalid packet id"},
		"id of 2^63":            {[]byte("\x84\xa4type\x03\xa3nsp\xa1/\xa4data\x90\xa2id\xcb\x43\xe0\x00\x00\x00\x00\x00\x00"), "invalid packet id"},
		"key of nil":            {eventOf("\x92\xa1e\x81\xc0\x01"), "invalid payload"},
		"key that is a map":     {eventOf("\x92\xa1e\x82\xa1k\x01\x80\x01"), "invalid payload"},
		"key of bytes, outside": {[]byte("\x83\xa4type\x00\xa3nsp\xa1/\xc4\x01x\x01"), "invalid payload"},
		"a byte that is none":   {eventOf("\x92\xa1e\xc1"), "invalid payload"},
		"a list of 4 G":         {eventOf("\x92\xa1e\xdd\xff\xff\xff\xff"), "invalid payload"},
		"a map of 4 G":          {eventOf("\x92\xa1e\xdf\xff\xff\xff\xff"), "invalid payload"},
		"a text of 4 G":         {eventOf("\x92\xa1e\xdb\xff\xff\xff\xff"), "invalid payload"},
		"bytes of 4 G":          {eventOf("\x92\xa1e\xc6\xff\xff\xff\xff"), "invalid payload"},
		"an extension of 4 G":   {eventOf("\x92\xa1e\xc9\xff\xff\xff\xff\x00"), "invalid payload"},
		"more lists than bytes": {eventOf("\x92\xa1e" + strings.Repeat("\x9f", 100)), "invalid payload"},
	} {
		t.Run(name, func(t *testing.T) { refuses(t, test.message, test.want) })
	}
}

func TestTextIsRefused(t *testing.T) {
	var p wire.Packet
	if complete, err := codec.NewDecoder(0).Add(&p, []byte(`2["x"]`), false); complete || !errors.Is(err, wire.ErrUnexpectedText) {
		t.Errorf("complete %v, %v", complete, err)
	}
}

func TestAccepted(t *testing.T) {
	for message, want := range map[string]struct {
		ns, name string
		id       int64
		n        int
	}{
		"\x83\xa4type\x02\xa4data\x91\xa1e\xa3nsp\xa1/":                                                      {name: "e", id: wire.NoID},
		"\x83\xa4type\x02\xa4data\x92\x07\x01\xa3nsp\xa1/":                                                   {name: "7", id: wire.NoID, n: 1},
		"\x83\xa4type\x02\xa4data\x91\xff\xa3nsp\xa2/a":                                                      {ns: "/a", name: "-1", id: wire.NoID},
		"\x83\xa4type\xcb\x40\x00\x00\x00\x00\x00\x00\x00\xa4data\x91\xa0\xa3nsp\xa1/":                       {id: wire.NoID},
		"\x84\xa4type\x03\xa4data\x90\xa3nsp\xa1/\xa2id\xcb\x40\x14\x00\x00\x00\x00\x00\x00":                 {id: 5},
		"\x84\xa4type\xcc\x03\xa4data\xdc\x00\x00\xa3nsp\xd9\x01/\xa2id\xd3\x00\x00\x00\x00\x00\x00\x00\x05": {id: 5},
		"\x85\x01\x02\xa4type\x04\xa4type\x01\xa3nsp\xa1/\xa7options\x81\xa1x\x90":                           {id: wire.NoID}, // of duplicates the last
	} {
		p := decode(t, []byte(message))
		if string(p.Namespace) != want.ns || string(p.Name) != want.name || p.ID != want.id || p.NArgs != want.n {
			t.Errorf("%q: %+v", message, p)
		}
	}
}

// nested is an event with an argument in that many lists and maps.
func nested(depth int) []byte {
	return eventOf("\x92\xa1e" + strings.Repeat("\x91\x81\xa1k", depth/2) + strings.Repeat("\x91", depth%2) + "\xc0")
}

func TestDepth(t *testing.T) {
	p := decode(t, nested(wire.MaxDepth-1)) // the list of arguments is a level, too
	if values, err := codec.Values(&p); err != nil || len(values) != 1 {
		t.Errorf("%d values, %v", len(values), err)
	}
	var typed []map[string]any
	if err := codec.Decode(&p, &typed); err != nil || typed[0]["k"] == nil {
		t.Error(err)
	}
	refuses(t, nested(wire.MaxDepth), "invalid payload")
	refuses(t, eventOf("\x92\xa1e"+strings.Repeat("\x91", 1<<20)+"\xc0"), "invalid payload")
}

// What a packet refers to is in the message: nothing is copied before it is
// asked for, and nothing that is asked for refers to it.
func TestMemory(t *testing.T) {
	message := eventOf("\x93\xa1e\xc4\x01x\xa1y")
	p := decode(t, message)
	var data []byte
	var text string
	if err := codec.Decode(&p, &data, &text); err != nil {
		t.Fatal(err)
	}
	values, err := codec.Values(&p)
	if err != nil {
		t.Fatal(err)
	}
	var named struct{ B []byte }
	q := decode(t, eventOf("\x92\xa1e\x81\xa1B\xc4\x01x"))
	if err := codec.Decode(&q, &named); err != nil {
		t.Fatal(err)
	}
	for i := range q.Args {
		q.Args[i] = 0
	}
	clear(message[bytes.IndexByte(message, 'x'):])
	if string(data) != "x" || text != "y" || string(values[0].([]byte)) != "x" || values[1] != "y" || string(named.B) != "x" {
		t.Errorf("%q %q %q %q", data, text, values, named.B)
	}
	if p.Name[0] != 'e' || p.Args[2] != 0 {
		t.Errorf("the packet is not part of the message: %+v", p)
	}
}

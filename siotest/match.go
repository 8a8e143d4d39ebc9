package siotest

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/gosio/sio/wire"
)

// Any stands for any one argument in what is expected.
var Any any = anything{}

type anything struct{}

// values returns the arguments of a message, as Codec.Values has them.
func (c *Client) values(m *Message) []any {
	c.t().Helper()
	values, err := c.session.o.Codec.Values(&m.packet)
	if err != nil {
		c.session.fail("decoding %q: %v", m.Name, err)
	}
	return values
}

// wanted returns what arguments become on their way over the wire.
func (c *Client) wanted(args []any) []any {
	c.t().Helper()
	values := make([]any, len(args))
	for i, arg := range args {
		if arg == Any {
			values[i] = Any
			continue
		}
		v, err := c.across(arg)
		if err != nil {
			c.session.fail("argument %d cannot be sent, and so not be expected: %v", i+1, err)
		}
		values[i] = v
	}
	return values
}

func (c *Client) across(arg any) (any, error) {
	codec := c.session.o.Codec
	first, attachments, err := codec.Append(nil, wire.Header{Type: wire.Ack, ID: 0}, arg)
	if err != nil {
		return nil, err
	}
	var p wire.Packet
	d := codec.NewDecoder(len(attachments))
	_, err = d.Add(&p, first, codec.Binary())
	for _, data := range attachments {
		if err == nil {
			_, err = d.Add(&p, data, true)
		}
	}
	if err != nil {
		return nil, err
	}
	var v any
	err = codec.Decode(&p, &v)
	return v, err
}

// equal compares arguments with those that are wanted.
func equal(got, want []any) bool {
	if len(got) != len(want) {
		return false
	}
	for i := range got {
		if want[i] != Any && !reflect.DeepEqual(got[i], want[i]) {
			return false
		}
	}
	return true
}

// show writes an event as a call.
func show(name string, args []any) string {
	shown := make([]string, len(args))
	for i, arg := range args {
		text, err := json.Marshal(arg, json.Deterministic(true))
		switch data, binary := arg.([]byte); {
		case arg == Any:
			shown[i] = "Any"
		case binary:
			shown[i] = fmt.Sprintf("% x", data)
		case err != nil:
			shown[i] = fmt.Sprint(arg)
		default:
			shown[i] = string(text)
		}
	}
	return name + "(" + strings.Join(shown, ", ") + ")"
}

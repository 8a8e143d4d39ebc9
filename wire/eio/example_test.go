package eio_test

import (
	"fmt"
	"strings"

	"github.com/gosio/sio/wire/eio"
)

func ExampleAppendPacket() {
	text := eio.AppendPacket(nil, eio.Packet{Type: eio.Message, Data: []byte("hello")})
	binary := eio.AppendPacket(nil, eio.Packet{Type: eio.Message, Data: []byte{1, 2, 3}, Binary: true})
	fmt.Printf("%s %s\n", text, binary)
	// Output: 4hello bAQID
}

// The body of a polling request or response has packets with a separator between.
func ExamplePayload() {
	body := eio.AppendPayload(nil,
		eio.Packet{Type: eio.Ping},
		eio.Packet{Type: eio.Message, Data: []byte("hello")},
		eio.Packet{Type: eio.Message, Data: []byte{1, 2, 3}, Binary: true},
	)
	fmt.Println(strings.ReplaceAll(string(body), "\x1e", "␞"))
	for p, err := range eio.Payload(body) {
		fmt.Printf("%s %q %v %v\n", p.Type, p.Data, p.Binary, err)
	}
	// Output:
	// 2␞4hello␞bAQID
	// ping "" false <nil>
	// message "hello" false <nil>
	// message "\x01\x02\x03" true <nil>
}

func ExampleParseHandshake() {
	h, err := eio.ParseHandshake([]byte(`{"sid":"x","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}`))
	fmt.Println(h.SID, h.Upgrades, h.PingInterval, h.PingTimeout, h.MaxPayload, err)
	// Output: x [websocket] 25s 20s 1000000 <nil>
}

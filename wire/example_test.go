package wire_test

import (
	"fmt"

	"github.com/gosio/sio/wire"
)

// An event with a binary argument is a text, which has a placeholder for it, and
// an attachment.
func ExampleCodec() {
	codec := wire.JSON()
	header := wire.Header{Type: wire.Event, Namespace: "/chat", ID: 7, Name: "photo"}
	text, attachments, err := codec.Append(nil, header, "cat", []byte{1, 2, 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(text))
	fmt.Println(attachments)
	// Output:
	// 51-/chat,7["photo","cat",{"_placeholder":true,"num":0}]
	// [[1 2 3]]
}

// A decoder takes the messages of a session one after the other. Arguments stay
// encoded until they are asked for.
func ExampleDecoder() {
	codec := wire.JSON()
	decoder := codec.NewDecoder(wire.DefaultMaxAttachments)
	var p wire.Packet
	complete, err := decoder.Add(&p, []byte(`51-/chat,7["photo","cat",{"_placeholder":true,"num":0}]`), false)
	fmt.Println(complete, err)
	complete, err = decoder.Add(&p, []byte{1, 2, 3}, true)
	fmt.Println(complete, err)

	var name string
	var data []byte
	err = codec.Decode(&p, &name, &data)
	fmt.Printf("%s %s %s %d: %s %v %v\n", p.Type, p.Namespace, p.Name, p.ID, name, data, err)
	// Output:
	// false <nil>
	// true <nil>
	// EVENT /chat photo 7: cat [1 2 3] <nil>
}

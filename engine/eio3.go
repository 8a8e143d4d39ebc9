package engine

import (
	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/wire/eio"
)

// Old clients: those of Socket.IO 2, which speak protocol 3 (Config.AllowEIO3),
// and those of both protocols that cannot take binary data or poll by JSON-P.
// A transport of one of them has a dialect, which translates to and from the
// packets of protocol 4 that everything else is about.

// protocol3 is the revision of the protocol that Socket.IO 2 clients speak.
const protocol3 = 3

// revision is the protocol that a request is for, by its parameter EIO.
// Anything but 4 is taken for 3.
func revision(eio string) int {
	if eio == "4" {
		return Protocol
	}
	return protocol3
}

// Protocol returns the revision of Engine.IO that the client speaks: 4, or 3
// for clients of Socket.IO 2 (Config.AllowEIO3).
func (s *Session) Protocol() int {
	if s.eio3 {
		return protocol3
	}
	return Protocol
}

// dialect is how a transport talks to an old client.
type dialect struct {
	eio3   bool
	base64 bool   // the client cannot take binary data
	jsonp  string // the function that polls are to call, "" if not by JSON-P
}

// newDialect returns the dialect of a transport that begins with a request, or
// nil if the client needs none.
func newDialect(q query) *dialect {
	want := dialect{eio3: revision(q.eio) == protocol3, base64: q.b64 != "", jsonp: callback(q.j)}
	if want == (dialect{}) {
		return nil
	}
	d := want // which alone is in memory of its own
	return &d
}

// asPacket returns a frame as a packet again.
func asPacket(f *frame.Frame) eio.Packet {
	p := f.Payload()
	if f.Binary() {
		return eio.Packet{Type: eio.Message, Data: p, Binary: true}
	}
	return eio.Packet{Type: eio.Type(p[0] - '0'), Data: p[1:]}
}

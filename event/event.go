// Package event names events with their types, so that server, client and
// generated code share one contract:
//
//	const Chat event.Name[Message] = "chat"           // Message travels as the one argument
//	const Order event.Call[OrderRequest, Receipt] = "order" // acknowledged with a Receipt
//
// An untyped string constant converts to either, so a plain "chat" works
// wherever a name is wanted; the types then come from the handler or value.
package event

// Name is the name of an event whose payload is a T.
type Name[T any] string

// Call is the name of an event that carries a Req and is acknowledged with a Res.
type Call[Req, Res any] string

// Tuple, embedded in a struct, makes each exported field of the struct one
// argument of the event, in order of declaration. Without it a struct is a
// single argument, a JSON object.
//
//	type Move struct {
//		event.Tuple
//		X, Y int // emit("move", x, y)
//	}
type Tuple struct{}

// None is the payload of an event without arguments.
type None struct{ Tuple }

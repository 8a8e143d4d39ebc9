package adapter

import "context"

// Cluster is an Adapter that reaches other servers. What servers tell each other are
// events: a name, and arguments that are plain values.
type Cluster interface {
	// ServerSideEmit brings an event to all other servers. It does not wait.
	ServerSideEmit(event []any) error
	// ServerSideEmitWithAck brings an event to all other servers, and returns what
	// they answer, and how many have not when ctx ended.
	ServerSideEmitWithAck(ctx context.Context, event []any) (answers []any, missing int, err error)
	// HandleServerSide sets the function for events of other servers. It is called
	// before the adapter is used.
	HandleServerSide(fn func(ctx context.Context, event []any) (answer any, err error))
}

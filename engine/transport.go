package engine

import "github.com/gosio/sio/internal/frame"

// transport is the plug for what carries a session: polling and WebSocket
// now, others beside them. Each owns the queue of what waits to be sent on
// it, so that a send takes one lock.
type transport interface {
	name() string
	// send queues a group, taking over its references, also on error but for
	// errMoved. It neither blocks nor writes. What is polite leaves a part of the
	// queue to others. Errors: errMoved after an upgrade, else ErrSessionClosed or
	// ErrQueueFull.
	send(g frame.Group, polite bool) error
	// fits reports whether a group that is polite would be taken, or need not wait
	// as none is taken any more.
	fits(g frame.Group) bool
	// more returns a channel that is closed when the queue has more room than now,
	// or waiting for it is no use.
	more() <-chan struct{}
	// writable reports whether something sent now would leave at once.
	writable() bool
	// flush sends what is queued, as far as that goes without blocking.
	flush()
	// queued returns the bytes that wait.
	queued() int
	// end closes the transport after what is queued has left, if it can still
	// be delivered. It reports false if that needs the peer's help: the
	// transport then calls Session.finish itself.
	end() bool
	// abort closes the transport at once and drops what is queued.
	abort()
}

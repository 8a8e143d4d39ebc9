// Package sio is a Socket.IO server. It speaks Socket.IO protocol 5 over
// Engine.IO 4, as the official JavaScript client 4.8 does, with which
// it is tested, and it serves a browser client itself.
//
//	io := sio.NewServer(nil)
//	io.OnConnect(func(s *sio.Socket) {
//		s.Emit("message", "welcome")
//	})
//	sio.On(io, "chat", func(ctx context.Context, s *sio.Socket, text string) error {
//		return s.Broadcast().Emit("chat", s.ID(), text)
//	})
//	http.Handle("/socket.io/", io)
//
// # What is promised
//
// Order: the events of a socket reach its handlers one at a time, in the order
// sent; different sockets run in parallel. What one goroutine emits to a socket
// arrives in order, also while the connection moves from polling to WebSocket.
//
// A handler may wait, for as long as it likes and for an acknowledgement of its
// own client too. That holds back only the events of its own socket.
//
// Nobody waits for a slow client: emitting never blocks, every queue is
// bounded, and a client that does not keep up is disconnected.
//
// A panic of a handler is recovered and reported, and ends only that event.
//
// # The journey of an event
//
// In: client.Message decodes it on the connection's reader, Socket.deliver
// puts it into the socket's mailbox, and Socket.handle runs the listeners,
// whose arguments are decoded straight to their types. Acknowledgements do not
// pass the mailbox (Socket.acknowledged).
//
// Out: Namespace.encode makes one shared, reference-counted frame; for a
// broadcast the adapter hands it to every socket in the rooms;
// engine.Session.Queue puts it into the queue of the connection's transport.
package sio

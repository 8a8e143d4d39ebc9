// Package client is a Socket.IO client: it speaks protocol 5 to servers of Socket.IO 3 and
// 4, those of this module among them, and protocol 4 to those of Socket.IO 2. It builds for
// browsers too (GOOS=js), and is then what the JavaScript client is to a page.
//
//	s, err := client.Dial(ctx, "https://example.com", &client.Config{
//		Setup: func(s *client.Socket) {
//			client.On(s, "message", func(ctx context.Context, text string) error {
//				fmt.Println(text)
//				return nil
//			})
//		},
//	})
//	if err != nil {
//		return err
//	}
//	defer s.Close()
//	err = s.Emit("chat", "hello")
//
// A Manager has one connection, which the Sockets of all namespaces share. It connects
// again by itself, with delays that grow; what is emitted meanwhile waits, up to
// Config.MaxBuffer. Events are sent at most once by default, and at least once and in order
// with Config.Retries.
//
// # The way of an event
//
// In: the connection (package engine/dialer) hands messages to its link, which decodes the
// head of each packet and puts events into the mailbox of their Socket. A worker, which exists
// only while there are events, runs catch-all listeners, interceptors and listeners; the typed
// edge of On and Handle decodes the arguments. Acknowledgements go to who waits for them at
// once, so a handler may wait for one.
//
// Out: Emit encodes the event, and hands it to the connection, which writes it at once without
// blocking; without a connection it is kept (buffer.go), and with Retries it stays in a queue
// until it is acknowledged (retry.go).
//
// # Concurrency
//
// All methods may be called from any goroutine. Handlers of one Socket are called one at a
// time, those of different Sockets in parallel. An idle connection over WebSocket has no
// goroutine on Linux, and one elsewhere and with TLS.
package client

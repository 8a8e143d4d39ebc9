// Package siotest has what tests of a Socket.IO server need: a network in
// memory, clients that say and expect, and links that fail on demand.
//
// A test serves its handler with NewServer, lets clients in with Server.Dial,
// and goes through what they say and hear:
//
//	func TestChat(t *testing.T) {
//		io := sio.NewServer(nil)
//		sio.On(io, "chat", func(_ context.Context, s *sio.Socket, text string) error {
//			return s.Broadcast().Emit("chat", s.ID(), text)
//		})
//		srv := siotest.NewServer(t, io)
//		anna, ben := srv.Dial(t, nil), srv.Dial(t, nil)
//
//		anna.Emit("chat", "hello")
//		ben.Expect("chat", anna.ID(), "hello")
//	}
//
// Everything that is expected and does not come, or comes and is not expected,
// fails the test and shows all packets of the client's connection.
//
// # Time
//
// There is no real network, so all of it works in a bubble of testing/synctest,
// where time passes only when everybody waits. What depends on time then takes
// none, and happens at a moment that a test can name. Everything must be made
// within the bubble: the handler, the server, and the clients.
//
//	func TestLostClient(t *testing.T) {
//		synctest.Test(t, func(t *testing.T) {
//			io := sio.NewServer(nil)
//			gone := make(chan sio.Reason, 1)
//			io.OnDisconnect(func(_ *sio.Socket, reason sio.Reason) { gone <- reason })
//			c := siotest.NewServer(t, io).Dial(t, nil)
//
//			start := time.Now()
//			c.Link().Cut() // neither side is told
//			if reason := <-gone; reason != sio.PingTimeout || time.Since(start) != 45*time.Second {
//				t.Errorf("%s after %v\n%s", reason, time.Since(start), c.Log())
//			}
//		})
//	}
//
// Timers of a *sio.Server have a resolution of 10 ms: as long as what a test does
// happens at multiples of that, they are exact.
//
// Without a bubble everything works in real time.
//
// # Links
//
// The Link of a client can be cut, broken, frozen and thawed, slowed down, and
// made to tear messages apart. Clients that are not of this package can use one
// as well: see Server.NewLink.
//
// # Clients
//
// A Client speaks Engine.IO 4 and Socket.IO 5, over WebSocket, HTTP
// long-polling, or the one and then the other. It answers pings, and gives up
// like the official client when there are none. It does not connect again, and
// ends with its test.
package siotest

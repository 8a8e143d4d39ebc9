package dialer_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/engine/dialer"
	"github.com/gosio/sio/internal/frame"
)

// A receiver that waits is given nothing more, and the next poll is not made.
func TestReceiverWaits(t *testing.T) {
	for name, transports := range carriers {
		for _, caughtUp := range []bool{false, true} {
			t.Run(fmt.Sprint(name, caughtUp), func(t *testing.T) {
				bubble(t, nil, func(t *testing.T, f *fixture) {
					waits := make(chan chan struct{}, 100)
					wait := func() <-chan struct{} {
						w := make(chan struct{})
						waits <- w
						return w
					}
					f.prepare = func(c *client) {
						if caughtUp {
							c.caughtUp = wait
							return
						}
						c.onMessage = func(m message) <-chan struct{} {
							c.messages <- m
							return wait()
						}
					}
					c, s := f.dial(over(transports...))
					if transports == nil {
						f.upgraded(c)
					}
					for i := range 20 {
						s.send(t, text(fmt.Sprint(i)))
						synctest.Wait()
						if len(c.messages) != 1 {
							t.Fatalf("%d messages", len(c.messages))
						}
						time.Sleep(time.Second)
						if !caughtUp {
							s.send(t, text("more"))
							synctest.Wait()
							if len(c.messages) != 1 {
								t.Fatal("another one while it waits")
							}
							c.expect(t, text(fmt.Sprint(i)))
							close(<-waits)
							synctest.Wait()
							c.expect(t, text("more"))
						} else {
							c.expect(t, text(fmt.Sprint(i)))
						}
						for len(waits) > 0 {
							close(<-waits)
							synctest.Wait()
						}
					}
					// What is sent meanwhile leaves.
					s.send(t, text("again"))
					synctest.Wait()
					c.send(t, text("x"))
					s.expect(t, text("x"))
					w := <-waits
					c.Abort()
					if e := get(t, "end", c.ended); e.reason != dialer.ForcedClose {
						t.Error(e)
					}
					close(w)
					get(t, "Done", c.Done())
				})
			})
		}
	}
}

// An upgrade waits for a receiver that does, and so does nothing overtake what it was given.
func TestReceiverWaitsWhileUpgrading(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture) {
		f.link.Delay(10 * ms)
		waits := make(chan struct{})
		f.prepare = func(c *client) {
			c.onMessage = func(m message) <-chan struct{} {
				c.messages <- m
				return waits
			}
		}
		c, s := f.dial()
		s.send(t, text("a"), text("b"))
		c.send(t, text("x"))
		time.Sleep(3 * time.Second)
		c.send(t, text("y"))
		s.send(t, text("c"))
		if c.Transport() != dialer.Polling || len(c.messages) != 1 {
			t.Errorf("%s, %d messages", c.Transport(), len(c.messages))
		}
		close(waits)
		f.upgraded(c)
		c.expect(t, text("a"), text("b"), text("c"))
		s.expect(t, text("x"), text("y"))
	})
}

// The limits of the queue, to the byte and the message, and how to wait for room.
func TestQueueLimits(t *testing.T) {
	for name, test := range map[string]struct {
		bytes, messages int
		fit             int // messages of 36 bytes, which count for 100
	}{
		"bytes": {1000, 0, 10}, "a byte less": {999, 0, 9}, "messages": {0, 7, 7}, "both": {1000, 7, 7}, "one": {0, 1, 1}, "one byte": {1, 0, 1}, "none": {0, 0, 100},
	} {
		for transport, transports := range carriers {
			if transport == "upgrade" {
				continue
			}
			t.Run(name+" "+transport, func(t *testing.T) {
				bubble(t, nil, func(t *testing.T, f *fixture) {
					c, s := f.dial(over(transports...), func(cfg *dialer.Config) { cfg.MaxQueue, cfg.MaxQueuedMessages = test.bytes, test.messages })
					select {
					case <-c.More():
					default:
						t.Error("there is no room in an empty queue")
					}
					one := strings.Repeat("x", 35)
					f.link.Freeze()
					fit := 0
					for ; fit < 100; fit++ {
						if err := c.queue(one, false); err != nil {
							if err != dialer.ErrQueueFull {
								t.Error(err)
							}
							break
						}
					}
					if fit != test.fit || c.Queued() != 36*fit {
						t.Errorf("%d fit, and %d bytes wait", fit, c.Queued())
					}
					if fit == 100 {
						return
					}
					if err := c.queue(one, true); err != nil {
						t.Errorf("volatile: %v", err)
					}
					more := c.More()
					c.Flush()
					synctest.Wait()
					if transport == dialer.Polling { // which waits for the answer
						select {
						case <-more:
							t.Error("there is room already")
						default:
						}
						if c.Queued() != 36*fit {
							t.Errorf("%d bytes wait", c.Queued())
						}
					}
					f.link.Thaw()
					get(t, "room", more)
					for range fit {
						s.expect(t, text(one))
					}
					synctest.Wait()
					if err := c.Send([]byte(one), false); err != nil {
						t.Error(err)
					}
					s.expect(t, text(one))
					if len(s.messages) != 0 {
						t.Error("more messages")
					}
				})
			})
		}
	}
}

// The reserve of a queue is exactly what frame.Limit takes off.
func TestReserve(t *testing.T) {
	for n := range 10_000 {
		if got := (frame.Limit{Bytes: dialer.Reserve(n)}).Polite().Bytes; got != n {
			t.Fatalf("%d became %d", n, got)
		}
	}
}

// A full queue has room for the answer to a ping.
func TestPongWithFullQueue(t *testing.T) {
	srv := &script{
		poll: answers("6", "2"),
		post: func(http.ResponseWriter, *http.Request, body) { time.Sleep(50 * ms) },
		open: strings.ReplaceAll(openPacket, "100}", "3}"),
	}
	scripted(t, srv, func(t *testing.T, f *fixture) {
		c, _ := f.dial(over(dialer.Polling), func(cfg *dialer.Config) { cfg.MaxQueuedMessages = 8 })
		for c.Send([]byte("x"), false) == nil {
		}
		get(t, "ping", c.pinged)
		time.Sleep(450 * ms)
		if posts := srv.posted(); strings.Count(strings.Join(posts, "|"), "3") != 1 {
			t.Errorf("posted %q", posts)
		}
	})
}

// A volatile message is dropped unless it can leave at once.
func TestVolatile(t *testing.T) {
	srv := &script{post: func(w http.ResponseWriter, _ *http.Request, _ body) {
		time.Sleep(50 * ms)
		_, _ = io.WriteString(w, "ok")
	}}
	scripted(t, srv, func(t *testing.T, f *fixture) {
		c, _ := f.dial(over(dialer.Polling))
		send := func(data string) {
			if err := c.queue(data, true); err != nil {
				t.Error(err)
			}
			c.Flush()
		}
		if !c.Writable() {
			t.Error("not writable")
		}
		send("a")
		if c.Writable() {
			t.Error("writable")
		}
		send("dropped")
		time.Sleep(100 * ms)
		send("b")
		synctest.Wait()
		same(t, "posted", srv.posted(), "4a", "4b")
		c.Abort()
		if err := c.queue("c", true); !errors.Is(err, dialer.ErrClosed) {
			t.Error(err)
		}
	})
	bubble(t, nil, func(t *testing.T, f *fixture) {
		c, s := f.dial(over(dialer.WebSocket))
		f.link.Freeze()
		c.send(t, text(strings.Repeat("x", 200_000)))
		synctest.Wait()
		if c.Writable() {
			t.Error("writable")
		}
		if err := c.queue("dropped", true); err != nil {
			t.Error(err)
		}
		f.link.Thaw()
		get(t, "message", s.messages)
		synctest.Wait()
		if err := c.queue("a", true); err != nil || !c.Writable() {
			t.Error(err)
		}
		c.Flush()
		s.expect(t, text("a"))
	})
}

// Groups stay together, and memory that is borrowed may change when Queue returns.
func TestGroups(t *testing.T) {
	for name, transports := range carriers {
		for _, version := range []int{4, 3} {
			t.Run(name, func(t *testing.T) {
				bubble(t, &engine.Config{AllowEIO3: true}, func(t *testing.T, f *fixture) {
					c, s := f.dial(over(transports...), func(cfg *dialer.Config) { cfg.Version = version })
					for i := range 100 {
						memory := []byte(strings.Repeat(fmt.Sprint(i%10), 20_000))
						g := frame.Group{First: frame.New(10)}
						g.First.B = fmt.Appendf(g.First.B, "4head %d", i)
						g.First.Seal(false, true)
						borrowed := frame.New(0)
						borrowed.Borrow(memory)
						borrowed.Seal(true, true)
						g.Rest = []*frame.Frame{borrowed}
						if err := c.Queue(g, false); err != nil {
							t.Fatal(err)
						}
						clear(memory)
						c.Flush()
					}
					for i := range 100 {
						s.expect(t, text(fmt.Sprintf("head %d", i)), binary(strings.Repeat(fmt.Sprint(i%10), 20_000)))
					}
				})
			})
		}
	}
}

package dialer_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/engine/dialer"
)

// Close sends what was queued, and tells the server, whatever the session is doing.
func TestClose(t *testing.T) {
	stages := map[string]time.Duration{
		"at once": 0, "upgrade, connecting": 10 * ms, "upgrade, probing": 50 * ms, "upgrade, pausing": 70 * ms, "upgrade, done": 90 * ms, "settled": time.Second,
	}
	for name, transports := range carriers {
		for stage, after := range stages {
			for _, version := range []int{4, 3} {
				t.Run(name+" "+stage, func(t *testing.T) {
					bubble(t, &engine.Config{AllowEIO3: true}, func(t *testing.T, f *fixture) {
						f.link.Delay(10 * ms)
						c, s := f.dial(over(transports...), func(cfg *dialer.Config) { cfg.Version = version })
						time.Sleep(after)
						c.send(t, text("flushed"), binary("b"))
						if err := c.queue("queued", false); err != nil {
							t.Fatal(err)
						}
						c.Close()
						c.Close()
						if err := c.Send([]byte("late"), false); !errors.Is(err, dialer.ErrClosed) || c.Writable() {
							t.Errorf("%v", err)
						}
						s.expect(t, text("flushed"), binary("b"), text("queued"))
						clock := newClock(t)
						if err := c.ends(t, dialer.ForcedClose); err != nil {
							t.Error(err)
						}
						if d := time.Since(clock.start); d > 200*ms {
							t.Errorf("after %v", d)
						}
						if e := get(t, "end", s.ended); e.reason != engine.TransportClose {
							t.Errorf("server: %v", e)
						}
						if len(s.messages) != 0 {
							t.Error("more messages")
						}
						select {
						case <-c.More():
						default:
							t.Error("there is no more room to wait for")
						}
					})
				})
			}
		}
	}
}

// Abort drops what was queued.
func TestAbort(t *testing.T) {
	for name, transports := range carriers {
		for _, after := range []time.Duration{0, 10 * ms, 30 * ms, 50 * ms, 70 * ms, 90 * ms, time.Second} {
			for _, closing := range []bool{false, true} {
				t.Run(name+" "+after.String(), func(t *testing.T) {
					bubble(t, nil, func(t *testing.T, f *fixture) {
						f.link.Delay(10 * ms)
						c, s := f.dial(over(transports...))
						time.Sleep(after)
						c.send(t, text("x"))
						f.link.Freeze()
						if closing {
							c.Close()
							time.Sleep(ms)
						}
						clock := newClock(t)
						c.Abort()
						c.Abort()
						if err := c.ends(t, dialer.ForcedClose); err != nil {
							t.Error(err)
						}
						clock.at(0)
						synctest.Wait() // for a write that fails
						if n := c.Queued(); n != 0 {
							t.Errorf("%d bytes wait", n)
						}
						f.link.Thaw()
						get(t, "end", s.ended)
					})
				})
			}
		}
	}
}

// A server that does not answer is waited for 10 seconds.
func TestCloseIsBounded(t *testing.T) {
	for name, transports := range carriers {
		for _, queued := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				bubble(t, nil, func(t *testing.T, f *fixture) {
					c, _ := f.dial(over(transports...))
					if transports == nil {
						f.upgraded(c)
					}
					f.link.Freeze()
					defer f.link.Thaw()
					if queued {
						c.send(t, text(strings.Repeat("x", 1<<20)))
					}
					clock := newClock(t)
					c.Close()
					c.ends(t, dialer.ForcedClose)
					clock.at(10 * time.Second)
				})
			})
		}
	}
	t.Run("while upgrading", func(t *testing.T) {
		open := strings.ReplaceAll(openPacket, "300", "300000")
		srv := &script{open: open, socket: func(p *peer) { p.read(); p.text("3probe"); p.rest() }}
		scripted(t, srv, func(t *testing.T, f *fixture) {
			c, _ := f.dial()
			time.Sleep(time.Second)
			clock := newClock(t)
			c.Close()
			c.ends(t, dialer.ForcedClose)
			clock.at(10 * time.Second)
		})
	})
}

// What is lost while the session closes is told with the reason.
func TestCloseFails(t *testing.T) {
	for name, fail := range map[string]func(w http.ResponseWriter, b body) bool{
		"message": func(w http.ResponseWriter, b body) bool { return b.data == "4x" },
		"close":   func(w http.ResponseWriter, b body) bool { return b.data == "1" },
	} {
		t.Run(name, func(t *testing.T) {
			srv := &script{post: func(w http.ResponseWriter, r *http.Request, b body) {
				if fail(w, b) {
					w.WriteHeader(500)
				}
			}}
			scripted(t, srv, func(t *testing.T, f *fixture) {
				c, _ := f.dial(over(dialer.Polling))
				if err := c.queue("x", false); err != nil {
					t.Fatal(err)
				}
				c.Close()
				var e *dialer.TransportError
				if is(t, c.ends(t, dialer.ForcedClose), &e); e.Status != 500 || e.Text != "xhr post error" {
					t.Errorf("%+v", e)
				}
			})
		})
	}
}

// A poll that is under way is left to the server, for a while.
func TestCloseLeavesPoll(t *testing.T) {
	for name, answer := range map[string]string{"noop": "6", "close": "1", "messages": "4a\x1e4b", "garbage": "x"} {
		t.Run(name, func(t *testing.T) {
			var release chan struct{}
			aborted := false
			srv := &script{poll: func(w http.ResponseWriter, r *http.Request) {
				select {
				case <-release:
					_, _ = io.WriteString(w, answer)
				case <-r.Context().Done():
					aborted = true
				}
			}}
			scripted(t, srv, func(t *testing.T, f *fixture) {
				release = make(chan struct{})
				c, _ := f.dial(over(dialer.Polling))
				synctest.Wait()
				c.Close()
				if e := get(t, "end", c.ended); e.reason != dialer.ForcedClose || e.err != nil {
					t.Errorf("%v", e)
				}
				same(t, "posted", srv.posted(), "1")
				time.Sleep(time.Second)
				close(release)
				get(t, "Done", c.Done())
				synctest.Wait()
				if aborted || len(c.messages) != 0 || len(f.requests) != 3 {
					t.Errorf("aborted: %v, %d messages, %d requests", aborted, len(c.messages), len(f.requests))
				}
			})
		})
	}
	scripted(t, &script{}, func(t *testing.T, f *fixture) {
		c, _ := f.dial(over(dialer.Polling))
		synctest.Wait()
		c.Close()
		clock := newClock(t)
		c.ends(t, dialer.ForcedClose)
		clock.at(2 * time.Second)
	})
}

// The server ends the session, in every way that there is.
func TestServerCloses(t *testing.T) {
	for name, transports := range carriers {
		t.Run(name, func(t *testing.T) {
			for _, end := range []func(s *session){(*session).end, (*session).abort} {
				bubble(t, nil, func(t *testing.T, f *fixture) {
					c, s := f.dial(over(transports...))
					if transports == nil {
						f.upgraded(c)
					}
					synctest.Wait()
					s.send(t, text("last"))
					synctest.Wait() // so that a poll is pending
					end(s)
					c.ends(t, dialer.TransportClose)
					c.expect(t, text("last"))
				})
			}
		})
		t.Run(name+" reset", func(t *testing.T) {
			bubble(t, nil, func(t *testing.T, f *fixture) {
				c, _ := f.dial(over(transports...))
				if transports == nil {
					f.upgraded(c)
				}
				synctest.Wait()
				f.link.Reset()
				reason := dialer.TransportClose
				if name == "polling" {
					reason = dialer.TransportFailed
				}
				if err := c.ends(t, reason); err == nil {
					t.Error("no error")
				}
			})
		})
	}
}

func (s *session) end()   { s.Session.Close() }
func (s *session) abort() { s.Session.Abort() }

// A message that comes while the session closes is dropped, and what follows a close
// packet, too.
func TestNothingAfterClose(t *testing.T) {
	scripted(t, &script{poll: answers("4a\x1e1\x1e4b")}, func(t *testing.T, f *fixture) {
		c, _ := f.dial(over(dialer.Polling))
		if err := c.ends(t, dialer.TransportClose); err != nil {
			t.Error(err)
		}
		c.expect(t, text("a"))
		if len(c.messages) != 0 {
			t.Error("more messages")
		}
	})
	scripted(t, &script{poll: answers("4a\x1e4b")}, func(t *testing.T, f *fixture) {
		f.prepare = func(c *client) {
			c.onMessage = func(m message) <-chan struct{} {
				c.messages <- m
				c.Abort()
				return nil
			}
		}
		c, _ := f.dial(over(dialer.Polling))
		c.ends(t, dialer.ForcedClose)
		c.expect(t, text("a"))
		if len(c.messages) != 0 {
			t.Error("more messages")
		}
	})
}

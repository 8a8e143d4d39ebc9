package dialer_test

import (
	"errors"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/engine/dialer"
)

const ms = time.Millisecond

// A session ends PingInterval and PingTimeout after the last ping, to the exact time, and
// nothing else counts.
func TestPingTimeout(t *testing.T) {
	polled := func() *script {
		n := 0
		return &script{poll: func(w http.ResponseWriter, r *http.Request) {
			if n++; n > 6 {
				<-r.Context().Done()
				return
			}
			time.Sleep(100 * ms) // a ping at 400 ms
			_, _ = io.WriteString(w, map[bool]string{true: "2\x1e4x", false: "4x"}[n == 4])
		}}
	}
	socket := func() *script {
		return &script{socket: func(p *peer) {
			p.text(openPacket)
			for n := range 6 {
				time.Sleep(100 * ms)
				if n == 3 {
					p.text("2")
				}
				p.text("4x")
			}
			p.rest()
		}}
	}
	for transport, srv := range map[string]*script{dialer.Polling: polled(), dialer.WebSocket: socket()} {
		t.Run(transport, func(t *testing.T) {
			scripted(t, srv, func(t *testing.T, f *fixture) {
				c, _ := f.dial(over(transport))
				clock := newClock(t)
				get(t, "ping", c.pinged)
				clock.at(400 * ms)
				if c.Stale() {
					t.Error("stale")
				}
				if err := c.ends(t, dialer.PingTimeout); err != nil {
					t.Error(err)
				}
				clock.at(500 * ms)
				if len(c.messages) != 6 {
					t.Errorf("%d messages", len(c.messages))
				}
				if transport == dialer.Polling {
					same(t, "posted", srv.posted(), "3")
				}
				if err := c.Send(nil, false); !errors.Is(err, dialer.ErrClosed) || c.Stale() {
					t.Errorf("%v, stale: %v", err, c.Stale())
				}
			})
		})
	}
}

// A server without intervals has no heartbeat.
func TestNoHeartbeat(t *testing.T) {
	for _, open := range []string{`0{"sid":"S"}`, `0{"sid":"S","pingInterval":9223372036854,"pingTimeout":9223372036854}`} {
		for _, version := range []int{3, 4} {
			answer := open
			if version == 3 {
				answer = packet3(open)
			}
			scripted(t, &script{open: answer}, func(t *testing.T, f *fixture) {
				c, _ := f.dial(func(cfg *dialer.Config) { cfg.Version = version })
				time.Sleep(1000 * time.Hour)
				if c.Stale() || len(c.ended) != 0 {
					t.Error("stale, or ended")
				}
			})
		}
	}
}

// Sessions live as long as both ends do, whatever carries them, and notice a network that
// is gone.
func TestHeartbeat(t *testing.T) {
	for name, transports := range carriers {
		for _, version := range []int{3, 4} {
			t.Run(name, func(t *testing.T) {
				bubble(t, &engine.Config{AllowEIO3: true}, func(t *testing.T, f *fixture) {
					c, s := f.dial(over(transports...), func(cfg *dialer.Config) { cfg.Version = version })
					time.Sleep(10*time.Minute + time.Second) // and no ping is under way
					if n := len(c.pinged); n < 20 || n > 24 || len(c.ended)+len(s.ended) != 0 {
						t.Fatalf("%d pings, ends: %d, %d", n, len(c.ended), len(s.ended))
					}
					f.link.Cut()
					var last time.Time
					for range len(c.pinged) {
						last = <-c.pinged
					}
					c.ends(t, dialer.PingTimeout)
					if d := time.Since(last); d != 45*time.Second {
						t.Errorf("%v after the last ping", d)
					}
					if e := get(t, "end", s.ended); e.reason != engine.PingTimeout {
						t.Errorf("server: %v", e)
					}
				})
			})
		}
	}
}

// In protocol 3 the client pings, PingInterval after the last answer.
func TestPing3(t *testing.T) {
	var at []time.Duration
	var start time.Time
	srv := &script{socket: func(p *peer) {
		p.text(openPacket)
		for range 3 {
			if got := p.read(); got != "2" {
				t.Errorf("read %q", got)
			}
			at = append(at, time.Since(start))
			time.Sleep(50 * ms)
			p.text("4x") // which is no answer
			if len(at) < 3 {
				p.text("3")
			}
		}
		p.rest()
	}}
	scripted(t, srv, func(t *testing.T, f *fixture) {
		start = time.Now()
		c, _ := f.dial(over(dialer.WebSocket), func(cfg *dialer.Config) { cfg.Version = 3 })
		c.ends(t, dialer.PingTimeout)
		if d := time.Since(start); d != 1200*ms || len(at) != 3 || at[0] != 300*ms || at[1] != 650*ms || at[2] != 1000*ms {
			t.Errorf("ended after %v, pings after %v", d, at)
		}
		if len(c.pinged) != 2 {
			t.Errorf("%d answers", len(c.pinged))
		}
	})
}

// A machine that was suspended finds its sessions stale before any timer fires.
func TestStale(t *testing.T) {
	for name, transports := range carriers {
		t.Run(name, func(t *testing.T) {
			bubble(t, nil, func(t *testing.T, f *fixture) {
				c, _ := f.dial(over(transports...))
				if c.Stale() {
					t.Error("stale from the beginning")
				}
				c.ExpireAt(time.Now().Add(-1))
				if !c.Stale() {
					t.Error("not stale")
				}
				c.Expire()
				c.Expire()
				if err := c.Send(nil, false); !errors.Is(err, dialer.ErrClosed) {
					t.Error(err)
				}
				c.ends(t, dialer.PingTimeout)
				if c.Stale() {
					t.Error("stale when it has ended")
				}
			})
		})
	}
}

// A receiver that waits is no reason to end, for either side: the server gets pongs, or pings,
// though what it sends is not read. When the receiver goes on, the server has all its time.
func TestHeartbeatWhilePaused(t *testing.T) {
	for _, version := range []int{4, 3} {
		for _, transport := range []string{dialer.Polling, dialer.WebSocket} {
			t.Run(transport, func(t *testing.T) {
				first := "4x"
				open := openPacket
				if version == 3 {
					first, open = packet3(first), packet3(open)
				}
				srv := &script{open: open, poll: answers(first), socket: func(p *peer) {
					p.text(openPacket)
					p.text("4x")
					p.rest()
				}}
				scripted(t, srv, func(t *testing.T, f *fixture) {
					wait := make(chan struct{})
					f.prepare = func(c *client) { c.onMessage = func(message) <-chan struct{} { return wait } }
					c, _ := f.dial(over(transport), func(cfg *dialer.Config) { cfg.Version = version })
					synctest.Wait()
					time.Sleep(time.Minute)
					if len(c.ended) != 0 || c.Stale() {
						t.Fatal("ended, or stale")
					}
					sign, often := "3", 600
					if version == 3 {
						sign, often = packet3("2"), 200
					}
					posts := srv.posted()
					if transport == dialer.Polling && (len(posts) < often-2 || len(posts) > often || posts[0] != sign) {
						t.Errorf("%d signs of life: %.100q", len(posts), posts)
					}
					clock := newClock(t)
					close(wait)
					c.ends(t, dialer.PingTimeout)
					if version == 4 {
						clock.at(500 * ms)
					} else {
						clock.at(200 * ms) // a ping is unanswered
					}
				})
			})
		}
	}
}

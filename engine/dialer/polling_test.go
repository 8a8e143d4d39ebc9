package dialer_test

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio/engine/dialer"
	"github.com/gosio/sio/internal/frame"
)

// A POST has as many packets as maxPayload allows: 30, 30 and 35 bytes of text
// are 100 with their types and what separates them.
func TestPayloadBudget(t *testing.T) {
	a, b, c35, c36 := strings.Repeat("a", 30), strings.Repeat("b", 30), strings.Repeat("c", 35), strings.Repeat("c", 36)
	for name, test := range map[string]struct {
		send []message
		want []string
	}{
		"fits":            {[]message{text(a), text(b), text(c35)}, []string{"4" + a + "\x1e4" + b + "\x1e4" + c35}},
		"one byte more":   {[]message{text(a), text(b), text(c36)}, []string{"4" + a + "\x1e4" + b, "4" + c36}},
		"first too large": {[]message{text(strings.Repeat("x", 200)), text("y")}, []string{"4" + strings.Repeat("x", 200), "4y"}},
		"later too large": {[]message{text("y"), text(strings.Repeat("x", 200)), text("z")}, []string{"4y", "4" + strings.Repeat("x", 200), "4z"}},
		"UTF-8 counts":    {[]message{text(strings.Repeat("€", 16)), text(strings.Repeat("€", 16))}, []string{"4" + strings.Repeat("€", 16) + "\x1e4" + strings.Repeat("€", 16)}},
		"UTF-8 too large": {[]message{text(strings.Repeat("€", 16)), text(strings.Repeat("€", 17))}, []string{"4" + strings.Repeat("€", 16), "4" + strings.Repeat("€", 17)}},
		"base64 counts":   {[]message{binary(strings.Repeat("\x00", 36)), binary(strings.Repeat("\x00", 36))}, []string{"b" + strings.Repeat("A", 48) + "\x1eb" + strings.Repeat("A", 48)}},
		"base64 too large": {[]message{binary(strings.Repeat("\x00", 36)), binary(strings.Repeat("\x00", 37))},
			[]string{"b" + strings.Repeat("A", 48), "b" + strings.Repeat("A", 50) + "=="}},
	} {
		t.Run(name, func(t *testing.T) {
			srv := &script{}
			scripted(t, srv, func(t *testing.T, f *fixture) {
				c, _ := f.dial(over(dialer.Polling))
				for _, m := range test.send {
					g := frame.New(200)
					if !m.binary {
						g.B = append(g.B, '4')
					}
					g.B = append(g.B, m.data...)
					g.Seal(m.binary, false)
					if err := c.Queue(frame.Group{First: g}, false); err != nil {
						t.Fatal(err)
					}
				}
				if c.Queued() == 0 || len(srv.posted()) != 0 {
					t.Errorf("%d bytes wait, %d were posted", c.Queued(), len(srv.posted()))
				}
				c.Flush()
				synctest.Wait()
				same(t, "posted", srv.posted(), test.want...)
				if n := c.Queued(); n != 0 {
					t.Errorf("%d bytes wait", n)
				}
			})
		})
	}
}

// One GET and one POST at a time.
func TestOneRequestAtATime(t *testing.T) {
	var gets, posts, polled atomic.Int32
	alone := func(n *atomic.Int32) func() {
		if n.Add(1) > 1 {
			t.Error("two at a time")
		}
		time.Sleep(10 * time.Millisecond)
		return func() { n.Add(-1) }
	}
	srv := &script{
		poll: func(w http.ResponseWriter, r *http.Request) {
			defer alone(&gets)()
			if polled.Add(1) > 20 {
				<-r.Context().Done()
				return
			}
			_, _ = io.WriteString(w, "4m")
		},
		post: func(w http.ResponseWriter, r *http.Request, b body) {
			defer alone(&posts)()
			_, _ = io.WriteString(w, "ok")
		},
	}
	scripted(t, srv, func(t *testing.T, f *fixture) {
		c, _ := f.dial(over(dialer.Polling))
		for range 20 {
			c.send(t, text("x"))
			c.expect(t, text("m"))
		}
		c.Abort()
		c.ends(t, dialer.ForcedClose)
	})
}

// A poll that is lost is not made again, as net/http would: what its answer had
// would be lost.
func TestLostPoll(t *testing.T) {
	for _, reused := range []bool{true, false} {
		var polls atomic.Int32
		srv := &script{poll: func(w http.ResponseWriter, r *http.Request) {
			if polls.Add(1) == 1 && reused { // so that the connection is one that was used before
				_, _ = io.WriteString(w, "6")
				return
			}
			panic(http.ErrAbortHandler)
		}}
		scripted(t, srv, func(t *testing.T, f *fixture) {
			c, _ := f.dial(over(dialer.Polling))
			var e *dialer.TransportError
			err := c.ends(t, dialer.TransportFailed)
			is(t, err, &e)
			if e.Transport != dialer.Polling || e.Text != "xhr poll error" || e.Status != 0 || e.Code != -1 || e.Err == nil || strings.Contains(err.Error(), "sid") {
				t.Errorf("%+v", e)
			}
			want := int32(1)
			if reused {
				want = 2
			}
			if n := polls.Load(); n != want {
				t.Errorf("%d polls", n)
			}
		})
	}
}

// Nor is a POST.
func TestLostPost(t *testing.T) {
	srv := &script{post: func(http.ResponseWriter, *http.Request, body) { panic(http.ErrAbortHandler) }}
	scripted(t, srv, func(t *testing.T, f *fixture) {
		c, _ := f.dial(over(dialer.Polling))
		c.send(t, text("x"))
		var e *dialer.TransportError
		is(t, c.ends(t, dialer.TransportFailed), &e)
		if e.Text != "xhr post error" {
			t.Errorf("%+v", e)
		}
		same(t, "posted", srv.posted(), "4x")
	})
}

func TestRequestTimeout(t *testing.T) {
	scripted(t, &script{}, func(t *testing.T, f *fixture) {
		c, _ := f.dial(over(dialer.Polling), func(cfg *dialer.Config) { cfg.RequestTimeout = 100 * time.Millisecond })
		clock := newClock(t)
		var e *dialer.TransportError
		is(t, c.ends(t, dialer.TransportFailed), &e)
		clock.at(100 * time.Millisecond)
		if e.Text != "xhr poll error" {
			t.Errorf("%+v", e)
		}
	})
	slow := &script{post: func(w http.ResponseWriter, r *http.Request, b body) { time.Sleep(time.Second) }, poll: func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(90 * time.Millisecond)
		_, _ = io.WriteString(w, "6")
	}}
	scripted(t, slow, func(t *testing.T, f *fixture) {
		c, _ := f.dial(over(dialer.Polling), func(cfg *dialer.Config) { cfg.RequestTimeout = 100 * time.Millisecond })
		time.Sleep(300 * time.Millisecond)
		c.send(t, text("x"))
		clock := newClock(t)
		var e *dialer.TransportError
		is(t, c.ends(t, dialer.TransportFailed), &e)
		clock.at(100 * time.Millisecond)
		if e.Text != "xhr post error" {
			t.Errorf("%+v", e)
		}
	})
}

// Answers are read to their end, so that connections can be used again.
func TestConnectionsAreKept(t *testing.T) {
	scripted(t, &script{poll: answers("4a", "4b", "4c")}, func(t *testing.T, f *fixture) {
		c, _ := f.dial(over(dialer.Polling))
		c.expect(t, text("a"), text("b"), text("c"))
		for range 3 {
			c.send(t, text("x"))
			synctest.Wait()
		}
		addresses := make(map[string]int)
		for range len(f.requests) {
			addresses[(<-f.requests).RemoteAddr]++
		}
		if len(addresses) > 2 {
			t.Errorf("connections: %v", addresses)
		}
	})
}

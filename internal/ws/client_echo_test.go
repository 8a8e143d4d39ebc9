//go:build !js

package ws_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gosio/sio/internal/buf"
	"github.com/gosio/sio/internal/ws"
)

// counter is a Handler that checks an order and counts.
type counter struct {
	*recorder
	next, last int
	wrong      string // of the first message that was another one
	done       chan struct{}
}

func (c *counter) Message(p []byte, _ bool) <-chan struct{} {
	if want := numbered(c.next); c.wrong == "" && string(p) != want {
		c.wrong = fmt.Sprintf("message %d is %.20q, of %d bytes", c.next, p, len(p))
	}
	if c.next++; c.next == c.last {
		close(c.done)
	}
	return nil
}

// numbered is a small message that no other is like.
func numbered(i int) string {
	return fmt.Sprintf("%d %s", i, "0123456789012345678901234567890123456789"[:i%40])
}

// Very many messages come back whole and in order, while both ends write.
func TestEchoOfManyMessages(t *testing.T) {
	const total = 100_000
	for _, name := range []string{"plain", "tls", "custom dialer"} {
		for _, deflate := range []*ws.Deflate{nil, {Threshold: 20}} {
			t.Run(fmt.Sprint(name, " compressed ", deflate != nil), func(t *testing.T) {
				n := total
				if deflate != nil { // with a window for each message
					n /= 100
				}
				hc, url := ways[name](t, echoHandler(t, ws.Options{Poller: poller, Deflate: deflate}))
				c, _, err := ws.Dial(hc, get(t, url), &ws.DialOptions{Options: ws.Options{Deflate: deflate}})
				if err != nil {
					t.Fatal(err)
				}
				h := &counter{recorder: newRecorder(), last: n, done: make(chan struct{})}
				c.Start(h)
				for i := range n {
					if err := c.Enqueue(textFrame(numbered(i))); err != nil {
						t.Fatal(err)
					}
					if i%50 == 0 {
						c.Flush()
					}
				}
				c.Flush()
				select {
				case <-h.done:
				case <-time.After(3 * patience):
					t.Error("not all came back")
				}
				c.CloseNow()
				receive(t, "end", h.gone)
				if h.wrong != "" {
					t.Error(h.wrong)
				}
			})
		}
	}
}

// Large messages, some of them borrowed, among small ones.
func TestEchoOfLargeMessages(t *testing.T) {
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			hc, url := way(t, echoHandler(t, ws.Options{Poller: poller}))
			c, _, err := ws.Dial(hc, get(t, url), nil)
			if err != nil {
				t.Fatal(err)
			}
			k := newKeeper()
			c.Start(k)
			go func() {
				for i := range 8 {
					packet := random(1<<20+i, uint64(i))
					if i%2 == 0 {
						_ = c.Enqueue(borrowed(packet))
						spoil(packet)
					} else {
						_ = c.Enqueue(packetFrame(packet, true, true))
					}
					_ = c.Enqueue(textFrame("small"))
					c.Flush()
				}
			}()
			for i := range 8 {
				got := receive(t, "message", k.payloads)
				if string(got) != string(random(1<<20+i, uint64(i))) {
					t.Errorf("message %d: %d bytes, or other ones", i, len(got))
				}
				buf.Give(got)
				if got := receive(t, "message", k.payloads); string(got) != "small" {
					t.Errorf("behind message %d: %d bytes", i, len(got))
				}
			}
			c.CloseNow()
			receive(t, "end", k.gone)
		})
	}
}

// goroutines returns how many there are, and how many of them are loops that poll.
func goroutines() (all, loops int) {
	stacks := make([]byte, 4<<20)
	s := string(stacks[:runtime.Stack(stacks, true)])
	return strings.Count(s, "\n\n") + 1, strings.Count(s, "netpoll.(*loop).run(")
}

// Nothing is left of a client, however it ends: no goroutine, and none of the
// poller that clients share.
func TestDialLeavesNothing(t *testing.T) {
	handler := echoHandler(t, ws.Options{Poller: poller})
	for name, way := range ways {
		hc, url := way(t, handler)
		transport, _ := hc.Transport.(*http.Transport)
		settled := func() (int, int) {
			if transport != nil {
				transport.CloseIdleConnections()
			}
			return goroutines()
		}
		dial := func() *dialed {
			c, resp, err := ws.Dial(hc, get(t, url), nil)
			if err != nil {
				t.Fatal(err)
			}
			return &dialed{newRecorder(), c, resp, t}
		}
		for how, end := range map[string]func(d *dialed){
			"Close":            func(d *dialed) { d.conn.Start(d); d.echoes("x"); d.conn.Close(1000, "") },
			"CloseNow":         func(d *dialed) { d.conn.Start(d); d.echoes("x"); d.conn.CloseNow() },
			"CloseNow at once": func(d *dialed) { d.conn.CloseNow(); d.conn.Start(d) },
			"never started":    func(d *dialed) { d.conn.CloseNow(); close(d.gone) },
		} {
			t.Run(name+" "+how, func(t *testing.T) {
				first := dial() // the first one starts what is there for all
				end(first)
				receive(t, "end", first.gone)
				var all, loops int
				settle(t, func() bool { // for what the server has of the first one
					all, loops = settled()
					return loops <= runtime.GOMAXPROCS(0)
				})
				var wg sync.WaitGroup
				for range 20 {
					d := dial()
					wg.Go(func() { end(d); <-d.gone })
				}
				wg.Wait()
				settle(t, func() bool {
					now, loopsNow := settled()
					return now <= all && loopsNow <= loops
				})
			})
		}
	}
}

// A Poller that is given is used, and not the shared one.
func TestDialWithPoller(t *testing.T) {
	if !polls() {
		t.Skip("there is no poller on this system")
	}
	srv := httptest.NewServer(echoHandler(t, ws.Options{Poller: poller}))
	defer srv.Close()
	open(t, client(t, new(http.Transport)), get(t, srv.URL), &ws.DialOptions{Options: ws.Options{Poller: poller}}).echoes("hello")
	_, before := goroutines()
	d := open(t, client(t, new(http.Transport)), get(t, srv.URL), &ws.DialOptions{Options: ws.Options{Poller: poller}})
	d.echoes("hello")
	if _, loops := goroutines(); loops != before {
		t.Errorf("%d loops, not %d", loops, before)
	}
	own := open(t, client(t, new(http.Transport)), get(t, srv.URL), nil)
	own.echoes("hello")
	if _, loops := goroutines(); loops != before+1 {
		t.Errorf("%d loops with the shared poller, not %d", loops, before+1)
	}
}

package ws_test

import (
	"strings"
	"testing"

	"github.com/gosio/sio/internal/ws"
)

func offered(t *testing.T, c *ws.Conn, limit error) {
	t.Helper()
	if err := c.Offer(textFrame("offered")); err != limit {
		t.Errorf("Offer: %v, want %v", err, limit)
	}
	if fits := c.Fits(len("offered"), 1); fits != (limit == nil) {
		t.Errorf("fits: %v", fits)
	}
}

// What is offered leaves an eighth of the queue, and takes any empty one.
func TestOffer(t *testing.T) {
	for _, o := range []ws.Options{{MaxFrames: 8}, {MaxQueue: 8 * (64 + len("offered"))}} {
		o.Poller = poller
		p := connect(t, tcpPair, o)
		for range 6 {
			offered(t, p.conn, nil)
		}
		if err := p.conn.Offer(textFrame("offered")); err != nil {
			t.Error(err)
		}
		if p.conn.Fits(len("offered"), 1) {
			t.Error("there is no end")
		}
		offered(t, p.conn, ws.ErrQueueFull)
		if err := p.conn.Enqueue(textFrame("offered")); err != nil {
			t.Error(err)
		}
		if err := p.conn.Enqueue(textFrame("offered")); err != ws.ErrQueueFull {
			t.Error(err)
		}
		p.conn.Flush()
		for range 8 {
			if got := string(p.read().Payload); got != "offered" {
				t.Errorf("got %q", got)
			}
		}
		if large := 1000; !p.conn.Fits(large, 1) {
			t.Error("does not fit into an empty queue")
		}
	}
}

// More tells that something was written, on every carrier.
func TestMore(t *testing.T) {
	onCarriers(t, func(t *testing.T, p *pair) {
		receive(t, "room in an empty queue", p.conn.More())
		if err := p.conn.Enqueue(textFrame("x")); err != nil {
			t.Fatal(err)
		}
		more := p.conn.More()
		if p.conn.More() != more {
			t.Error("every caller has a channel of its own")
		}
		select {
		case <-more:
			t.Error("nothing was written")
		default:
		}
		p.conn.Flush()
		_ = p.read()
		receive(t, "room", more)
	})
}

// More tells of the end, too, whatever it is.
func TestMoreAtTheEnd(t *testing.T) {
	for name, end := range map[string]func(*pair){
		"close":     func(p *pair) { p.conn.Close(0, "") },
		"close now": func(p *pair) { p.conn.CloseNow() },
		"peer":      func(p *pair) { _ = p.client.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			onCarriers(t, func(t *testing.T, p *pair) {
				if err := p.conn.Enqueue(textFrame(strings.Repeat("x", 1<<20))); err != nil {
					t.Fatal(err)
				}
				more := p.conn.More()
				end(p)
				receive(t, "end", more)
				receive(t, "end that is known", p.conn.More())
				if !p.conn.Fits(1<<30, 1) {
					t.Error("one has to wait for the end of what has ended")
				}
			})
		})
	}
}

// Command gobwas is the limit that the bench compares clients with: it sends and
// reads the same bytes over WebSockets as a Socket.IO client would, one write for
// all that one read makes it send, and parses no Socket.IO.
package main

import (
	"fmt"
	"log"
	"sync"
	"sync/atomic"

	"github.com/gobwas/ws"

	"github.com/gosio/sio/bench/clients/internal/work"
)

func main() {
	b := work.Begin()
	switch b.Scenario {
	case "echo16":
		converse(b, work.InFlight, echo)
	case "echo1":
		converse(b, 1, echo)
	case "call":
		converse(b, work.InFlight, call)
	case "stream":
		stream(b)
	case "storm":
		storm(b)
	case "idle":
	default:
		log.Fatalf("no scenario %q", b.Scenario)
	}
	b.Serve(func(n int) {
		work.Each(n, func(int) { go dial(b.Addr).stay(func(payload []byte) { b.Wrong(string(payload), "nothing") }) })
	})
}

// An exchange is what a client sends, and what must come back.
type exchange struct{ question, answer []byte }

func echo(_ int, text string) exchange {
	event := fmt.Appendf(nil, `42["echo","%s"]`, text)
	return exchange{event, event}
}

func call(id int, text string) exchange {
	return exchange{fmt.Appendf(nil, `42%d["call","%s"]`, id, text), fmt.Appendf(nil, `43%d["%s"]`, id, text)}
}

// converse has clients ask so many questions at a time.
func converse(b *work.Bench, open int, of func(id int, text string) exchange) {
	conns := connect(b)
	b.Asks(len(conns) * open)
	for i, c := range conns {
		texts, count := work.Texts(i), b.Counter()
		var ring [len(texts)]exchange
		for id, text := range texts {
			ring[id] = of(id, text)
		}
		sent, got := 0, 0
		next := func() {
			c.send(ring[sent%len(ring)].question)
			sent++
		}
		for range open {
			next()
		}
		c.flush()
		go c.stay(func(payload []byte) {
			if want := ring[got%len(ring)].answer; string(payload) != string(want) {
				b.Wrong(string(payload), string(want))
			}
			got++
			count.Add()
			if !b.Done() {
				next()
			}
		})
	}
}

func connect(b *work.Bench) []*conn {
	conns := make([]*conn, work.Clients)
	work.Each(len(conns), func(i int) { conns[i] = dial(b.Addr) })
	return conns
}

// stream has one client ask for broadcasts to all, and for more when all have them.
func stream(b *work.Bench) {
	texts := work.Texts(0)
	var ask, want [len(texts)][]byte
	for i, text := range texts {
		ask[i], want[i] = fmt.Appendf(nil, `42["cast","","%s"]`, text), fmt.Appendf(nil, `42["cast","%s"]`, text)
	}
	conns := connect(b)
	var left atomic.Int64                    // clients that have not got all
	var mu sync.Mutex                        // should answers be wrong
	caster, sent := &conn{Conn: conns[0]}, 0 // with a buffer of its own, as any of them may ask
	cast := func() {
		mu.Lock()
		defer mu.Unlock()
		left.Store(int64(len(conns)))
		for range work.InFlight {
			caster.send(ask[sent%len(ask)])
			sent++
		}
		caster.flush()
	}
	b.Asks(1)
	for _, c := range conns {
		count, got := b.Counter(), 0
		go c.stay(func(payload []byte) {
			if want := want[got%len(want)]; string(payload) != string(want) {
				b.Wrong(string(payload), string(want))
			}
			count.Add()
			if got++; got%work.InFlight == 0 && left.Add(-1) == 0 && !b.Done() {
				cast()
			}
		})
	}
	cast()
}

// storm has clients connect, join, and leave: with a DISCONNECT packet and the
// closing handshake.
func storm(b *work.Bench) {
	b.Asks(work.AtOnce)
	for range work.AtOnce {
		count := b.Counter()
		go func() {
			for !b.Done() {
				c := dial(b.Addr)
				c.send([]byte("41"))
				c.frame(ws.OpClose, []byte{0x03, 0xe8})
				c.flush()
				c.serve(func(payload []byte) { b.Wrong(string(payload), "nothing") })
				_ = c.Close()
				count.Add()
			}
		}()
	}
}

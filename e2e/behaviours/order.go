package behaviours

import (
	"sync"
	"time"

	"github.com/gosio/sio/client"
)

var order = []Behaviour{
	{"order: events right after the connection, many times", nil, func(t *T) {
		for range 10 {
			s := t.socket("/")
			sent := make(chan struct{})
			s.OnConnect(func() {
				for _, n := range numbers(20) {
					t.emit(s, "up", n)
				}
				close(sent)
			})
			t.connected(s)
			receive(t, sent, "OnConnect")
			t.equal(t.ack(s, "log"), []any{numbers(20)})
			s.Close()
		}
	}},
	{"order: 1000 events each way", nil, func(t *T) {
		s := t.connect("/")
		down := t.collect(s, "number", 1000)
		t.emit(s, "down", 1000)
		for _, n := range numbers(1000) {
			t.emit(s, "up", n)
		}
		t.equal(down(), numbers(1000))
		t.equal(t.ack(s, "log"), []any{numbers(1000)})
	}},
	{"order: 1000 events each way, all before the upgrade can be done", []Need{upgrades}, func(t *T) {
		cfg := t.config()
		moved := noteUpgrade(cfg)
		s := t.socketWith("/", cfg)
		down := t.collect(s, "number", 1000)
		t.emit(s, "down", 1000)
		for _, n := range numbers(1000) {
			t.emit(s, "up", n)
		}
		s.Connect()
		t.equal(receive(t, moved, "the upgrade"), client.WebSocket)
		t.equal(down(), numbers(1000))
		t.equal(t.ack(s, "log"), []any{numbers(1000)})
	}},
	{"order: 1000 events each way, across the upgrade", []Need{upgrades}, func(t *T) {
		cfg := t.config()
		moved := noteUpgrade(cfg)
		s := t.socketWith("/", cfg)
		down := t.collect(s, "number", 1000)
		t.connected(s)
		t.emit(s, "down", 1000)
		// In small portions, so that some go before, some while and some after it moves.
		for n := 0; n < 1000; {
			portion := min(25, 1000-n)
			select {
			case <-moved:
				portion = 1000 - n
			case <-time.After(time.Millisecond):
				portion = min(portion, 900-n)
			}
			for range portion {
				t.emit(s, "up", n)
				n++
			}
		}
		t.equal(s.Manager().Transport(), client.WebSocket)
		t.equal(down(), numbers(1000))
		t.equal(t.ack(s, "log"), []any{numbers(1000)})
	}},
	{"order: of each goroutine that emits", nil, func(t *T) {
		s := t.connect("/")
		var all sync.WaitGroup
		for g := range 4 {
			all.Go(func() {
				for n := range 50 {
					t.emit(s, "up", g*100+n)
				}
			})
		}
		all.Wait()
		var next [4]int
		for _, v := range t.ack(s, "log")[0].([]any) {
			n := int(number(v))
			if g := n / 100; n%100 == next[g] {
				next[g]++
			}
		}
		t.equal(next, [4]int{50, 50, 50, 50})
	}},
}

package engine_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/gobwas/ws"

	"github.com/gosio/sio/engine"
)

// Messages of several senders in both directions, while the session moves from
// polling to a WebSocket: every one arrives once, and those of one sender in
// the order in which it sent them.
func TestOrderAcrossUpgrade(t *testing.T) {
	const senders, each = 4, 1000
	for round := range 5 {
		t.Run(strconv.Itoa(round), func(t *testing.T) {
			f := serve(t, nil)
			p := f.open()
			var wg sync.WaitGroup
			// Senders go on while something happens: each quarter of the
			// messages is released just before it.
			var quarters [4]chan struct{}
			for i := range quarters {
				quarters[i] = make(chan struct{})
			}
			for sender := range senders {
				wg.Go(func() {
					for i := range each {
						<-quarters[i*len(quarters)/each]
						m := fmt.Sprintf("%d %d", sender, i)
						if err := p.s.Send([]byte(m), i%3 == 0); err != nil {
							t.Error(err)
							return
						}
					}
				})
			}
			down := newTally(t, senders, each)
			up := newTally(t, 1, each)
			sent := 0
			post := func(n int) {
				var packets []string
				for ; n > 0 && sent < each; n-- {
					packets = append(packets, fmt.Sprintf("40 %d", sent))
					sent++
				}
				p.send(packets...)
			}
			// As the official client: poll and post, probe meanwhile, then stop
			// both, wait for what is under way, and send the 5.
			paused := make(chan struct{})
			stop := make(chan struct{})
			go func() {
				defer close(paused)
				for {
					select {
					case <-stop:
						return
					default:
					}
					r, err := f.try(http.MethodGet, p.query, "")
					if err != nil || r.status != 200 {
						t.Errorf("poll: %+v, %v", r, err)
						return
					}
					for packet := range strings.SplitSeq(r.body, "\x1e") {
						down.packet(packet)
					}
				}
			}()
			close(quarters[0])
			post(each / 10)
			post(each / 10)
			close(quarters[1])
			w := f.dialWS(wsQuery + "&sid=" + p.s.ID())
			post(each / 10)
			w.text("2probe")
			w.expect("3probe")
			post(each / 10)
			close(stop)
			<-paused
			close(quarters[2])
			w.text("5")
			go func() {
				var b bytes.Buffer
				for ; sent < each; sent++ {
					b.WriteString(textFrames(fmt.Sprintf("40 %d", sent)))
				}
				_, _ = w.conn.Write(b.Bytes())
			}()
			for i := 0; down.missing(); i++ {
				if i == 1 {
					close(quarters[3])
				}
				op, payload := w.read()
				if op == ws.OpBinary {
					payload = "4" + payload
				}
				down.packet(payload)
			}
			for up.missing() {
				up.packet("4" + get(t, "message", p.s.messages).data)
			}
			wg.Wait()
			if p.s.Transport() != engine.WebSocket {
				t.Error("not upgraded")
			}
			p.s.text(t, "end")
			w.expect("4end") // and nothing else
			w.text("4end")
			p.s.expect(t, "end")
		})
	}
}

// tally checks that the messages of each sender come once and in order.
type tally struct {
	t    *testing.T
	next []int
	each int
}

func newTally(t *testing.T, senders, each int) *tally {
	return &tally{t, make([]int, senders), each}
}

func (c *tally) packet(packet string) {
	if packet == "6" {
		return
	}
	if rest, ok := strings.CutPrefix(packet, "b"); ok {
		packet = "4" + fromBase64(c.t, rest)
	}
	var sender, i int
	if n, err := fmt.Sscanf(packet, "4%d %d", &sender, &i); n != 2 || err != nil || sender >= len(c.next) {
		c.t.Errorf("packet %q", packet)
		return
	}
	if i != c.next[sender] {
		c.t.Errorf("message %d of sender %d instead of %d", i, sender, c.next[sender])
	}
	c.next[sender] = i + 1
}

func fromBase64(t *testing.T, s string) string {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		t.Error(err)
	}
	return string(b)
}

func (c *tally) missing() bool {
	for _, n := range c.next {
		if n < c.each {
			return true
		}
	}
	return false
}

// The same without an upgrade, with senders that share each transport.
func TestConcurrentSenders(t *testing.T) {
	const senders, each = 8, 300
	f := serve(t, nil)
	p := f.open()
	w, s := f.openWS()
	var wg sync.WaitGroup
	for sender := range senders {
		wg.Go(func() {
			for i := range each {
				for _, to := range []*session{p.s, s} {
					if err := to.Send(fmt.Appendf(nil, "%d %d", sender, i), false); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	polled, read := newTally(t, senders, each), newTally(t, senders, each)
	for polled.missing() {
		for packet := range strings.SplitSeq(p.poll().body, "\x1e") {
			polled.packet(packet)
		}
	}
	for read.missing() {
		_, payload := w.read()
		read.packet(payload)
	}
	wg.Wait()
}

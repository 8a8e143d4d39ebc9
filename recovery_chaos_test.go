package sio_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gosio/sio"
)

// chaotic is a client that is cut time and again, and comes back. What it sees
// of events is what the official client hands to listeners.
type chaotic struct {
	t      *testing.T
	url    string
	v      visit
	joined bool
	visits int
	seen   []int
	ahead  chan struct{} // has what was emitted and not yet seen, so that the cuts are spread over all events
}

// visit connects and takes events, until so many packets have come, or events up
// to the last; then it cuts the connection.
func (c *chaotic) visit(packets, last int) (done bool) {
	w, err := dialWebSocket(c.url)
	if err != nil {
		c.t.Error(err)
		return true
	}
	defer w.close()
	connect := "40"
	if c.joined {
		connect = c.v.connect()
	}
	if _, err := w.read(); err != nil || w.write([]string{connect}) != nil {
		c.t.Errorf("joining: %v", err)
		return true
	}
	for range packets {
		packet, err := w.read()
		if err != nil {
			return false // a CONNECT of the visit before was looked at only now
		}
		if err := c.take(packet); err != nil {
			c.t.Error(err)
			return true
		}
		if n := len(c.seen); n > 0 && c.seen[n-1] == last {
			return true
		}
	}
	return false
}

func (c *chaotic) take(packet string) error {
	switch {
	case packet == "2": // the connection will not last until the answer matters
		return nil
	case strings.HasPrefix(packet, "40"):
		before := c.v
		if err := json.Unmarshal([]byte(packet[2:]), &c.v); err != nil {
			return err
		}
		if c.joined && (c.v.SID != before.SID || c.v.PID != before.PID) {
			return fmt.Errorf("not recovered after %d events, in visit %d", len(c.seen), c.visits)
		}
		c.joined = true
		c.visits++
		return nil
	}
	var args []any
	if err := json.Unmarshal([]byte(strings.TrimPrefix(packet, "42")), &args); err != nil || len(args) != 3 {
		return fmt.Errorf("%s: %v", packet, err)
	}
	select {
	case <-c.ahead:
	default: // it came twice
	}
	c.seen = append(c.seen, int(args[1].(float64)))
	c.v.offset = args[2].(string)
	return nil
}

// A client that is cut 100 times and more gets each of 10,000 events once, in order.
func TestRecoveryChaos(t *testing.T) {
	const events, cuts = 10_000, 100
	f := recovering(t, sio.Recovery{})
	joined := make(chan *sio.Socket, 1)
	f.OnConnect(func(s *sio.Socket) {
		if !s.Recovered() {
			s.Join("room")
			joined <- s
		}
	})
	c := &chaotic{t: t, url: f.url("websocket", ""), ahead: make(chan struct{}, 50)}
	random := rand.New(rand.NewPCG(1, 2))
	c.visit(1, -1)
	s := get(t, joined)
	emitted, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(emitted)
		emits := []func(string, ...any) error{
			s.Emit, f.To("room").Emit, f.Emit, f.To(s.ID()).Emit, f.To("room", s.ID()).Except("nobody").Emit,
		}
		for i := range events {
			select {
			case c.ahead <- struct{}{}:
			case <-ended:
				return
			}
			if err := emits[i%len(emits)]("n", i); err != nil {
				t.Errorf("event %d: %v", i, err)
			}
			_ = f.Except("room").Emit("for others")
		}
	}()
	for i := 0; ; i++ {
		packets := random.IntN(2 * events / cuts)
		if random.IntN(4) == 0 {
			packets = random.IntN(4) // while missed packets are being sent, or before
		}
		done := c.visit(packets, events-1)
		if done {
			t.Logf("cut %d times, %d visits got as far as the grant", i, c.visits)
			if i < cuts || c.visits < cuts/2 {
				t.Error("the cuts are too few")
			}
			break
		}
	}
	close(ended)
	<-emitted
	for i := range events {
		if i >= len(c.seen) || c.seen[i] != i {
			t.Fatalf("event %d of %d is %v", i, len(c.seen), c.seen[max(0, i-2):min(len(c.seen), i+3)])
		}
	}
}

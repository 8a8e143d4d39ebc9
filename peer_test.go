package sio_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gosio/sio/event"
)

// fence is an event that every server of the tests acknowledges.
const fence = "fence"

type none = event.None

// peer is a raw client. Packets are written as on the polling transport:
// `42["x"]`, and b with base64 for binary messages. Pings are answered and
// counted, noops left out.
type peer struct {
	t   testing.TB
	srv *fixture
	// id is that of the peer's socket in the main namespace, once it joined.
	id     string
	engine string        // the session id
	silent atomic.Bool   // leaves pings unanswered
	deaf   atomic.Bool   // forgets what arrives
	done   chan struct{} // closed when the connection has ended

	sending sync.Mutex // held while packets are written, and while the carrier changes
	carrier carrier

	mu      sync.Mutex
	log     []string
	in      []string // arrived and not yet expected
	pings   int
	closed  bool
	changed chan struct{}
}

// carrier is a transport of a peer.
type carrier interface {
	write(packets []string) error
	close()
}

// dial opens a connection, and joins no namespace.
func (f *fixture) dial(transport string) *peer {
	f.t.Helper()
	p := &peer{t: f.t, srv: f, changed: make(chan struct{}), done: make(chan struct{})}
	var err error
	if transport == "polling" {
		err = p.startPolling("")
	} else {
		err = p.startWebSocket("")
	}
	if err != nil {
		f.t.Fatalf("%s: %v", transport, err)
	}
	f.t.Cleanup(p.close)
	return p
}

// join opens a connection and joins the main namespace.
func (f *fixture) join(transport string) *peer {
	f.t.Helper()
	p := f.dial(transport)
	p.send("40")
	p.id = p.granted("/")
	return p
}

func (p *peer) close() {
	p.sending.Lock()
	c := p.carrier
	p.sending.Unlock()
	c.close()
	<-p.done
}

func (p *peer) write(packets ...string) error {
	p.sending.Lock()
	defer p.sending.Unlock()
	p.note("> ", packets...)
	return p.carrier.write(packets)
}

// send sends packets together: in one POST, or one write each.
func (p *peer) send(packets ...string) {
	p.t.Helper()
	if err := p.write(packets...); err != nil {
		p.fail("sending %q: %v", packets, err)
	}
}

func (p *peer) note(prefix string, packets ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, packet := range packets {
		if len(p.log) < 200 {
			p.log = append(p.log, prefix+abbreviate(packet))
		}
	}
}

func abbreviate(s string) string {
	if len(s) > 200 {
		return s[:100] + "…" + s[len(s)-50:]
	}
	return s
}

// took handles a packet that has arrived.
func (p *peer) took(packet string) {
	switch packet {
	case "2":
		if !p.silent.Load() {
			go func() { _ = p.write("3") }()
		}
		p.update(packet, func() { p.pings++ })
	case "6", "1":
		p.update(packet, func() {})
	default:
		p.update(packet, func() {
			if !p.deaf.Load() {
				p.in = append(p.in, packet)
			}
		})
	}
}

func (p *peer) update(packet string, change func()) {
	p.note("< ", packet)
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
	close(p.changed)
	p.changed = make(chan struct{})
}

// gone is called once, when the connection has ended.
func (p *peer) gone(why error) {
	p.update(fmt.Sprintf("(closed: %v)", why), func() { p.closed = true })
	close(p.done)
}

func (p *peer) fail(format string, args ...any) {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.t.Fatalf("%s\npackets so far:\n%s", fmt.Sprintf(format, args...), strings.Join(p.log, "\n"))
}

var errEnded = errors.New("connection ended")

// wait waits until done reports true. It is called with p.mu held.
func (p *peer) wait(done func() bool) error {
	deadline := time.After(patience)
	for {
		p.mu.Lock()
		ok, closed, changed := done(), p.closed, p.changed
		p.mu.Unlock()
		switch {
		case ok:
			return nil
		case closed:
			return errEnded
		}
		select {
		case <-changed:
		case <-deadline:
			return errors.New("timed out")
		}
	}
}

// next returns the next packet.
func (p *peer) next() (packet string, err error) {
	err = p.wait(func() bool {
		if len(p.in) == 0 {
			return false
		}
		packet, p.in = p.in[0], p.in[1:]
		return true
	})
	return packet, err
}

// receive returns the next packet, or fails the test.
func (p *peer) receive() string {
	p.t.Helper()
	packet, err := p.next()
	if err != nil {
		p.fail("waiting for a packet: %v", err)
	}
	return packet
}

// expect checks that the next packets are these.
func (p *peer) expect(want ...string) {
	p.t.Helper()
	for _, w := range want {
		packet, err := p.next()
		if err != nil {
			p.fail("waiting for %s: %v", w, err)
		}
		if packet != w {
			p.fail("got  %s\nwant %s", abbreviate(packet), abbreviate(w))
		}
	}
}

// expectAny checks that the next packets are these, in any order.
func (p *peer) expectAny(want ...string) {
	p.t.Helper()
	left := slices.Clone(want)
	for range want {
		packet := p.receive()
		i := slices.Index(left, packet)
		if i < 0 {
			p.fail("got %s\nwant one of %q", packet, left)
		}
		left = slices.Delete(left, i, i+1)
	}
}

// granted checks that the next packet is the CONNECT of a namespace, and
// returns the socket's id.
func (p *peer) granted(namespace string) string {
	p.t.Helper()
	prefix := "40"
	if namespace != "/" {
		prefix += namespace + ","
	}
	packet := p.receive()
	var grant map[string]string
	body, ok := strings.CutPrefix(packet, prefix)
	if !ok || json.Unmarshal([]byte(body), &grant) != nil || len(grant) != 1 || len(grant["sid"]) != 20 {
		p.fail("got %s, want %s with a sid of 20 characters only", packet, prefix)
	}
	return grant["sid"]
}

// fenced checks that nothing else has been sent to the peer than what it has
// expected: an acknowledgement that it asks for comes next. As what leads to
// a packet must have happened before the call, it needs no waiting.
func (p *peer) fenced() {
	p.t.Helper()
	p.send(`42987654["fence"]`)
	p.expect(`43987654[]`)
}

// expectClosed checks that the server ends the connection, and sends nothing
// before that is not expected.
func (p *peer) expectClosed() {
	p.t.Helper()
	if err := p.wait(func() bool { return p.closed }); err != nil && err != errEnded {
		p.fail("waiting for the end: %v", err)
	}
	if len(p.in) > 0 {
		p.fail("not expected before the end: %q", p.in)
	}
}

// beats waits for n more pings.
func (p *peer) beats(n int) {
	p.t.Helper()
	p.mu.Lock()
	want := p.pings + n
	p.mu.Unlock()
	if err := p.wait(func() bool { return p.pings >= want }); err != nil {
		p.fail("waiting for pings: %v", err)
	}
}

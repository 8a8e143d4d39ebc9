package engine_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gosio/sio/engine"
)

// notes is what an observer was told.
type notes struct {
	mu      sync.Mutex
	list    []string
	traffic map[string]engine.Traffic // by direction and transport
}

func (n *notes) add(format string, args ...any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.list = append(n.list, fmt.Sprintf(format, args...))
}

// take returns what was told since the last time.
func (n *notes) take() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	list := n.list
	n.list = nil
	return list
}

func (n *notes) count(direction string) func(engine.Traffic) {
	return func(tr engine.Traffic) {
		n.mu.Lock()
		defer n.mu.Unlock()
		sum := n.traffic[direction+tr.Transport]
		sum.Packets += tr.Packets
		sum.Bytes += tr.Bytes
		n.traffic[direction+tr.Transport] = sum
	}
}

func (n *notes) sum(of string) engine.Traffic {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.traffic[of]
}

func (n *notes) observer() *engine.Observer {
	return &engine.Observer{
		ConnectionOpened: func(s *engine.Session) { n.add("opened %s %d", s.Transport(), s.Protocol()) },
		ConnectionClosed: func(c engine.Closing) {
			n.add("closed %s: %s, %v, violation %v, after %v", c.Session.Transport(), c.Reason, c.Err, c.Violation(), c.Duration.Truncate(time.Second))
		},
		RequestRefused: func(e *engine.ConnectionError) { n.add("refused %s %v", e.Request.Method, e.Code) },
		Upgraded:       func(s *engine.Session) { n.add("upgraded %v", s.Upgraded()) },
		UpgradeFailed:  func(u engine.FailedUpgrade) { n.add("upgrade failed: %v", u.Err) },
		Received:       n.count("in "),
		Sent:           n.count("out "),
		Dropped:        func(d engine.DroppedMessage) { n.add("dropped: %s", d.Cause) },
		Paused:         func(*engine.Session) { n.add("paused") },
		Resumed:        func(*engine.Session) { n.add("resumed") },
	}
}

// observe runs a test in fake time, with a server that is observed.
func observe(t *testing.T, cfg engine.Config, test func(t *testing.T, f *fixture, n *notes)) {
	t.Helper()
	n := &notes{traffic: make(map[string]engine.Traffic)}
	cfg.Observer = n.observer()
	bubble(t, &cfg, func(t *testing.T, f *fixture) { test(t, f, n) })
}

func (n *notes) expect(t *testing.T, want ...string) {
	t.Helper()
	var got []string
	eventually(t, fmt.Sprintf("told %q", want), func() bool {
		got = append(got, n.take()...)
		return len(got) >= len(want)
	})
	if !slices.Equal(got, want) {
		t.Errorf("told %q, want %q", got, want)
	}
}

func TestObserveConnections(t *testing.T) {
	observe(t, engine.Config{}, func(t *testing.T, f *fixture, n *notes) {
		w, s := f.openWS()
		n.expect(t, "opened websocket 4")
		time.Sleep(7 * time.Second)
		w.write(wsFrame(0x88, ""))
		w.expectCloseEchoed(1005, "")
		s.expectEnd(t, engine.TransportClose, "closed by peer")
		n.expect(t, "closed websocket: transport close, ws: closed by peer: 1005 , violation false, after 7s")

		p := f.open()
		p.send("x")
		n.expect(t, "opened polling 4", "closed polling: parse error, eio: malformed packet, violation true, after 0s")
		f.do("GET", "EIO=4&transport=tobi", "")
		f.do("PUT", handshakeQuery, "")
		n.expect(t, "refused GET Transport unknown", "refused PUT Bad handshake method")
	})
}

// A session that its receiver ends at once is told of in full, too.
func TestObserveEarlyEnd(t *testing.T) {
	observe(t, engine.Config{}, func(t *testing.T, f *fixture, n *notes) {
		f.prepare = func(s *session) { s.Abort() }
		f.do("GET", handshakeQuery, "")
		n.expect(t, "opened polling 4", "closed polling: forced close, <nil>, violation false, after 0s")
	})
}

func TestObserveUpgrades(t *testing.T) {
	observe(t, engine.Config{UpgradeTimeout: 3 * time.Second, PingInterval: time.Hour}, func(t *testing.T, f *fixture, n *notes) {
		p := f.open()
		f.dialWS(wsQuery + "&sid=" + p.s.ID())
		n.expect(t, "opened polling 4", "upgrade failed: engine: upgrade timed out")
		p.probe().text("4not yet")
		n.expect(t, "upgrade failed: engine: unexpected packet in an upgrade")
		_ = p.probe().conn.Close()
		n.expect(t, "upgrade failed: EOF")
		p.upgrade()
		n.expect(t, "upgraded true")
		p.s.Abort()
		n.expect(t, "closed websocket: forced close, <nil>, violation false, after 3s")

		p = f.open()
		p.probe()
		p.s.Abort()
		n.expect(t, "opened polling 4", "upgrade failed: engine: session closed", "closed polling: forced close, <nil>, violation false, after 0s")
	})
}

// Traffic counts packets and their bytes, the open packet and its like as well.
func TestObserveTraffic(t *testing.T) {
	observe(t, engine.Config{}, func(t *testing.T, f *fixture, n *notes) {
		w, s := f.openWS()
		var open engine.Traffic
		eventually(t, "the open packet", func() bool {
			open = n.sum("out websocket")
			return open.Packets == 1 && open.Bytes > 50
		})
		w.text("4abc", "4d")
		w.write(wsFrame(0x82, "binary"))
		s.expect(t, "abc", "d", "b:binary")
		if got, want := n.sum("in websocket"), (engine.Traffic{Packets: 3, Bytes: 12}); got != want {
			t.Errorf("received %+v, want %+v", got, want)
		}
		s.text(t, "hello")
		s.text(t, "world")
		w.expect("4hello", "4world")
		want := engine.Traffic{Packets: open.Packets + 2, Bytes: open.Bytes + 12}
		eventually(t, "written", func() bool { return n.sum("out websocket") == want })

		p := f.open()
		open = n.sum("out polling")
		p.send("4abc", "4d")
		p.s.expect(t, "abc", "d")
		if got, want := n.sum("in polling"), (engine.Traffic{Packets: 2, Bytes: 7}); got != want {
			t.Errorf("received %+v, want %+v", got, want)
		}
		p.s.text(t, "hello")
		p.expect("4hello")
		if got, want := n.sum("out polling"), (engine.Traffic{Packets: open.Packets + 1, Bytes: open.Bytes + 6}); got != want {
			t.Errorf("sent %+v, want %+v", got, want)
		}
	})
}

func TestObserveDrops(t *testing.T) {
	observe(t, engine.Config{MaxQueue: 1000}, func(t *testing.T, f *fixture, n *notes) {
		p := f.open()
		_ = p.s.queue("4volatile", true)
		n.expect(t, "opened polling 4", "dropped: volatile")
		p.s.text(t, strings.Repeat("x", 900))
		if err := p.s.queue("4"+strings.Repeat("x", 900), false); !errors.Is(err, engine.ErrQueueFull) {
			t.Error(err)
		}
		n.expect(t, "dropped: queue full", "closed polling: transport error, engine: write queue full, violation true, after 0s")
	})
}

func TestObservePauses(t *testing.T) {
	observe(t, engine.Config{}, func(t *testing.T, f *fixture, n *notes) {
		for _, open := range []func() (send func(...string)){
			func() func(...string) { w, _ := f.openWS(); return w.text },
			func() func(...string) { return f.open().send },
		} {
			room := make(chan struct{})
			f.prepare = func(s *session) {
				s.onMessage = func([]byte, bool) <-chan struct{} { return room }
			}
			send := open()
			n.take()
			go send("4x")
			n.expect(t, "paused")
			close(room)
			n.expect(t, "resumed")
		}
	})
}

package dialer_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/engine/dialer"
)

// Nothing is lost, doubled or overtaken when a session moves, whatever the network
// does to it.
func TestUpgradeUnderTraffic(t *testing.T) {
	const n = 10_000
	for name, test := range map[string]struct {
		split   int
		delay   time.Duration
		version int
	}{
		"plain": {0, 0, 4}, "delay": {0, 5 * time.Millisecond, 4}, "split": {3000, time.Millisecond, 4}, "small split": {50, 0, 4}, "version 3": {0, 3 * time.Millisecond, 3},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, &engine.Config{AllowEIO3: true, MaxQueue: 1 << 30}, func(t *testing.T, f *fixture) {
				f.link.Split(test.split)
				f.link.Delay(test.delay)
				c, s := f.dial(func(cfg *dialer.Config) { cfg.Version = test.version })
				numbered := func(i int) message { return message{fmt.Sprint(i), i%10 == 7} }
				sender := func(send func(testing.TB, ...message)) {
					for i := range n {
						send(t, numbered(i))
						if i%100 == 0 {
							time.Sleep(time.Millisecond) // so that it takes longer than the upgrade
						}
					}
				}
				if test.delay > 0 && c.Transport() != dialer.Polling { // else it may be very quick
					t.Fatal("upgraded already")
				}
				go sender(c.send)
				go sender(s.send)
				for i := range n {
					s.expect(t, numbered(i))
					c.expect(t, numbered(i))
				}
				f.upgraded(c)
				time.Sleep(time.Second)
				if len(c.messages) != 0 || len(s.messages) != 0 {
					t.Error("doubled")
				}
				if c.Transport() != dialer.WebSocket || s.Transport() != dialer.WebSocket || c.Queued() != 0 {
					t.Errorf("%s, %s, %d bytes wait", c.Transport(), s.Transport(), c.Queued())
				}
			})
		})
	}
}

// untouched checks that polling goes on after an upgrade that failed.
func untouched(t *testing.T, c *client, srv *script, want string) {
	t.Helper()
	if got := get(t, "failure", c.upgraded); !strings.Contains(got, want) {
		t.Errorf("%s, want %s", got, want)
	}
	c.send(t, text("after"))
	synctest.Wait()
	if c.Transport() != dialer.Polling || !slices.Contains(srv.posted(), "4after") {
		t.Errorf("%s, posted %q", c.Transport(), srv.posted())
	}
	c.expect(t, text("polled"))
	if len(c.ended) != 0 {
		t.Error("ended")
	}
}

// afterAWhile answers polls every 50 ms.
func afterAWhile(w http.ResponseWriter, _ *http.Request) {
	time.Sleep(50 * time.Millisecond)
	_, _ = w.Write([]byte("2\x1e4polled"))
}

// Whatever goes wrong with a candidate, the session goes on.
func TestUpgradeFails(t *testing.T) {
	probed := func(then func(p *peer)) *script {
		return &script{socket: func(p *peer) {
			if got := p.read(); got != "2probe" {
				panic("read " + got)
			}
			p.text("3probe")
			then(p)
		}}
	}
	for name, test := range map[string]struct {
		srv  *script
		want string
	}{
		"refused":               {&script{refuse: 400}, "websocket error: status 400"},
		"closed at once":        {&script{socket: func(p *peer) {}}, "websocket error"},
		"closed with a code":    {&script{socket: func(p *peer) { p.close(1001); p.rest() }}, "websocket error"},
		"closed after probe":    {&script{socket: func(p *peer) { p.read() }}, "websocket error"},
		"another answer":        {&script{socket: func(p *peer) { p.read(); p.text("3"); p.rest() }}, "probe error"},
		"a message":             {&script{socket: func(p *peer) { p.read(); p.text("4x"); p.rest() }}, "probe error"},
		"an open packet":        {&script{socket: func(p *peer) { p.text(openPacket); p.rest() }}, "probe error"},
		"binary":                {&script{socket: func(p *peer) { p.read(); p.binary("3probe"); p.rest() }}, "probe error"},
		"garbage":               {&script{socket: func(p *peer) { p.read(); p.text("x"); p.rest() }}, "probe error"},
		"a broken frame":        {&script{socket: func(p *peer) { p.read(); p.raw("\xff\x00"); p.rest() }}, "websocket error"},
		"dies while pausing":    {probed(func(*peer) {}), "websocket error"},
		"closes while pausing":  {probed(func(p *peer) { p.close(1000); p.rest() }), "websocket error"},
		"breaks while pausing":  {probed(func(p *peer) { p.raw("\xff\x00"); p.rest() }), "websocket error"},
		"speaks while pausing":  {probed(func(p *peer) { p.text("4early"); p.rest() }), "websocket error"},
		"nothing comes":         {&script{socket: func(p *peer) { p.rest() }}, "too long"},
		"nobody ends the polls": {probed(func(p *peer) { p.rest() }), "too long"},
	} {
		t.Run(name, func(t *testing.T) {
			test.srv.poll = afterAWhile
			if name == "nobody ends the polls" {
				began := time.Time{}
				test.srv.open = strings.ReplaceAll(openPacket, "300", "300000")
				test.srv.poll = func(w http.ResponseWriter, r *http.Request) {
					if began.IsZero() {
						began = time.Now()
						time.Sleep(30 * time.Second)
					}
					afterAWhile(w, r)
				}
			}
			scripted(t, test.srv, func(t *testing.T, f *fixture) {
				c, _ := f.dial()
				time.Sleep(10 * time.Millisecond)
				untouched(t, c, test.srv, test.want)
				c.Close()
				c.ends(t, dialer.ForcedClose)
			})
		})
	}
}

// A session that does not upgrade, or cannot.
func TestNoUpgrade(t *testing.T) {
	for name, test := range map[string]struct {
		open   string
		change func(*dialer.Config)
	}{
		"not wanted":     {openPacket, func(c *dialer.Config) { c.NoUpgrade = true }},
		"not allowed":    {openPacket, over(dialer.Polling)},
		"not offered":    {`0{"sid":"S","upgrades":[],"pingInterval":300,"pingTimeout":200}`, over()},
		"another":        {`0{"sid":"S","upgrades":["webtransport","flashsocket"],"pingInterval":300,"pingTimeout":200}`, over()},
		"without a list": {`0{"sid":"S","pingInterval":300,"pingTimeout":200}`, over()},
	} {
		t.Run(name, func(t *testing.T) {
			scripted(t, &script{open: test.open}, func(t *testing.T, f *fixture) {
				f.dial(test.change)
				time.Sleep(100 * time.Millisecond)
				for range len(f.requests) {
					if r := <-f.requests; r.URL.Query().Get("transport") != dialer.Polling {
						t.Error(r.URL)
					}
				}
			})
		})
	}
}

// What an upgrade looks like from the server: a POST that is under way is waited for,
// what is queued meanwhile follows the 5, and no poll comes any more.
func TestUpgradeOrder(t *testing.T) {
	var sent []string
	var done, release chan struct{}
	srv := &script{
		post: func(w http.ResponseWriter, r *http.Request, b body) { time.Sleep(100 * time.Millisecond) },
		poll: func(w http.ResponseWriter, r *http.Request) {
			<-release
			_, _ = w.Write([]byte("6\x1e4last poll"))
		},
		socket: func(p *peer) {
			time.Sleep(10 * time.Millisecond)
			sent = append(sent, p.read())
			p.text("3probe")
			for range 3 {
				sent = append(sent, p.read())
			}
			done <- struct{}{}
			sent = append(sent, p.read())
			done <- struct{}{}
			p.text("4hello")
			p.rest()
		},
	}
	synctest.Test(t, func(t *testing.T) {
		release, done = make(chan struct{}, 1), make(chan struct{}, 2)
		f := serve(t, srv)
		c, _ := f.dial()
		c.send(t, text("posted")) // at 0 ms, until 100 ms
		time.Sleep(20 * time.Millisecond)
		if c.Writable() {
			t.Error("writable while polling is paused")
		}
		c.send(t, text("a"), binary("b")) // while pausing
		if err := c.queue("volatile", true); err != nil {
			t.Error(err)
		}
		time.Sleep(30 * time.Millisecond)
		release <- struct{}{}
		clock := newClock(t)
		get(t, "end of the upgrade", done)
		clock.at(50 * time.Millisecond) // that of the POST
		c.send(t, text("c"))
		get(t, "message", done)
		same(t, "sent", append(sent, srv.posted()...), "2probe", "5", "4a", "binary:b", "4c", "4posted")
		c.expect(t, text("last poll"), text("hello"))
	})
}

// The queue moves whatever its limits are.
func TestUpgradeWithFullQueue(t *testing.T) {
	for range 20 {
		bubble(t, nil, func(t *testing.T, f *fixture) {
			f.link.Delay(time.Millisecond)
			big := text(strings.Repeat("x", 5000))
			c, s := f.dial(func(cfg *dialer.Config) { cfg.MaxQueue, cfg.MaxQueuedMessages = 1000, 3 })
			c.send(t, big)
			time.Sleep(3 * time.Millisecond)
			for len(c.upgraded) == 0 {
				if err := c.Send([]byte("y"), false); err != nil && !errors.Is(err, dialer.ErrQueueFull) {
					t.Fatal(err)
				}
				time.Sleep(100 * time.Microsecond)
			}
			f.upgraded(c)
			s.expect(t, big, text("y"))
		})
	}
}

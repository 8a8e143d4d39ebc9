package siotest_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/siotest"
)

const patience = 45 * time.Second // pingInterval and pingTimeout

// Both ends notice a cut link by the heartbeat alone, and at the very moment.
func TestCut(t *testing.T) {
	bubbles(t, func(t *testing.T, o siotest.Options) {
		srv := newParty(nil)
		start := time.Now()
		o.Timeout = time.Hour
		c := siotest.NewServer(t, srv).Dial(t, &o)
		// Two heartbeats are answered, what follows is lost.
		time.Sleep(60 * time.Second)
		s := <-srv.joined
		c.Link().Cut()
		_ = s.Emit("lost")
		c.Emit("echo", "lost")
		if reason := <-srv.lost; reason != sio.PingTimeout || time.Since(start) != 50*time.Second+patience {
			t.Errorf("%s after %v\n%s", reason, time.Since(start), c.Log())
		}
		c.ExpectDisconnect("ping timeout")
		if passed := time.Since(start); passed != 50*time.Second+patience {
			t.Errorf("the client noticed after %v\n%s", passed, c.Log())
		}
	})
}

func TestHeartbeats(t *testing.T) {
	bubbles(t, func(t *testing.T, o siotest.Options) {
		io := newParty(&sio.Config{PingInterval: time.Second, PingTimeout: time.Second})
		c := siotest.NewServer(t, io).Dial(t, &o)
		c.ExpectNone(10*time.Minute + time.Millisecond)
		c.Call("echo", 1).Expect(1)
		if n := strings.Count(c.Log(), "←  2\n"); n != 600 {
			t.Errorf("%d pings in ten minutes", n)
		}
	})
}

func TestReset(t *testing.T) {
	bubbles(t, func(t *testing.T, o siotest.Options) {
		io := newParty(nil)
		srv := siotest.NewServer(t, io)
		c := srv.Dial(t, &o)
		other := srv.Dial(t, &o)
		synctest.Wait() // a poll is pending
		c.Link().Reset()
		c.ExpectDisconnect("transport error")
		if reason := <-io.lost; reason != sio.TransportError && reason != sio.TransportClose {
			t.Error(reason)
		}
		other.Call("echo", 1).Expect(1)
	})
}

func TestFreeze(t *testing.T) {
	bubbles(t, func(t *testing.T, o siotest.Options) {
		io := newParty(nil)
		c := siotest.NewServer(t, io).Dial(t, &o)
		c.Call("echo", 0).Expect(0) // an upgrade is over then
		c.Link().Freeze()
		r := c.Call("echo", 1)
		r.ExpectNone(10 * time.Second)
		c.Link().Thaw()
		r.Expect(1)
		c.Call("echo", 2).Expect(2)
	})
}

// Who does not read is disconnected when what waits is too much.
func TestFrozenClientFillsItsQueue(t *testing.T) {
	bubbles(t, func(t *testing.T, o siotest.Options) {
		io := newParty(&sio.Config{MaxQueue: 100_000})
		c := siotest.NewServer(t, io).Dial(t, &o)
		s := <-io.joined
		c.Link().Freeze()
		var err error
		n := 0
		for ; err == nil && n < 100; n++ {
			err = s.Emit("news", strings.Repeat("x", 10_000))
			synctest.Wait()
		}
		if reason := <-io.lost; err == nil || reason != sio.TransportError || n < 10 {
			t.Errorf("%v, %s after %d", err, reason, n)
		}
	})
}

func TestDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		io := newParty(nil)
		c := siotest.NewServer(t, io).Dial(t, nil)
		c.Link().Delay(150 * time.Millisecond)
		start := time.Now()
		c.Call("echo", 1).Expect(1)
		if d := time.Since(start); d != 300*time.Millisecond {
			t.Errorf("there and back took %v", d)
		}
		_ = io.Emit("slow")
		synctest.Wait()
		c.Link().Delay(0)
		_ = io.Emit("fast") // must not overtake
		c.Expect("slow")
		c.Expect("fast")
		if d := time.Since(start); d != 450*time.Millisecond {
			t.Errorf("after %v", d)
		}
	})
}

func TestSplit(t *testing.T) {
	everywhere(t, func(t *testing.T, o siotest.Options) {
		io := newParty(nil)
		c := siotest.NewServer(t, io).Dial(t, &o)
		c.Link().Split(1)
		text := strings.Repeat("aé😀", 300)
		c.Emit("echo", text, []byte(text))
		c.Emit("echo", 2)
		c.Expect("echo", text, []byte(text))
		c.Expect("echo", 2)
		c.Link().Split(0)
		c.Call("echo", 3).Expect(3)
	})
}

// Other clients can use a link.
func TestNewLink(t *testing.T) {
	everywhere(t, func(t *testing.T, o siotest.Options) {
		srv := siotest.NewServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, r.RemoteAddr)
		}))
		link := srv.NewLink()
		client := &http.Client{Transport: &http.Transport{DialContext: link.DialContext}}
		defer client.CloseIdleConnections()
		get := func(ctx context.Context) (string, error) {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://whatever/", nil)
			if err != nil {
				return "", err
			}
			res, err := client.Do(req)
			if err != nil {
				return "", err
			}
			defer res.Body.Close()
			text, err := io.ReadAll(res.Body)
			return string(text), err
		}
		first, err := get(t.Context())
		if again, _ := get(t.Context()); err != nil || !strings.HasPrefix(first, "198.51.100.1:") || again != first {
			t.Errorf("from %q, then %q, %v", first, again, err)
		}
		link.Reset()
		if next, err := get(t.Context()); err != nil || next == first {
			t.Errorf("from %q, %v", next, err)
		}
		link.Cut()
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if _, err := get(ctx); err == nil {
			t.Error("a cut link answers")
		}
	})
}

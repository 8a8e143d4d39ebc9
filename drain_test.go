package sio_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio"
)

// status is what a handshake is answered with.
func (b *bubble) status() (int, string) {
	b.t.Helper()
	client := http.Client{Transport: &http.Transport{
		DialContext:       func(context.Context, string, string) (net.Conn, error) { return b.net.dial(), nil },
		DisableKeepAlives: true,
	}}
	res, err := client.Get("http://host/socket.io/?EIO=4&transport=polling")
	if err != nil {
		b.t.Fatal(err)
	}
	_ = res.Body.Close()
	return res.StatusCode, res.Header.Get("Retry-After")
}

// passed checks that so much time has passed, and in fake time hardly more.
func (b *bubble) passed(d time.Duration) {
	b.t.Helper()
	if passed := time.Since(b.begun); passed < d || passed > d+100*time.Millisecond {
		b.t.Errorf("after %v instead of %v", passed, d)
	}
}

func moving(s *sio.Socket, left time.Duration) { _ = s.Emit("moving", left.Milliseconds()) }

func TestDrain(t *testing.T) {
	inBubble(t, func(b *bubble) {
		const n = 20
		b.join(n)
		b.begun = time.Now()
		done := make(chan error, 1)
		go func() { done <- b.Drain(context.Background(), n*time.Second, moving) }()
		synctest.Wait()
		if status, retry := b.status(); status != 503 || retry == "" {
			t.Errorf("handshake: %d, Retry-After %q", status, retry)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		synctest.Wait()
		b.mu.Lock()
		defer b.mu.Unlock()
		var at []time.Duration
		for i := range n {
			if d := b.closed[i] - b.told[i]; d < 0 || d > 100*time.Millisecond {
				t.Errorf("client %d was told %v, and closed after %v", i, b.told[i], b.closed[i])
			}
			at = append(at, b.told[i])
		}
		slices.Sort(at)
		for i, d := range at { // evenly, and not in step
			if d < time.Duration(i)*time.Second || d > time.Duration(i+1)*time.Second {
				t.Errorf("departure %d of %v", i, at)
			}
		}
		for _, reason := range b.reasons {
			if reason != sio.ServerShuttingDown {
				t.Errorf("reason %q", reason)
			}
		}
		if len(b.reasons) != n || b.Connections() != 0 {
			t.Errorf("%d ended, %d connections", len(b.reasons), b.Connections())
		}
	})
}

// When the context ends, so does everything.
func TestDrainDeadline(t *testing.T) {
	inBubble(t, func(b *bubble) {
		b.join(10)
		b.begun = time.Now()
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		defer cancel()
		if err := b.Drain(ctx, time.Hour, nil); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		b.passed(3 * time.Second)
		if n := b.Connections(); n != 0 {
			t.Errorf("%d connections", n)
		}
	})
}

// Who goes by itself is not waited for.
func TestDrainOfClientsThatGo(t *testing.T) {
	inBubble(t, func(b *bubble) {
		clients := b.join(3)
		b.begun = time.Now()
		time.AfterFunc(5*time.Second, func() {
			for _, w := range clients {
				w.close()
			}
		})
		if err := b.Drain(context.Background(), 24*365*time.Hour, moving); err != nil {
			t.Error(err)
		}
		b.passed(5 * time.Second)
	})
}

func TestDrainOfNobody(t *testing.T) {
	inBubble(t, func(b *bubble) {
		if err := b.Drain(context.Background(), time.Hour, moving); err != nil {
			t.Error(err)
		}
		b.passed(0)
	})
}

// Close in the middle ends it.
func TestCloseDuringDrain(t *testing.T) {
	inBubble(t, func(b *bubble) {
		b.join(3)
		b.begun = time.Now()
		time.AfterFunc(5*time.Second, func() { _ = b.Close() })
		if err := b.Drain(context.Background(), 24*365*time.Hour, nil); err != nil {
			t.Error(err)
		}
		b.passed(5 * time.Second)
	})
}

// A function that panics is reported, and the others are told.
func TestDrainTellsInSpiteOfPanics(t *testing.T) {
	f := serve(t, nil)
	f.Of("/chat")
	p := f.join("websocket")
	p.send("40/chat,")
	p.granted("/chat")
	told := make(chan string, 2)
	if err := f.Drain(t.Context(), 0, func(s *sio.Socket, _ time.Duration) {
		told <- s.Namespace().Name()
		panic("oops")
	}); err != nil {
		t.Error(err)
	}
	if len(told) != 2 {
		t.Errorf("%d sockets were told", len(told))
	}
	for range 2 {
		expectPanic(t, f.reported(), "", "oops")
	}
	p.expectClosed()
}

func ExampleServer_Drain() {
	io := sio.NewServer(nil)
	// …
	ctx, cancel := context.WithTimeout(context.Background(), 70*time.Second)
	defer cancel()
	_ = io.Drain(ctx, time.Minute, func(s *sio.Socket, left time.Duration) {
		_ = s.Emit("moving", left.Milliseconds())
	})
}

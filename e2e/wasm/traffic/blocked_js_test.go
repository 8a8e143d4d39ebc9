package traffic_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gosio/sio/engine/dialer"
)

// A receiver that blocks: the server of /quick/, which waits 300 ms for an answer to a ping,
// does not give up, and nothing is lost.
func TestBlockedReceiver(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode string) {
		resume := make(chan struct{})
		s := dial(t, mode, "/quick/", func(message) <-chan struct{} { return resume })
		s.say(t, "!send 100 10")
		get(t, "first message", s.messages)
		time.Sleep(2 * time.Second) // some heartbeats
		if n := len(s.messages); n != 0 {
			t.Errorf("%d more messages were delivered to a receiver that blocks", n)
		}
		close(resume)
		for i := 1; i < 100; i++ {
			if got := get(t, "message", s.messages); strings.TrimSpace(got.data) != strconv.Itoa(i) {
				t.Fatalf("in place of message %d comes %q", i, got.data)
			}
		}
		time.Sleep(time.Second) // the heartbeat goes on
		s.say(t, "still there")
		get(t, "echo", s.messages)
	})
}

// A browser reads by itself, so what waits for a receiver that blocks is bounded by the
// end of the connection.
func TestUnreadIsBounded(t *testing.T) {
	resume := make(chan struct{})
	s := dial(t, "websocket", "/engine.io/", func(message) <-chan struct{} { return resume })
	const count = 100
	s.say(t, fmt.Sprint("!send ", count, " ", 1_000_000))
	socket := webSockets.Index(webSockets.Length() - 1)
	until(t, "the connection was closed", func() bool { return socket.Get("readyState").Int() >= 2 })
	close(resume)
	end := get(t, "end", s.ended)
	if end.reason != dialer.TransportFailed || end.err == nil || !strings.Contains(end.err.Error(), "receiver is too slow") {
		t.Errorf("the end is %q, %v", end.reason, end.err)
	}
	n := len(s.messages)
	if n != 67 { // MB, of 64 MiB
		t.Errorf("%d of %d messages were delivered", n, count)
	}
	for i := range n {
		if got := <-s.messages; strings.TrimSpace(got.data) != strconv.Itoa(i) {
			t.Fatalf("in place of message %d comes %.20q", i, got.data)
		}
	}
}

package traffic_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gosio/sio/e2e/wasm/traffic"
	"github.com/gosio/sio/engine/dialer"
)

var sizes = []int{0, 1, 125, 126, 16<<10 - 1, 16 << 10, 1<<16 - 1, 1 << 16, 1 << 20}

// letters returns a text of so many bytes, with characters of one to four.
func letters(size int) string {
	const all = "aé漢😀"
	text := strings.Repeat(all, size/len(all))
	return text + strings.Repeat("x", size-len(text))
}

func TestEcho(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode string) {
		s := dial(t, mode, "/engine.io/", nil)
		for _, size := range sizes {
			for _, m := range []message{{letters(size), false}, {string(traffic.Pattern(size)), true}} {
				if err := s.Send([]byte(m.data), m.binary); err != nil {
					t.Fatal(err)
				}
				if got := get(t, "echo", s.messages); got != m {
					t.Fatalf("%d bytes (binary: %v) come back as %d (binary: %v)", size, m.binary, len(got.data), got.binary)
				}
			}
		}
	})
}

func TestBinaryFromServer(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode string) {
		s := dial(t, mode, "/engine.io/", nil)
		for _, size := range sizes {
			s.say(t, fmt.Sprint("!binary ", size))
			if got := get(t, "message", s.messages); !got.binary || got.data != string(traffic.Pattern(size)) {
				t.Fatalf("%d bytes come as %d (binary: %v)", size, len(got.data), got.binary)
			}
		}
	})
}

// Messages that are under way, both ways, while the session moves to a WebSocket.
func TestOrderThroughUpgrade(t *testing.T) {
	s := open(t, config(t, "upgrade", "/engine.io/"), nil)
	sent, after := 0, 0
	for upgraded := false; after < 300; sent++ { // as many as the upgrade takes, and then some
		s.say(t, strconv.Itoa(sent))
		select {
		case err := <-s.upgraded:
			if upgraded = true; err != nil {
				t.Fatal(err)
			}
		default:
		}
		if upgraded {
			after++
		}
		if sent > 700 && !upgraded || sent%10 == 0 {
			time.Sleep(time.Millisecond)
		}
	}
	for ; sent < 1000; sent++ {
		s.say(t, strconv.Itoa(sent))
	}
	for i := range sent {
		if got := get(t, "echo", s.messages); got.data != strconv.Itoa(i) {
			t.Fatalf("in place of message %d of %d comes %q", i, sent, got.data)
		}
	}
	if s.Transport() != dialer.WebSocket {
		t.Errorf("the session is on %s", s.Transport())
	}
}

func TestStorm(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode string) {
		s := dial(t, mode, "/engine.io/", nil)
		const count = 10_000
		s.say(t, fmt.Sprint("!send ", count, " 200"))
		for i := range count {
			if got := get(t, "message", s.messages); len(got.data) != 200 || strings.TrimSpace(got.data) != strconv.Itoa(i) {
				t.Fatalf("in place of message %d comes %q", i, got.data)
			}
		}
	})
}

func TestMaxMessage(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode string) {
		cfg := config(t, mode, "/engine.io/")
		cfg.MaxMessage = 1000
		s := open(t, cfg, nil)
		if mode == "upgrade" {
			if err := get(t, "upgrade", s.upgraded); err != nil {
				t.Fatal(err)
			}
		}
		for _, command := range []string{"!send 1 900", "!binary 700"} { // by polling a third more, and the type
			s.say(t, command)
			get(t, "message that is small enough", s.messages)
		}
		s.say(t, "!binary 1001")
		end := get(t, "end", s.ended)
		if _, ok := errors.AsType[*dialer.TransportError](end.err); !ok || end.reason != dialer.TransportFailed || !strings.Contains(end.err.Error(), "larger than Config.MaxMessage") {
			t.Errorf("the end is %q, %v", end.reason, end.err)
		}
		if len(s.messages) != 0 {
			t.Error("the message was delivered")
		}
	})
}

// A server that reads nothing for a while: what waits is counted, bounded, and not lost.
func TestLargeSend(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode string) {
		cfg := config(t, mode, "/engine.io/")
		cfg.MaxQueue = 8 << 20
		s := open(t, cfg, nil)
		if mode == "upgrade" {
			if err := get(t, "upgrade", s.upgraded); err != nil {
				t.Fatal(err)
			}
		}
		until(t, "nothing waits", func() bool { return s.Queued() == 0 }) // of the upgrade
		get(t, "sign that nothing waits", s.More())
		s.say(t, "!hold")
		sent, data := 0, traffic.Pattern(256<<10)
		for ; ; sent++ {
			err := s.Send(data, true)
			if errors.Is(err, dialer.ErrQueueFull) {
				break
			}
			if err != nil || sent > 400 {
				t.Fatalf("after %d messages: %v", sent, err)
			}
			time.Sleep(time.Millisecond) // or the browser could write nothing
		}
		if n := s.Queued(); n < cfg.MaxQueue/2 || n > cfg.MaxQueue || s.Writable() {
			t.Errorf("%d bytes wait of a full queue of %d; writable: %v", n, cfg.MaxQueue, s.Writable())
		}
		more := s.More()
		select {
		case <-more:
			t.Error("there is more room while the server reads nothing")
		default:
		}
		post(t, origin+"/release")
		get(t, "room", more)
		for i := range sent {
			if got := get(t, "echo", s.messages); got.data != string(data) {
				t.Fatalf("echo %d of %d is another", i, sent)
			}
		}
		until(t, "nothing waits", func() bool { return s.Queued() == 0 && s.Writable() })
	})
}

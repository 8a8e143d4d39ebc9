package traffic_test

import (
	"context"
	"errors"
	"strings"
	"syscall/js"
	"testing"
	"time"

	"github.com/gosio/sio/engine/dialer"
)

func noReceiver(*dialer.Conn) dialer.Receiver { panic("the session is open") }

func TestRefused(t *testing.T) {
	leavesNothing(t)
	_, err := dialer.Dial(t.Context(), config(t, "polling", "/engine.io/?refuse=1"), noReceiver)
	if e, ok := errors.AsType[*dialer.TransportError](err); !ok || e.Text != "xhr poll error" || e.Status != 403 || e.Code != 4 || e.Message != "not today" {
		t.Errorf("by polling: %v", err)
	}
	_, err = dialer.Dial(t.Context(), config(t, "websocket", "/engine.io/?refuse=1"), noReceiver)
	if e, ok := errors.AsType[*dialer.TransportError](err); !ok || e.Text != "websocket error" || e.Transport != dialer.WebSocket {
		t.Errorf("by WebSocket, of which browsers say nothing: %v", err)
	}
}

func TestServerGone(t *testing.T) {
	leavesNothing(t)
	for _, mode := range []string{"polling", "websocket"} {
		_, err := dialer.Dial(t.Context(), config(t, mode, "http://127.0.0.1:9/engine.io/"), noReceiver)
		if e, ok := errors.AsType[*dialer.TransportError](err); !ok || e.Transport != mode {
			t.Errorf("%s: %v", mode, err)
		}
	}
}

func TestServerCloses(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode string) {
		s := dial(t, mode, "/engine.io/", nil)
		s.say(t, "!close")
		if end := get(t, "end", s.ended); end.reason != dialer.TransportClose {
			t.Errorf("the end is %q, %v", end.reason, end.err)
		}
		get(t, "end of all", s.Done())
		if err := s.Send([]byte("x"), false); !errors.Is(err, dialer.ErrClosed) {
			t.Errorf("sending then: %v", err)
		}
	})
}

func TestServerCuts(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode string) {
		s := dial(t, mode, "/engine.io/", nil)
		s.say(t, "!cut")
		end := get(t, "end", s.ended)
		if mode == "polling" && end.reason == dialer.TransportFailed { // the next poll is refused
			end.reason = dialer.TransportClose
		}
		if end.reason != dialer.TransportClose {
			t.Errorf("the end is %q, %v", end.reason, end.err)
		}
	})
}

// Close sends what waits; the WebSocket is closed in order.
func TestClose(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode string) {
		s := dial(t, mode, "/engine.io/", nil)
		s.say(t, "hello")
		get(t, "echo", s.messages)
		s.Close()
		if end := get(t, "end", s.ended); end.reason != dialer.ForcedClose {
			t.Errorf("the end is %q, %v", end.reason, end.err)
		}
		get(t, "end of all", s.Done())
	})
}

func TestAbort(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode string) {
		s := dial(t, mode, "/engine.io/", nil)
		s.Abort()
		if end := get(t, "end", s.ended); end.reason != dialer.ForcedClose {
			t.Errorf("the end is %q, %v", end.reason, end.err)
		}
		get(t, "end of all", s.Done())
	})
}

// A handshake that is never answered is given up, by polling and by WebSocket.
func TestNeverAnswered(t *testing.T) {
	for _, mode := range []string{"polling", "websocket"} {
		t.Run(mode, func(t *testing.T) {
			leavesNothing(t)
			enough := errors.New("enough")
			ctx, cancel := context.WithTimeoutCause(t.Context(), 200*time.Millisecond, enough)
			defer cancel()
			if _, err := dialer.Dial(ctx, config(t, mode, "/never/"), noReceiver); !errors.Is(err, enough) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

// An answer to a poll that has begun, and never ends, does not hold up the end.
func TestAnswerThatStalls(t *testing.T) {
	for name, end := range map[string]func(*dialer.Conn){"Close": (*dialer.Conn).Close, "Abort": (*dialer.Conn).Abort} {
		t.Run(name, func(t *testing.T) {
			s := dial(t, "polling", "/stalls/", nil)
			time.Sleep(100 * time.Millisecond) // the answer to the poll begins
			end(s.Conn)
			get(t, "end of all", s.Done())
			if len(s.messages) != 0 {
				t.Errorf("half a message was delivered: %q", (<-s.messages).data)
			}
		})
	}
}

// An answer to a poll that breaks off is an error of the session, and of nobody else: an
// exception in the page fails the test that runs this.
func TestAnswerThatBreaksOff(t *testing.T) {
	s := dial(t, "polling", "/breaks/", nil)
	if end := get(t, "end", s.ended); end.reason != dialer.TransportFailed || !strings.HasPrefix(end.err.Error(), "xhr poll error") {
		t.Errorf("the end is %q, %v", end.reason, end.err)
	}
	if len(s.messages) != 0 {
		t.Errorf("half a message was delivered: %q", (<-s.messages).data)
	}
}

func TestProtocols(t *testing.T) {
	leavesNothing(t)
	cfg := config(t, "websocket", "/engine.io/")
	cfg.Protocols = []string{"not a token"}
	if _, err := dialer.Dial(t.Context(), cfg, noReceiver); err == nil || !strings.Contains(err.Error(), "not a token") {
		t.Errorf("a protocol that cannot be: %v", err)
	}
	cfg.Protocols = []string{"first", "second"}
	s := open(t, cfg, nil)
	s.say(t, "!header Sec-WebSocket-Protocol")
	if got := get(t, "header", s.messages); got.data != "first, second" {
		t.Errorf("the server is offered %q", got.data)
	}
}

// Whatever stands in for the browser's WebSocket, the program goes on.
func TestStrangeWebSocket(t *testing.T) {
	its := js.Global().Get("WebSocket")
	t.Cleanup(func() { js.Global().Set("WebSocket", its) })
	for name, class := range map[string]string{
		"none":             `undefined`,
		"one that throws":  `class { constructor() { throw new Error("strange") } }`,
		"throws no error":  `class { constructor() { throw "strange" } }`,
		"tells nothing":    `class { constructor() { setTimeout(() => this.onclose()) } close() {} }`,
		"knows no code":    `class { constructor() { setTimeout(() => this.onclose({})) } close() {} }`,
		"gets no data":     `class { constructor() { setTimeout(() => { this.onopen({}); this.onmessage({}) }) } close() {} }`,
		"cannot be closed": `class { constructor() { setTimeout(() => this.onclose({ code: 1000, reason: "" })) } close() { throw new Error("strange") } }`,
		"throws sending":   opened(`send() { throw new Error("strange") } close() {}`),
		"does not count":   opened(`send() {} close() {}`),
	} {
		t.Run(name, func(t *testing.T) {
			leavesNothing(t)
			js.Global().Set("WebSocket", js.Global().Call("eval", "("+class+")"))
			ended := make(chan error, 1)
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			c, err := dialer.Dial(ctx, config(t, "websocket", "/engine.io/"), func(*dialer.Conn) dialer.Receiver { return strange(ended) })
			if err == nil {
				for range 3 {
					_ = c.Send([]byte("something"), false)
					_ = c.Send([]byte("something"), true)
				}
				c.Queued()
				c.More()
				err = get(t, "end", ended)
				get(t, "end of all", c.Done())
			}
			if err == nil {
				t.Error("the end has no error")
			}
		})
	}
}

// opened is a WebSocket that opens a session, with these methods.
func opened(methods string) string {
	return `class {
		constructor() {
			setTimeout(() => {
				this.onopen({})
				this.onmessage({ data: '0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000}' })
			})
		}
		` + methods + `
	}`
}

// strange is a receiver that wants nothing but the end.
type strange chan error

func (s strange) Message([]byte, bool) <-chan struct{} { return nil }
func (s strange) CaughtUp() <-chan struct{}            { return nil }
func (s strange) Closed(_ dialer.Reason, err error)    { s <- err }

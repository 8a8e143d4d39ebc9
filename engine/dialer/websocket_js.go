package dialer

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"syscall/js"
	"time"

	"github.com/gosio/sio/internal/buf"
	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/internal/ws"
)

// jsSocket is a WebSocket of the browser. That takes all that it is given, reads
// without being asked, and tells of no write: what is read waits here while the handler does, and
// what is left of what was sent is looked up.
type jsSocket struct {
	value      js.Value
	funcs      []js.Func
	limit      frame.Limit
	maxMessage int
	opened     chan struct{} // closed when it is open, or will never be
	arrived    chan struct{} // gets a value, if it has none, when there is something for the handler

	mu       sync.Mutex
	events   []jsMessage // that the handler has not got yet
	queue    []*frame.Frame
	sent     []int // lengths of frames that the browser has taken, and may not have sent yet
	bytes    int   // of the queue, and of those
	room     chan struct{}
	state    jsState
	err      error // of an end that the handler is not told of yet, or has been
	ended    bool  // there is nothing behind events
	deadline *time.Timer
}

type jsState uint8

const (
	jsOpen jsState = iota
	jsClosing
	jsClosed
)

type jsMessage struct {
	payload []byte
	binary  bool
}

const (
	jsBacklog = 16 << 10              // from which on it is congested
	jsLook    = 20 * time.Millisecond // between looks at what is left, while somebody waits for that
	jsClose   = 10 * time.Second      // for an orderly Close
)

// dialSocket makes a WebSocket connection. Headers and the HTTP client are not
// used. Errors are *TransportErrors.
func (s *settings) dialSocket(ctx context.Context, url string) (_ socket, err error) {
	c := &jsSocket{limit: s.limit, maxMessage: s.MaxMessage, opened: make(chan struct{}), arrived: make(chan struct{}, 1)}
	if err := c.open("ws"+strings.TrimPrefix(url, "http"), s.Protocols); err != nil {
		return nil, failed(WebSocket, webSocketError, err)
	}
	select {
	case <-c.opened:
	case <-ctx.Done():
		c.CloseNow()
		return nil, failed(WebSocket, webSocketError, context.Cause(ctx))
	}
	c.mu.Lock()
	ended, err := c.ended && len(c.events) == 0, c.err
	c.mu.Unlock()
	if ended {
		return nil, failed(WebSocket, webSocketError, err)
	}
	return c, nil
}

// open has the browser connect.
func (c *jsSocket) open(url string, protocols []string) (err error) {
	defer func() {
		switch thrown := recover().(type) {
		case nil:
		case js.Error: // for what is no URL, or may not be used
			err = thrown
		default:
			panic(thrown)
		}
	}()
	list := make([]any, len(protocols))
	for i, p := range protocols {
		list[i] = p
	}
	constructor := js.Global().Get("WebSocket")
	if constructor.IsUndefined() {
		return errors.ErrUnsupported
	}
	c.value = constructor.New(url, list)
	c.value.Set("binaryType", "arraybuffer")
	c.on("open", func(js.Value) { c.isOpen() })
	c.on("message", func(event js.Value) { c.message(event.Get("data")) })
	c.on("close", func(event js.Value) { c.closed(event.Get("code").Int(), event.Get("reason").String()) })
	return nil
}

func (c *jsSocket) on(event string, do func(event js.Value)) {
	f := js.FuncOf(func(_ js.Value, args []js.Value) any {
		do(args[0])
		return nil
	})
	c.funcs = append(c.funcs, f)
	c.value.Set("on"+event, f)
}

// isOpen says that opening is over. c.mu is not held.
func (c *jsSocket) isOpen() {
	select {
	case <-c.opened:
	default:
		close(c.opened)
	}
}

// message takes a message from the browser.
func (c *jsSocket) message(data js.Value) {
	var m jsMessage
	if data.Type() == js.TypeString {
		m.payload = own([]byte(data.String()))
	} else {
		bytes := js.Global().Get("Uint8Array").New(data)
		m.binary = true
		m.payload = memory(bytes.Length())
		js.CopyBytesToGo(m.payload, bytes)
	}
	c.mu.Lock()
	if c.ended {
		c.mu.Unlock()
		return
	}
	if c.maxMessage > 0 && len(m.payload) > c.maxMessage {
		c.mu.Unlock()
		c.end(ws.ErrMessageTooBig)
		return
	}
	c.events = append(c.events, m)
	c.mu.Unlock()
	c.wake()
}

// memory returns memory for a message, which is the handler's if it is large.
func memory(size int) []byte {
	if size >= ws.Large {
		return buf.Take(size)
	}
	return make([]byte, size)
}

func own(text []byte) []byte {
	if len(text) < ws.Large {
		return text
	}
	m := memory(len(text))
	copy(m, text)
	return m
}

// closed is called by the browser, last.
func (c *jsSocket) closed(code int, reason string) {
	if code == 1006 { // it was lost
		c.end(io.EOF)
	} else {
		c.end(&ws.CloseError{Code: code, Reason: reason})
	}
}

// end ends the connection, of which nothing more is heard. What was read before is
// still handed over.
func (c *jsSocket) end(err error) {
	c.mu.Lock()
	if c.ended {
		c.mu.Unlock()
		return
	}
	c.ended, c.state, c.err = true, jsClosed, err
	if c.deadline != nil {
		c.deadline.Stop()
	}
	c.drop()
	c.freed()
	for _, event := range []string{"onopen", "onmessage", "onclose"} {
		c.value.Set(event, js.Null())
	}
	for _, f := range c.funcs {
		f.Release()
	}
	c.value.Call("close") // which does nothing if it is closed
	c.mu.Unlock()
	c.isOpen()
	c.wake()
}

func (c *jsSocket) wake() {
	select {
	case c.arrived <- struct{}{}:
	default:
	}
}

// Start hands over what is read, on a goroutine.
func (c *jsSocket) Start(h ws.Handler) {
	c.Flush()
	go c.run(h)
}

func (c *jsSocket) run(h ws.Handler) {
	for {
		c.mu.Lock()
		events, ended, err := c.events, c.ended, c.err
		c.events = nil
		c.mu.Unlock()
		for _, m := range events {
			hold(h, h.Message(m.payload, m.binary))
		}
		if len(events) > 0 {
			hold(h, h.CaughtUp())
		} else if ended {
			h.Closed(err)
			h.Gone()
			return
		}
		if !ended {
			<-c.arrived
		}
	}
}

// hold waits as long as the handler wants to.
func hold(h ws.Handler, wait <-chan struct{}) {
	if wait != nil {
		<-wait
		h.Resumed()
	}
}

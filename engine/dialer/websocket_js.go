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
// without being asked, and tells of no write: what is read waits here while the handler does, up
// to jsUnread, and what is left of what was sent is looked up.
type jsSocket struct {
	value      js.Value
	funcs      []js.Func
	limit      frame.Limit
	maxMessage int
	opened     chan struct{} // closed when it is open, or will never be
	arrived    chan struct{} // gets a value, if it has none, when there is something for the handler

	mu       sync.Mutex
	events   []jsMessage // that the handler has not got yet
	unread   int         // bytes of those, and of the one that it holds
	queue    []*frame.Frame
	sent     []int // lengths of frames that the browser has taken, and may not have sent yet
	bytes    int   // of the queue, and of those
	room     chan struct{}
	looking  bool // a timer of lookLater runs
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

func (m jsMessage) cost() int { return len(m.payload) + jsMessageCost }

const (
	jsBacklog = 16 << 10              // from which on it is congested
	jsLook    = 20 * time.Millisecond // between looks at what is left, while somebody waits for that
	jsClose   = 10 * time.Second      // for an orderly Close

	// jsUnread is how many bytes may wait for the handler. The browser cannot be told to
	// read no more, so the connection is closed for what is beyond.
	jsUnread      = 64 << 20
	jsMessageCost = 64 // of a message, beyond its bytes
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

// open has the browser connect. It throws for what is no URL, or may not be used.
func (c *jsSocket) open(url string, protocols []string) error {
	list := make([]any, len(protocols))
	for i, p := range protocols {
		list[i] = p
	}
	constructor := js.Global().Get("WebSocket")
	if constructor.IsUndefined() {
		return errors.ErrUnsupported
	}
	return attempt(func() {
		c.value = constructor.New(url, list)
		c.value.Set("binaryType", "arraybuffer")
		c.on("open", func(js.Value) { c.isOpen() })
		c.on("message", func(event js.Value) { c.message(event.Get("data")) })
		c.on("close", func(event js.Value) { c.closed(event.Get("code").Int(), event.Get("reason").String()) })
	})
}

// on has a function called for an event. There a panic would end the program, so what is
// wrong with the event ends the connection.
func (c *jsSocket) on(event string, do func(event js.Value)) {
	f := js.FuncOf(func(_ js.Value, args []js.Value) any {
		if err := attempt(func() { do(append(args, js.Undefined())[0]) }); err != nil {
			c.end(err)
		}
		return nil
	})
	c.funcs = append(c.funcs, f)
	c.value.Set("on"+event, f)
}

// attempt calls what may throw, or may not be what it should: pages can put anything in
// the place of the browser's WebSocket.
func attempt(fn func()) (err error) {
	defer func() {
		switch thrown := recover().(type) {
		case nil:
		case js.Error:
			err = thrown
			if thrown.Type() != js.TypeObject { // whose text Error would not find
				err = errors.New("JavaScript error: " + thrown.String())
			}
		case *js.ValueError:
			err = thrown
		default:
			panic(thrown)
		}
	}()
	fn()
	return nil
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
	defer c.mu.Unlock()
	switch {
	case c.ended:
		return
	case c.maxMessage > 0 && len(m.payload) > c.maxMessage:
		c.finish(ws.ErrMessageTooBig)
		return
	case c.unread > 0 && c.unread+m.cost() > jsUnread:
		c.finish(errUnread)
		return
	}
	c.events = append(c.events, m)
	c.unread += m.cost()
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
	defer c.mu.Unlock()
	c.finish(err)
}

// finish is end. c.mu is held.
func (c *jsSocket) finish(err error) {
	if c.ended {
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
	_ = attempt(func() { c.value.Call("close") }) // which does nothing if it is closed
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
	handed := false // and the handler was not told yet that it has caught up
	for {
		m, some, ended := c.next()
		switch {
		case some:
			hold(h, h.Message(m.payload, m.binary))
			c.read(m)
			handed = true
		case handed:
			hold(h, h.CaughtUp())
			handed = false
		case ended:
			h.Closed(c.err)
			h.Gone()
			return
		default:
			<-c.arrived
		}
	}
}

// next returns what is to be handed over, if there is some, or that nothing comes any more.
func (c *jsSocket) next() (m jsMessage, some, ended bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.events) == 0 {
		return m, false, c.ended
	}
	m, c.events[0] = c.events[0], m
	if c.events = c.events[1:]; len(c.events) == 0 {
		c.events = nil
	}
	return m, true, false
}

// read notes that the handler has let go of a message.
func (c *jsSocket) read(m jsMessage) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.unread -= m.cost()
}

// hold waits as long as the handler wants to.
func hold(h ws.Handler, wait <-chan struct{}) {
	if wait != nil {
		<-wait
		h.Resumed()
	}
}

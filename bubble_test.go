package sio_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobwas/ws"

	"github.com/gosio/sio"
)

// pipes is a listener whose connections are within a bubble of testing/synctest.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipes) dial() net.Conn {
	client, server := net.Pipe()
	l.conns <- server
	return client
}

func (l *pipes) Close() error   { return nil }
func (l *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

// bubble is a server in fake time, and its clients.
type bubble struct {
	*sio.Server
	t     *testing.T
	net   *pipes
	begun time.Time

	mu      sync.Mutex
	told    map[int]time.Duration // by client: until when it may stay
	closed  map[int]time.Duration // and when it was closed
	reasons []sio.Reason
}

func inBubble(t *testing.T, test func(*bubble)) { inBubbleWith(t, nil, test) }

func inBubbleWith(t *testing.T, cfg *sio.Config, test func(*bubble)) {
	synctest.Test(t, func(t *testing.T) {
		b := &bubble{
			Server: sio.NewServer(cfg), t: t, net: &pipes{make(chan net.Conn), make(chan struct{})}, begun: time.Now(),
			told: make(map[int]time.Duration), closed: make(map[int]time.Duration),
		}
		b.OnDisconnect(func(_ *sio.Socket, reason sio.Reason) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.reasons = append(b.reasons, reason)
		})
		server := &http.Server{Handler: b}
		go func() { _ = server.Serve(b.net) }()
		test(b)
		_ = b.Close()
		close(b.net.done)
		_ = server.Close()
	})
}

// join lets so many clients come, which note what they hear.
func (b *bubble) join(n int) (clients []*webSocket) {
	b.t.Helper()
	for i := range n {
		w := b.dial()
		_ = w.write([]string{"40"})
		if grant, err := w.read(); err != nil || !strings.HasPrefix(grant, "40{") {
			b.t.Fatalf("joining: %q, %v", grant, err)
		}
		clients = append(clients, w)
		go b.listen(i, w)
	}
	return clients
}

// dial lets a client come, which joins nothing.
func (b *bubble) dial() *webSocket {
	b.t.Helper()
	conn := b.net.dial()
	br, _, err := ws.Dialer{}.Upgrade(conn, &url.URL{Scheme: "ws", Host: "host", Path: "/socket.io/", RawQuery: "EIO=4&transport=websocket"})
	if err != nil {
		b.t.Fatal(err)
	}
	if br == nil {
		br = bufio.NewReader(conn)
	}
	w := &webSocket{conn: conn, r: br, gate: new(gate)}
	if open, err := w.read(); err != nil || !strings.HasPrefix(open, "0{") {
		b.t.Fatalf("opening: %q, %v", open, err)
	}
	return w
}

func (b *bubble) listen(i int, w *webSocket) {
	defer w.close()
	for {
		packet, err := w.read()
		b.mu.Lock()
		var ms int64
		if _, scanErr := fmt.Sscanf(packet, `42["moving",%d]`, &ms); scanErr == nil {
			b.told[i] = time.Duration(ms) * time.Millisecond
		}
		if err != nil {
			b.closed[i] = time.Since(b.begun)
		}
		b.mu.Unlock()
		if err != nil {
			return
		}
		if packet == "2" {
			_ = w.write([]string{"3"})
		}
	}
}

package e2e_test

import (
	"io"
	"net"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/gosio/sio"
	"github.com/gosio/sio/e2e/peer"
)

// cable is a way to a server that can be cut.
type cable struct {
	net.Listener
	mu    sync.Mutex
	conns []net.Conn
}

// plug returns a cable to the server at addr.
func plug(t *testing.T, addr net.Addr) *cable {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cable{Listener: l}
	t.Cleanup(c.cut)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", addr.String())
			if err != nil {
				_ = near.Close()
				continue
			}
			c.mu.Lock()
			c.conns = append(c.conns, near, far)
			c.mu.Unlock()
			go func() { _, _ = io.Copy(near, far) }()
			go func() { _, _ = io.Copy(far, near) }()
		}
	}()
	return c
}

func (c *cable) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.conns {
		_ = conn.Close()
	}
	c.conns = nil
}

func TestTabsRecover(t *testing.T) {
	t.Parallel()
	server := peer.New(&sio.Config{Recovery: &sio.Recovery{}})
	web := httptest.NewServer(tabsHandler(server))
	defer web.Close()
	defer server.Close()
	line := plug(t, web.Listener.Addr())
	b := tabs{startChromium(t).page(t, desktop), "http://" + line.Addr().String(), func() *peer.Server { return server }}

	one, two := b.joined(), b.joined()
	away := b.joined()
	if err := server.Emit("news", 0); err != nil {
		t.Fatal(err)
	}
	for _, p := range []*page{one, two} {
		p.until(`log.at(-1)?.startsWith("news,0")`)
		p.run("window.id = socket.id; log.length = 0")
	}
	away.run("socket.disconnect(); log.length = 0")
	one.run(`socket.io.once("reconnect_attempt", () => log.push("attempt"))`)
	line.cut()
	if err := server.Emit("news", 1); err != nil {
		t.Fatal(err)
	}
	for _, p := range []*page{one, two} {
		p.until(`log.filter(it => it.startsWith("news,1")).length === 1 && socket.id === id && socket.recovered`)
	}
	one.until(`log.includes("attempt")`)

	t.Log("a tab that was away has missed something")
	away.run("socket.connect()")
	away.until("socket.connected && !socket.recovered && socket.id")

	t.Log("until the next time")
	for _, p := range []*page{one, two, away} {
		p.run(`log.length = 0; socket.on("connect", () => log.push(socket.recovered))`)
	}
	line.cut()
	for _, p := range []*page{one, two, away} {
		p.until(`log.includes(true)`)
	}
}

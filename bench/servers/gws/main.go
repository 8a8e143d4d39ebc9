// Command gws is a WebSocket server with github.com/lxzan/gws, used as its
// documentation says: behind net/http, an event handler, one write for each
// message. It parses no Socket.IO.
package main

import (
	"bytes"
	"log"
	"net/http"
	"sync"

	"github.com/lxzan/gws"

	"github.com/gosio/sio/bench/servers/internal/contract"
)

func main() {
	l, err := contract.Listen()
	if err != nil {
		log.Fatal(err)
	}
	upgrader := gws.NewUpgrader(&handler{all: map[*gws.Conn]bool{}}, nil)
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if c, err := upgrader.Upgrade(w, r); err == nil {
			go c.ReadLoop()
		}
	})
	go func() { log.Fatal(http.Serve(l, nil)) }()
	contract.Ready(l)
	contract.Serve()
}

type handler struct {
	gws.BuiltinEventHandler
	mu  sync.RWMutex
	all map[*gws.Conn]bool
}

func (h *handler) OnOpen(c *gws.Conn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all[c] = true
}

func (h *handler) OnClose(c *gws.Conn, _ error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.all, c)
}

var castPrefix = []byte(`42["cast"`)

func (h *handler) OnMessage(c *gws.Conn, m *gws.Message) {
	defer func() { _ = m.Close() }()
	if m.Opcode == gws.OpcodeText && bytes.HasPrefix(m.Bytes(), castPrefix) {
		h.cast(bytes.Clone(m.Bytes())) // it may be written after the message is closed
		return
	}
	_ = c.WriteMessage(m.Opcode, m.Bytes())
}

func (h *handler) cast(text []byte) {
	b := gws.NewBroadcaster(gws.OpcodeText, text)
	defer func() { _ = b.Close() }()
	h.mu.RLock()
	defer h.mu.RUnlock()
	for c := range h.all {
		_ = b.Broadcast(c)
	}
}

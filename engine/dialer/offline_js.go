package dialer

import (
	"errors"
	"maps"
	"slices"
	"sync"
	"syscall/js"
)

// errOffline explains the end of a session.
var errOffline = errors.New("the browser says that the network is lost")

// online are the sessions that end when the network is lost.
var online struct {
	mu    sync.Mutex
	conns map[*Conn]struct{}
}

// The listener is added when the program begins, as service workers want it.
func init() {
	if listen := js.Global().Get("addEventListener"); listen.Type() == js.TypeFunction {
		js.Global().Call("addEventListener", "offline", js.FuncOf(func(js.Value, []js.Value) any {
			go offline()
			return nil
		}))
	}
}

// offline ends all sessions: their connections are dead, which nothing else tells before
// the heartbeat does.
func offline() {
	online.mu.Lock()
	conns := slices.Collect(maps.Keys(online.conns))
	online.mu.Unlock()
	for _, c := range conns {
		c.finish(TransportClose, errOffline)
	}
}

// watchNetwork has the session end when the network is lost, unless the server is
// "localhost", as the reference implementation does.
func (c *Conn) watchNetwork() {
	if c.cfg.URL.Hostname() == "localhost" {
		return
	}
	online.mu.Lock()
	defer online.mu.Unlock()
	if online.conns == nil {
		online.conns = make(map[*Conn]struct{})
	}
	online.conns[c] = struct{}{}
}

func (c *Conn) unwatchNetwork() {
	online.mu.Lock()
	defer online.mu.Unlock()
	delete(online.conns, c)
}

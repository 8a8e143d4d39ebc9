package ws_test

import (
	"net"
	"runtime"
	"testing"
	"time"

	"github.com/gosio/sio/internal/buf"
	"github.com/gosio/sio/internal/ws"
)

// idler is the least that a Handler can be.
type idler struct{ seen chan struct{} }

func (h *idler) Message([]byte, bool) <-chan struct{} { h.seen <- struct{}{}; return nil }
func (h *idler) Resumed()                             {}
func (h *idler) CaughtUp() <-chan struct{}            { return nil }
func (h *idler) Closed(error)                         {}
func (h *idler) Gone()                                { h.seen <- struct{}{} }

// What a connection costs that has been used and now idles: neither a goroutine
// nor a buffer nor a queue. The figure holds the ends of the clients, too.
func TestIdleBudget(t *testing.T) {
	const n = 500
	before, goroutines := memory(), runtime.NumGoroutine()
	seen := make(chan struct{})
	conns, clients := make([]*ws.Conn, n), make([]net.Conn, n)
	hello := masked(0x81, []byte("hello"))
	answer := make([]byte, 7)
	for i := range conns {
		server, client := tcpPair(t)
		conns[i], clients[i] = ws.NewConn(server, nil, &ws.Options{MaxMessage: 1e6, MaxQueue: 1e6, Poller: poller}, false), client
		conns[i].Start(&idler{seen})
		if _, err := client.Write(hello); err != nil {
			t.Fatal(err)
		}
		receive(t, "message", seen)
		_ = conns[i].Enqueue(textFrame("hello"))
		conns[i].Flush()
		if _, err := client.Read(answer); err != nil {
			t.Fatal(err)
		}
	}
	if runtime.GOOS != "linux" {
		t.Skip("there is no poller on this system")
	}
	settle(t, func() bool { return runtime.NumGoroutine() <= goroutines+runtime.GOMAXPROCS(0) })
	settle(t, func() bool { return buf.Outstanding() == 0 }) // counted with the tag bufdebug
	after := memory()
	heap := int(after.HeapAlloc-before.HeapAlloc) / n
	t.Logf("per connection: %d bytes of heap (both ends)", heap)
	if heap > 2000 && !raceEnabled { // which takes memory of its own
		t.Errorf("%d bytes of heap per connection", heap)
	}
	for i := range conns {
		conns[i].CloseNow()
		receive(t, "end", seen)
		_ = clients[i].Close()
	}
}

// memory reads the statistics after the collector has emptied the pools and
// shrunk the stacks.
func memory() (m runtime.MemStats) {
	for range 3 {
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return m
}

// settle waits for what needs only time.
func settle(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("does not settle")
		}
	}
}

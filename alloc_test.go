package sio_test

import (
	"bytes"
	"context"
	"runtime"
	"testing"

	"github.com/gobwas/ws"
	"github.com/gosio/sio"
)

// packed returns the client's frame of a packet, so that sending it allocates
// nothing.
func packed(packet string) []byte {
	var b bytes.Buffer
	if err := ws.WriteFrame(&b, ws.MaskFrame(ws.NewTextFrame([]byte(packet)))); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// joinRaw joins a client that reads no more by itself, and so allocates nothing.
func (f *fixture) joinRaw() *webSocket {
	f.t.Helper()
	w, err := dialWebSocket(f.url("websocket", ""))
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(w.close)
	open, _ := w.read()
	_ = w.write([]string{"40"})
	if grant, err := w.read(); err != nil {
		f.t.Fatalf("joining: %q, %q, %v", open, grant, err)
	}
	return w
}

// A broadcast allocates the same for ten clients as for a thousand.
func TestBroadcastAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	measure := func(clients int) float64 {
		f := serve(t, nil)
		ready := f.sockets()
		sockets := make([]*sio.Socket, clients)
		for i := range sockets {
			f.joinRaw()
			sockets[i] = get(t, ready)
		}
		return testing.AllocsPerRun(100, func() {
			_ = f.Emit("chat", "hello")
			for _, s := range sockets {
				for s.Queued() > 0 {
					runtime.Gosched()
				}
			}
		})
	}
	few, many := measure(10), measure(1000)
	t.Logf("a broadcast allocates %.0f times for 10 clients, %.0f for 1000", few, many)
	if many > few+4 { // lists that are kept may be let go by the collector
		t.Errorf("%.0f allocations for 1000 clients, %.0f for 10", many, few)
	}
	if few > 10 {
		t.Errorf("%.0f allocations", few)
	}
}

// The way of a text event from the socket to its typed handler allocates at
// most twice beside the value that the handler gets.
func TestEventAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	type point struct{ X, Y int }
	f := serve(t, nil)
	handled := make(chan struct{}, 1)
	sio.On(f, "text", func(context.Context, *sio.Socket, string) error { handled <- struct{}{}; return nil })
	sio.On(f, "point", func(context.Context, *sio.Socket, point) error { handled <- struct{}{}; return nil })
	sio.On(f, "none", func(context.Context, *sio.Socket, none) error { handled <- struct{}{}; return nil })
	w := f.joinRaw()
	for _, test := range []struct {
		packet string
		value  float64 // allocations of the value itself
	}{
		{`42["text","hello, world"]`, 1},
		{`42["point",{"X":1,"Y":2}]`, 1},
		{`42["none"]`, 0},
	} {
		frame := packed(test.packet)
		n := testing.AllocsPerRun(500, func() {
			if _, err := w.conn.Write(frame); err != nil {
				t.Fatal(err)
			}
			<-handled
		})
		t.Logf("%s: %.0f allocations", test.packet, n)
		if n > 2+test.value {
			t.Errorf("%s: %.0f allocations, at most %.0f", test.packet, n, 2+test.value)
		}
	}
}

package ws_test

import (
	"fmt"
	"io"
	"testing"

	"github.com/gosio/sio/internal/buf"
	"github.com/gosio/sio/internal/ws"
)

// Neither does masking allocate, nor reading as a client.
func TestClientAllocations(t *testing.T) {
	if raceEnabled || !polls() {
		t.Skip("not measured with the race detector, or without a poller")
	}
	p := connectClient(t, tcpPair, ws.Options{Poller: poller})
	got := make(chan struct{}, 1)
	p.onText = func([]byte, bool) { got <- struct{}{} }
	for _, n := range []int{9, 2000, 60_000} {
		f, back := packetFrame(random(n, 1), true, false), make([]byte, n+14)
		head := 6
		if n > 125 {
			head = 8
		}
		if a := testing.AllocsPerRun(500, func() {
			f.Retain(1)
			_ = p.conn.Enqueue(f)
			p.conn.Flush()
			_, _ = io.ReadFull(p.client, back[:head+n])
		}); a >= 1 {
			t.Errorf("sending %d bytes: %v allocations", n, a)
		}
		f.Release()
	}
	m := unmasked(0x81, []byte("a message"))
	if a := testing.AllocsPerRun(500, func() { _, _ = p.client.Write(m); <-got }); a >= 1 {
		t.Errorf("receiving: %v allocations", a)
	}
}

// BenchmarkClientEcho has a client under test send messages that come back.
func BenchmarkClientEcho(b *testing.B) {
	for _, n := range []int{64, 64 << 10, 1 << 20} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			client, server := tcpPair(b)
			defer server.Close()
			r, got := newRecorder(), make(chan struct{}, 1)
			r.onText = func(p []byte, _ bool) {
				if len(p) >= ws.Large {
					buf.Give(p)
				}
				got <- struct{}{}
			}
			c := ws.NewClientConn(client, nil, &ws.Options{Poller: poller}, false)
			c.Start(r)
			f, m := packetFrame(make([]byte, n), true, false), unmasked(0x82, make([]byte, n))
			defer f.Release()
			back := make([]byte, len(m)+4)
			b.SetBytes(int64(n))
			b.ReportAllocs()
			for b.Loop() {
				f.Retain(1)
				_ = c.Enqueue(f)
				c.Flush()
				if _, err := io.ReadFull(server, back); err != nil {
					b.Fatal(err)
				}
				_, _ = server.Write(m)
				<-got
			}
			c.CloseNow()
		})
	}
}

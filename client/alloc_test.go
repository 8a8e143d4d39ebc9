package client_test

import (
	"context"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"testing"

	"github.com/gobwas/ws"

	"github.com/gosio/sio"
	"github.com/gosio/sio/client"
)

// sink is a server that allocates nothing: it lets a client in, reads what comes, and
// sends what it is told.
type sink struct {
	*httptest.Server
	conn chan net.Conn
}

func newSink(t testing.TB) *sink {
	s := &sink{conn: make(chan net.Conn, 1)}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, rw, _, err := ws.UpgradeHTTP(r, w)
		if err != nil {
			t.Error(err)
			return
		}
		_ = ws.WriteFrame(conn, ws.NewTextFrame([]byte(`0{"sid":"s","upgrades":[],"pingInterval":25000000,"pingTimeout":2000000,"maxPayload":1000000}`)))
		_, _ = rw.Read(make([]byte, 100)) // the CONNECT
		_ = ws.WriteFrame(conn, ws.NewTextFrame([]byte(`40{"sid":"s"}`)))
		s.conn <- conn
		go func() {
			for b := make([]byte, 64<<10); err == nil; {
				_, err = rw.Read(b)
			}
		}()
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *sink) dial(t testing.TB) (*client.Socket, net.Conn) {
	c, err := client.Dial(t.Context(), s.URL, &client.Config{Transports: []string{client.WebSocket}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	conn := <-s.conn
	t.Cleanup(func() { _ = conn.Close() })
	return c, conn
}

// An event that is sent costs what its caller makes of the arguments, and no more. The best of
// several rounds counts: a kernel that takes no more costs a goroutine, and a collection the pools.
func TestEmitAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	s, _ := newSink(t).dial(t)
	for _, test := range []struct {
		what string
		want float64
		emit func() error
	}{
		{"a text", 1, func() error { return s.Emit("chat", "hello") }},
		{"a text with its type", 1, func() error { return client.Emit(s, "chat", "hello") }},
		{"a volatile text", 1, func() error { return s.Volatile().Emit("chat", "hello") }},
	} {
		least := math.Inf(1)
		for round := 0; round < 20 && least > test.want; round++ {
			least = min(least, testing.AllocsPerRun(300, func() {
				if err := test.emit(); err != nil {
					t.Fatal(err)
				}
			}))
		}
		if least > test.want {
			t.Errorf("%s: %v allocations, at most %v", test.what, least, test.want)
		}
	}
}

// An event that is received costs no more than its argument.
func TestReceiveAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	s, conn := newSink(t).dial(t)
	const n = 10_000
	done, got := make(chan struct{}), 0
	client.On(s, "chat", func(context.Context, string) error {
		if got++; got%n == 0 {
			done <- struct{}{}
		}
		return nil
	})
	var frames []byte
	for range n {
		frames = append(frames, 0x81, 16)
		frames = append(frames, `42["chat","hey"]`...)
	}
	round := func() {
		if _, err := conn.Write(frames); err != nil {
			t.Fatal(err)
		}
		<-done
	}
	least := math.Inf(1)
	for try := 0; try < 20 && least > 1.2; try++ {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		round()
		runtime.ReadMemStats(&after)
		least = min(least, float64(after.Mallocs-before.Mallocs)/n)
	}
	if least > 1.2 {
		t.Errorf("%.2f allocations for each event", least)
	}
}

// BenchmarkEcho is a call over loopback, with both ends in this process.
func BenchmarkEcho(b *testing.B) {
	for _, transport := range []string{client.WebSocket, client.Polling} {
		b.Run(transport, func(b *testing.B) {
			io := sio.NewServer(nil)
			sio.Handle(io, "echo", func(_ context.Context, _ *sio.Socket, text string) (string, error) { return text, nil })
			server := httptest.NewServer(io)
			defer server.Close()
			defer func() { _ = io.Close() }()
			s, err := client.Dial(b.Context(), server.URL, &client.Config{Transports: []string{transport}})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			b.ReportAllocs()
			for b.Loop() {
				if _, err := client.Call[string](b.Context(), s, "echo", "hello"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkEmit is an event to a server that does nothing.
func BenchmarkEmit(b *testing.B) {
	s, _ := newSink(b).dial(b)
	b.ReportAllocs()
	for b.Loop() {
		if err := s.Emit("chat", "hello"); err == client.ErrBufferFull {
			runtime.Gosched()
		} else if err != nil {
			b.Fatal(err)
		}
	}
}

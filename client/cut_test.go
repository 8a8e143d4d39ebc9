package client_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/client"
	"github.com/gosio/sio/event"
	"github.com/gosio/sio/internal/frame"
	"github.com/gosio/sio/siotest"
)

// cutter is a network that ends when so many bytes have passed, in both directions together. After
// that there is another one, which works.
type cutter struct {
	srv    *siotest.Server
	silent bool // nobody is told

	mu   sync.Mutex
	link *siotest.Link
	left int // bytes that pass before the cut; 0 after it
}

func (c *cutter) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	c.mu.Lock()
	link := c.link
	c.mu.Unlock()
	conn, err := link.DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	return &cutConn{conn, c, link}, nil
}

// pass returns how many of n bytes pass, and what cuts the network then, or nil.
func (c *cutter) pass(link *siotest.Link, n int) (passing int, cut func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if link != c.link || c.left == 0 {
		return n, nil
	}
	if n < c.left {
		c.left -= n
		return n, nil
	}
	passing, c.left = c.left, 0
	c.link = c.srv.NewLink()
	if c.silent {
		return passing, link.Cut
	}
	return passing, link.Reset
}

func (c *cutter) happened() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.left == 0
}

type cutConn struct {
	net.Conn
	cutter *cutter
	link   *siotest.Link
}

func (c *cutConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	passing, cut := c.cutter.pass(c.link, n)
	if cut != nil {
		cut()
	}
	return passing, err
}

func (c *cutConn) Write(p []byte) (int, error) {
	passing, cut := c.cutter.pass(c.link, len(p))
	n, err := c.Conn.Write(p[:passing])
	if cut == nil {
		return n, err
	}
	cut()
	if c.cutter.silent {
		return len(p), nil
	}
	return n, syscall.ECONNRESET
}

// Wherever the network is cut, from the first byte on until events have been exchanged, and
// whether anybody is told: the client connects again, what it has emitted is handled once and in
// order, and what the server has emitted to it arrives once and in order.
func TestCutAnywhere(t *testing.T) {
	for _, mode := range []string{"polling", "websocket", "upgrade"} {
		for _, silent := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, silent %v", mode, silent), func(t *testing.T) {
				step := map[string]int{"polling": 11, "websocket": 1, "upgrade": 3}[mode] // HTTP is mostly headers
				for after := 1; ; after += step {
					cut, x, frames := false, &exchange{got: make(map[string][]int)}, frame.Outstanding()
					synctest.Test(t, func(t *testing.T) { cut = cutAfter(t, x, mode, silent, after) })
					keptFrames += x.kept()
					if left := frame.Outstanding() - frames; left != x.kept() && left != 0 { // 0 is what they are without the tag bufdebug
						t.Errorf("%d frames were not released, %d of them for good reason", left, x.kept())
					}
					if t.Failed() {
						t.Fatalf("when it was cut after %d bytes", after)
					}
					if !cut {
						t.Logf("it was cut at %d places", after/step)
						if after < 1000 {
							t.Error("these are too few for what is exchanged")
						}
						return
					}
				}
			})
		}
	}
}

// exchange is what is emitted in both directions.
type exchange struct {
	mu      sync.Mutex
	handled []int            // by the server
	fresh   int              // sessions
	got     map[string][]int // by each session of the client
}

// kept returns how many frames the server keeps for sessions and against duplicates, until it is
// collected.
func (x *exchange) kept() int { return (x.fresh + 1) * exchanged }

// keptFrames are those of all servers.
var keptFrames int

const exchanged = 6 // events each way

func (x *exchange) complete(session string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(x.handled) >= exchanged && len(x.got[session]) >= exchanged
}

func (x *exchange) serve(io *sio.Server) {
	io.On("n", func(_ context.Context, _ *sio.Socket, m *sio.Message) error {
		var n int
		if err := m.Decode(&n); err != nil {
			return err
		}
		x.mu.Lock()
		x.handled = append(x.handled, n)
		x.mu.Unlock()
		return m.Ack()
	})
	io.OnConnect(func(s *sio.Socket) {
		if s.Recovered() {
			return
		}
		x.mu.Lock()
		x.fresh++
		x.mu.Unlock()
		for n := range exchanged {
			_ = s.Emit("to you", s.ID(), n)
		}
	})
}

func (x *exchange) listen(s *client.Socket) {
	client.On(s, "to you", func(_ context.Context, e struct {
		event.Tuple
		Session string
		N       int
	}) error {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.got[e.Session] = append(x.got[e.Session], e.N)
		return nil
	})
}

// cutAfter has it cut after so many bytes, and reports whether there were as many.
func cutAfter(t *testing.T, x *exchange, mode string, silent bool, after int) bool {
	f := newFixture(t, &sio.Config{
		Logger:      slog.New(slog.DiscardHandler),
		Recovery:    &sio.Recovery{},
		Deduplicate: &sio.Deduplication{Session: func(s *sio.Socket) string { return s.Handshake().Query().Get("who") }},
	})
	x.serve(f.io)
	network := &cutter{srv: f.srv, silent: silent, link: f.link, left: after}
	transport := &http.Transport{DialContext: network.dial, DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	f.http = &http.Client{Transport: transport}
	cfg := &client.Config{HTTPClient: f.http, Retries: -1, OnError: func(err error) { t.Error(err) }}
	if mode != "upgrade" {
		cfg.Transports = []string{mode}
	}
	var upgraded atomic.Bool // or the attempt has failed, which is for good
	cfg.Observer.Upgraded = func(string) { upgraded.Store(true) }
	cfg.Observer.UpgradeFailed = func(string, error) { upgraded.Store(true) }
	s := f.newOf("/?who=me", cfg)
	x.listen(s)
	emit := func(n int) {
		if err := s.Emit("n", n, fmt.Sprint(n)); err != nil {
			t.Error(err)
		}
	}
	for n := range exchanged / 2 {
		emit(n)
	}
	f.connect(s)
	for n := exchanged / 2; n < exchanged; n++ {
		emit(n)
	}
	start := time.Now()
	for !x.complete(s.ID()) || mode == "upgrade" && !upgraded.Load() {
		if time.Since(start) > 10*time.Minute {
			t.Fatalf("%v, handled %v, got %v", s.State(), x.handled, x.got)
		}
		time.Sleep(time.Second)
	}
	last, cut := s.ID(), network.happened()
	if err := s.Drain(t.Context()); err != nil {
		t.Error(err)
	}
	synctest.Wait()
	all := []int{0, 1, 2, 3, 4, 5}
	if !slices.Equal(x.handled, all) {
		t.Errorf("%v were handled", x.handled)
	}
	for session, got := range x.got {
		if !slices.Equal(got, all[:min(len(all), len(got))]) || session == last && len(got) < len(all) {
			t.Errorf("%v came", got)
		}
	}
	return cut
}

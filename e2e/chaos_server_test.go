package e2e_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gosio/sio"
)

// chaosServer is a server for a client behind a bad link.
type chaosServer interface {
	addr() string
	have(n int) // tells that the client has got so many events; with none, the server begins to emit them
	report() chaosReport
}

// chaosReport is what a chaosServer has seen.
type chaosReport struct {
	Arrivals                       [][2]int // numbers of a connection, in order of their joining, and of an event
	Fresh                          int      // connections that continue no other
	Orphans                        int      // connections whose session a second one had
	Asked, Answered, Failed, Wrong int
}

// chaosOptions are those of a chaosServer.
type chaosOptions struct {
	down        int // so many events are emitted, a few ahead of what the client has got
	recovery    bool
	deduplicate bool // not for the official one
}

const (
	chaosPingInterval = 150 * time.Millisecond
	chaosPingTimeout  = 150 * time.Millisecond
	chaosAhead        = 50
)

// officialChaos is js/chaos.mjs.
type officialChaos struct {
	t      *testing.T
	script *script
	port   string
}

func startOfficialChaos(t *testing.T, o chaosOptions) chaosServer {
	t.Helper()
	options := map[string]any{"down": o.down, "ahead": chaosAhead, "pingInterval": chaosPingInterval.Milliseconds(), "pingTimeout": chaosPingTimeout.Milliseconds()}
	if o.recovery {
		options["connectionStateRecovery"] = map[string]any{}
	}
	s := &officialChaos{t: t, script: startScript(t, "chaos.mjs", options)}
	s.port = s.line()
	return s
}

func (s *officialChaos) addr() string { return "127.0.0.1:" + s.port }

func (s *officialChaos) have(n int) { _ = s.script.say(fmt.Sprint("have ", n)) }

func (s *officialChaos) report() (r chaosReport) {
	_ = s.script.say("report")
	if err := json.Unmarshal([]byte(s.line()), &r); err != nil {
		s.t.Error(err)
	}
	return r
}

func (s *officialChaos) line() string {
	line, err := s.script.line()
	if err != nil {
		s.t.Errorf("the official server says no more: %v", err)
	}
	return line
}

// ourChaos does the same.
type ourChaos struct {
	io   *sio.Server
	web  *httptest.Server
	down int
	seen chan int // how far the client is, the latest only

	asking context.Context
	stop   context.CancelFunc
	work   sync.WaitGroup
	asked  atomic.Int64

	mu     sync.Mutex
	result chaosReport
}

func startOurChaos(t *testing.T, o chaosOptions) chaosServer {
	cfg := &sio.Config{PingInterval: chaosPingInterval, PingTimeout: chaosPingTimeout, OnError: func(err error) { t.Error(err) }}
	if o.recovery {
		cfg.Recovery = &sio.Recovery{}
	}
	if o.deduplicate {
		cfg.Deduplicate = &sio.Deduplication{Window: 1 << 12, Session: func(s *sio.Socket) string { return s.Handshake().Query().Get("who") }}
	}
	s := &ourChaos{io: sio.NewServer(cfg), down: o.down, seen: make(chan int, 1)}
	s.asking, s.stop = context.WithCancel(context.Background())
	s.handlers()
	s.web = httptest.NewServer(s.io)
	t.Cleanup(func() {
		s.stop()
		_ = s.io.Close()
		s.web.Close()
		s.work.Wait()
	})
	return s
}

func (s *ourChaos) handlers() {
	connections := 0
	var numbers sync.Map // of sockets
	s.io.Use(func(_ context.Context, socket *sio.Socket) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		numbers.Store(socket, connections)
		connections++
		return nil
	})
	s.io.OnConnect(func(socket *sio.Socket) {
		if socket.Recovered() {
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.result.Fresh++
	})
	arrived := func(_ context.Context, socket *sio.Socket, m *sio.Message) error {
		var n int
		if err := m.Decode(&n); err != nil {
			return err
		}
		number, _ := numbers.Load(socket)
		s.mu.Lock()
		s.result.Arrivals = append(s.result.Arrivals, [2]int{number.(int), n})
		s.mu.Unlock()
		return m.Ack(n)
	}
	s.io.On("n", arrived)
	s.io.On("echo", arrived)
	s.io.On("ask me", func(_ context.Context, socket *sio.Socket, _ *sio.Message) error {
		for range 4 {
			s.work.Go(func() { s.ask(socket) })
		}
		return nil
	})
}

// emit emits numbers, a little ahead of the client.
func (s *ourChaos) emit() {
	for n, have := 0, 0; n < s.down; n++ {
		for n >= have+chaosAhead {
			select {
			case have = <-s.seen:
			case <-s.asking.Done():
				return
			}
		}
		_ = s.io.Emit("n", n)
	}
}

// ask asks the client, as long as it is there.
func (s *ourChaos) ask(socket *sio.Socket) {
	for gone := false; !gone && s.asking.Err() == nil; {
		n := int(s.asked.Add(1))
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		answer, err := sio.Call[int](ctx, socket, "ask", n)
		cancel()
		gone = errors.Is(err, sio.ErrDisconnected)
		s.mu.Lock()
		s.result.Asked++
		switch {
		case gone || errors.Is(err, sio.ErrTimeout):
			s.result.Failed++
		case err == nil && answer == n:
			s.result.Answered++
		default:
			s.result.Wrong++
		}
		s.mu.Unlock()
	}
}

func (s *ourChaos) addr() string { return s.web.Listener.Addr().String() }

func (s *ourChaos) have(n int) {
	if n == 0 {
		s.mu.Lock()
		s.result.Fresh = 1
		s.mu.Unlock()
		s.work.Go(s.emit)
		return
	}
	select {
	case <-s.seen:
	default:
	}
	select {
	case s.seen <- n:
	default: // a later one is there
	}
}

func (s *ourChaos) report() chaosReport {
	s.stop()
	s.work.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.result
}

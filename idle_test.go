package sio_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gosio/sio"
)

// Budgets of an idle WebSocket client in the main namespace.
const (
	idleBytes      = 2 << 10
	idleGoroutines = 0.01
)

// idleChildEnv makes the test binary the server of TestIdleBudget.
const idleChildEnv = "SIO_IDLE_CHILD"

// usage is what the child process reports.
type usage struct {
	RSS        int // bytes
	Goroutines int
	Sockets    int
}

// TestIdleBudget measures what idle clients cost a server that has a process
// of its own. SIO_IDLE_CLIENTS sets how many there are (2000). The memory
// budget needs a binary without the race detector.
func TestIdleBudget(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("reads /proc")
	}
	clients := 2000
	if n, err := strconv.Atoi(os.Getenv("SIO_IDLE_CLIENTS")); err == nil {
		clients = n
	}
	child := startIdleChild(t)
	const first = 1000 // they pay for what all share: tables, pools, the collector's room
	child.connect(first)
	before := child.measure(first)
	child.connect(clients)
	after := child.measure(first + clients)
	bytes := float64(after.RSS-before.RSS) / float64(clients)
	goroutines := float64(after.Goroutines-before.Goroutines) / float64(clients)
	t.Logf("%d idle clients: %.0f bytes of RSS and %.3f goroutines each (RSS %d → %d KiB)",
		clients, bytes, goroutines, before.RSS>>10, after.RSS>>10)
	if goroutines > idleGoroutines {
		t.Errorf("%.3f goroutines for each client, at most %.2f", goroutines, idleGoroutines)
	}
	if bytes > idleBytes && !raceEnabled {
		t.Errorf("%.0f bytes of RSS for each client, at most %d", bytes, idleBytes)
	}
}

// idleProcess is the server's process as the test sees it.
type idleProcess struct {
	t   *testing.T
	in  io.WriteCloser
	out *bufio.Reader
	url string
}

func startIdleChild(t *testing.T) *idleProcess {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), idleChildEnv+"=1")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close() // which ends it
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	})
	p := &idleProcess{t: t, in: in, out: bufio.NewReader(out)}
	p.url = strings.TrimSpace(p.line())
	return p
}

func (p *idleProcess) line() string {
	p.t.Helper()
	line, err := p.out.ReadString('\n')
	if err != nil {
		p.t.Fatalf("the server's process: %v", err)
	}
	return line
}

// connect opens WebSocket connections that have joined the main namespace.
func (p *idleProcess) connect(n int) []net.Conn {
	p.t.Helper()
	conns := make([]net.Conn, n)
	var wg sync.WaitGroup
	for part := range 4 {
		wg.Go(func() {
			for i := part; i < n; i += 4 {
				w, err := dialWebSocket(p.url)
				if err != nil {
					p.t.Error(err)
					return
				}
				conns[i] = w.conn
				p.t.Cleanup(func() { _ = w.conn.Close() })
				open, _ := w.read()
				_ = w.write([]string{"40"})
				if grant, err := w.read(); err != nil || !strings.HasPrefix(grant, "40{") {
					p.t.Errorf("joining: %q, %q, %v", open, grant, err)
					return
				}
			}
		})
	}
	wg.Wait()
	if p.t.Failed() {
		p.t.FailNow()
	}
	return conns
}

// measure asks for the figures, once the server has that many sockets.
func (p *idleProcess) measure(sockets int) (u usage) {
	p.t.Helper()
	if _, err := fmt.Fprintln(p.in, sockets); err != nil {
		p.t.Fatal(err)
	}
	line := p.line()
	if err := json.Unmarshal([]byte(line), &u); err != nil || u.Sockets != sockets {
		p.t.Fatalf("the server reports %s", line)
	}
	return u
}

// idleChild is the server's process: it prints its address, and for each line
// with a number of sockets, once it has as many, what it uses.
func idleChild() {
	io := sio.NewServer(&sio.Config{PingInterval: time.Hour})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go func() { panic(http.Serve(l, io)) }()
	fmt.Printf("ws://%s/socket.io/?EIO=4&transport=websocket\n", l.Addr())
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		want, _ := strconv.Atoi(in.Text())
		n := io.Of("/").Len()
		for deadline := time.Now().Add(patience); n != want && time.Now().Before(deadline); n = io.Of("/").Len() {
			time.Sleep(time.Millisecond)
		}
		u := usage{Sockets: n}
		u.Goroutines, u.RSS = settledUsage()
		line, _ := json.Marshal(u)
		fmt.Printf("%s\n", line)
	}
}

// settledUsage waits until the number of goroutines has not fallen for a while.
func settledUsage() (goroutines, rss int) {
	goroutines = runtime.NumGoroutine()
	for calm := 0; calm < 20; calm++ {
		time.Sleep(10 * time.Millisecond)
		if n := runtime.NumGoroutine(); n != goroutines {
			goroutines, calm = n, 0
		}
	}
	for range 4 { // pools and finalizers need more than one cycle
		debug.FreeOSMemory()
		time.Sleep(10 * time.Millisecond)
	}
	return goroutines, residentBytes()
}

func residentBytes() int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if kb, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, _ := strconv.Atoi(strings.Fields(kb)[0])
			return n << 10
		}
	}
	return 0
}

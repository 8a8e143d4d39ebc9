package client_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http/httptest"
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
	"github.com/gosio/sio/client"
	"github.com/gosio/sio/internal/frame"
)

// Budgets of an idle client that is connected over a WebSocket.
const (
	idleBytes      = 8 << 10
	idleGoroutines = 0.01
)

// idleChildEnv has the test binary be the process of idle clients, of the server that it
// names.
const idleChildEnv = "SIO_IDLE_SERVER"

func TestMain(m *testing.M) {
	if server := os.Getenv(idleChildEnv); server != "" {
		idleChild(server)
		return
	}
	frames := frame.Outstanding() // those that are kept for ever
	code := m.Run()
	for deadline := time.Now().Add(10 * time.Second); code == 0; time.Sleep(10 * time.Millisecond) {
		f := frame.Outstanding() - frames // counted with the tag bufdebug
		if f == 0 || f == keptFrames {
			break
		}
		if time.Now().After(deadline) {
			fmt.Printf("%d frames were not released\n", f)
			code = 1
		}
	}
	os.Exit(code)
}

// TestIdleBudget measures what idle clients cost a program that has many, such as a gateway
// or a load generator. SIO_IDLE_CLIENTS sets how many there are (2000). The memory budget needs
// a binary without the race detector.
func TestIdleBudget(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("reads /proc")
	}
	clients := 2000
	if n, err := strconv.Atoi(os.Getenv("SIO_IDLE_CLIENTS")); err == nil {
		clients = n
	}
	io := sio.NewServer(&sio.Config{PingInterval: time.Hour})
	server := httptest.NewServer(io)
	defer server.Close()
	defer func() { _ = io.Close() }()

	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), idleChildEnv+"="+server.URL)
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
	lines := bufio.NewReader(out)
	connect := func(n int) (goroutines, rss int) {
		t.Helper()
		if _, err := fmt.Fprintln(in, n); err != nil {
			t.Fatal(err)
		}
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Sscan(line, &goroutines, &rss); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		return goroutines, rss
	}
	const first = 1000 // they pay for what all share: tables, pools, the collector's room
	goroutinesBefore, before := connect(first)
	goroutinesAfter, after := connect(clients)
	if n := io.Of("/").Len(); n != first+clients {
		t.Errorf("%d clients are connected", n)
	}
	bytes := float64(after-before) / float64(clients)
	goroutines := float64(goroutinesAfter-goroutinesBefore) / float64(clients)
	t.Logf("%d idle clients: %.0f bytes of RSS and %.3f goroutines each (RSS %d → %d KiB)", clients, bytes, goroutines, before>>10, after>>10)
	if goroutines > idleGoroutines {
		t.Errorf("%.3f goroutines for each client, at most %.2f", goroutines, idleGoroutines)
	}
	if bytes > idleBytes && !raceEnabled {
		t.Errorf("%.0f bytes of RSS for each client, at most %d", bytes, idleBytes)
	}
	if _, err := fmt.Fprintln(in, 0); err != nil {
		t.Fatal(err)
	}
	if line, err := lines.ReadString('\n'); err != nil || strings.TrimSpace(line) != "closed" {
		t.Errorf("%q, %v", line, err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// idleChild connects as many more clients as each line says, and prints how many goroutines
// and bytes of RSS there are then. 0 closes all of them.
func idleChild(server string) {
	cfg := &client.Config{Transports: []string{client.WebSocket}}
	var all []*client.Socket
	before := runtime.NumGoroutine()
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		n, _ := strconv.Atoi(in.Text())
		if n == 0 {
			closeAll(all, before)
			return
		}
		more := make([]*client.Socket, n)
		var wg sync.WaitGroup
		for part := range 4 {
			wg.Go(func() {
				for i := part; i < n; i += 4 {
					s, err := client.Dial(context.Background(), server, cfg)
					if err != nil {
						panic(err)
					}
					client.On(s, "message", func(context.Context, string) error { return nil })
					more[i] = s
				}
			})
		}
		wg.Wait()
		all = append(all, more...)
		goroutines, rss := settledUsage()
		fmt.Println(goroutines, rss)
	}
}

// closeAll closes the clients, which leaves no goroutine.
func closeAll(all []*client.Socket, before int) {
	var wg sync.WaitGroup
	for _, s := range all {
		wg.Go(s.Close)
	}
	wg.Wait()
	goroutines, _ := settledUsage()
	if goroutines > before {
		stacks := make([]byte, 1<<20)
		fmt.Printf("%d goroutines are left, %d were there\n", goroutines, before)
		_, _ = os.Stderr.Write(stacks[:runtime.Stack(stacks, true)])
		return
	}
	fmt.Println("closed")
}

// settledUsage waits until the number of goroutines has not changed for a while.
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
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if kib, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, _ := strconv.Atoi(strings.Fields(kib)[0])
			rss = n << 10
		}
	}
	return goroutines, rss
}

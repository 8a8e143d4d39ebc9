package e2e_test

import (
	"net"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// leaks returns a function that waits until there are no more goroutines and descriptors than now.
func leaks(t *testing.T) (check func()) {
	t.Helper()
	if l, err := net.Listen("tcp", "127.0.0.1:0"); err == nil { // the runtime has descriptors for the network, once it is used
		_ = l.Close()
	}
	goroutines, descriptors := len(ourGoroutines()), openDescriptors(t)
	return func() {
		t.Helper()
		for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
			g, d := ourGoroutines(), openDescriptors(t)
			if len(g) <= goroutines && d <= descriptors {
				return
			}
			if time.Now().After(deadline) {
				t.Errorf("%d goroutines and %d descriptors, where there were %d and %d:\n%s", len(g), d, goroutines, descriptors, strings.Join(g, "\n\n"))
				return
			}
		}
	}
}

// ourGoroutines returns the stacks of goroutines that run code of the module or of net/http, but
// for this one and the tests above it.
func ourGoroutines() (left []string) {
	all := make([]byte, 8<<20)
	for i, g := range strings.Split(string(all[:runtime.Stack(all, true)]), "\n\n") {
		if i > 0 && (strings.Contains(g, "gosio/sio") || strings.Contains(g, "net/http.")) && !strings.Contains(g, "testing.") {
			left = append(left, g)
		}
	}
	return left
}

// openDescriptors returns how many there are, or 0 where that cannot be known.
func openDescriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return len(entries)
}

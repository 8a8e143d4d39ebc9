//go:build bufdebug && linux

package netpoll_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gosio/sio/internal/buf"
	"github.com/gosio/sio/internal/netpoll"
)

func TestParkedReadHoldsNoBuffer(t *testing.T) {
	a, b := connect(t, "tcp", "127.0.0.1:0")
	c := netpoll.New(a)
	before := buf.Outstanding()
	done := make(chan struct{})
	go func() {
		in, err := c.Read(nil)
		if err != nil || string(in.B) != "x" {
			t.Error(err)
		} else {
			in.Release()
		}
		close(done)
	}()
	for !parked("netpoll.(*Conn).Read") {
		time.Sleep(time.Millisecond)
	}
	if n := buf.Outstanding() - before; n != 0 {
		t.Errorf("%d buffers held", n)
	}
	_, _ = b.Write([]byte("x"))
	<-done
	_, _ = c.Close(), b.Close()
}

// parked reports whether a goroutine waits in the runtime's poller below f.
func parked(f string) bool {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	for g := range strings.SplitSeq(string(stacks), "\n\n") {
		if strings.Contains(g, "[IO wait") && strings.Contains(g, f) {
			return true
		}
	}
	return false
}

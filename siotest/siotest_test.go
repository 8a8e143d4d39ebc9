package siotest_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/siotest"
)

// TestMain fails when a test leaves a goroutine of ours behind.
func TestMain(m *testing.M) {
	code := m.Run()
	left := ours()
	for deadline := time.Now().Add(10 * time.Second); left != "" && time.Now().Before(deadline); left = ours() {
		time.Sleep(5 * time.Millisecond)
	}
	if code == 0 && left != "" {
		fmt.Fprintf(os.Stderr, "goroutines left after all tests:\n\n%s\n", left)
		code = 1
	}
	os.Exit(code)
}

func ours() string {
	all := make([]byte, 1<<20)
	var left []string
	for i, g := range strings.Split(string(all[:runtime.Stack(all, true)]), "\n\n") {
		if i > 0 && (strings.Contains(g, "gosio/sio") || strings.Contains(g, "net/http")) && !strings.Contains(g, "testing.") {
			left = append(left, g)
		}
	}
	return strings.Join(left, "\n\n")
}

func TestExamples(tt *testing.T) {
	for name, example := range map[string]func(){"package": Example, "cut": ExampleLink_Cut} {
		tt.Run(name, func(tt *testing.T) {
			t = tt
			example()
		})
	}
}

var transports = []string{siotest.WebSocket, siotest.Polling, siotest.Upgrade}

// everywhere runs a test over all transports, in a bubble and in real time.
func everywhere(t *testing.T, test func(t *testing.T, o siotest.Options)) {
	for _, transport := range transports {
		o := siotest.Options{Transport: transport}
		t.Run(transport, func(t *testing.T) { test(t, o) })
		t.Run(transport+" in a bubble", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { test(t, o) })
		})
	}
}

// bubbles runs a test over all transports in bubbles.
func bubbles(t *testing.T, test func(t *testing.T, o siotest.Options)) {
	for _, transport := range transports {
		t.Run(transport, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { test(t, siotest.Options{Transport: transport}) })
		})
	}
}

// party is a server, and what becomes of its sockets.
type party struct {
	*sio.Server
	joined chan *sio.Socket
	lost   chan sio.Reason
}

func newParty(cfg *sio.Config) *party {
	p := &party{sio.NewServer(cfg), make(chan *sio.Socket, 100), make(chan sio.Reason, 100)}
	p.OnConnect(func(s *sio.Socket) { p.joined <- s })
	p.OnDisconnect(func(_ *sio.Socket, reason sio.Reason) { p.lost <- reason })
	p.On("echo", func(_ context.Context, s *sio.Socket, m *sio.Message) error {
		args, err := m.Args()
		if err != nil {
			return err
		}
		if m.WantsAck() {
			return m.Ack(args...)
		}
		return s.Emit("echo", args...)
	})
	return p
}

// failure is a test that can fail without failing the one that it runs in.
type failure struct {
	testing.TB
	message string
}

func (f *failure) Fatalf(format string, args ...any) {
	f.message = fmt.Sprintf(format, args...)
	runtime.Goexit()
}

// fails checks that a test fails with a message that has all of these parts.
func fails(t *testing.T, test func(t testing.TB), parts ...string) {
	t.Helper()
	f := &failure{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		test(f)
	}()
	<-done
	for _, part := range parts {
		if !strings.Contains(f.message, part) {
			t.Errorf("no %q in the message:\n%s", part, f.message)
		}
	}
	if f.message == "" {
		t.Error("the test has not failed")
	}
}

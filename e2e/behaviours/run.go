package behaviours

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"sync"
	"time"

	"github.com/gosio/sio/client"
)

// patience is how long a behaviour may take.
const patience = 10 * time.Second

// T is a run of a behaviour.
type T struct {
	World
	ctx   context.Context // ends when the patience does
	label string          // of all goroutines of the behaviour

	mu       sync.Mutex
	failures []string
	closers  []func() // called at the end, the latest first
}

// Try shows the behaviour, and returns what went wrong. The client that it has used must
// have left no goroutine.
func (b *Behaviour) Try(w World) []string {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	t := &T{World: w, ctx: ctx, label: nextLabel()}
	for _, part := range []func(){func() { b.Run(t) }, t.close} {
		done := make(chan struct{})
		go pprof.Do(ctx, pprof.Labels(labelKey, t.label), func(context.Context) {
			defer close(done)
			defer t.recovered()
			part()
		})
		select {
		case <-done:
		case <-time.After(2 * patience):
			return append(t.failed(), "it hangs:\n"+goroutines(t.label))
		}
	}
	if left := leftover(t.label); left != "" {
		t.Errorf("goroutines are left:\n%s", left)
	}
	return t.failed()
}

func (t *T) recovered() {
	if v := recover(); v != nil {
		t.Errorf("panic: %v\n%s", v, debug.Stack())
	}
}

func (t *T) failed() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.failures
}

// Errorf notes a failure. It may be called from any goroutine.
func (t *T) Errorf(format string, args ...any) {
	text := where() + fmt.Sprintf(format, args...)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.failures = append(t.failures, text)
}

// Fatalf notes a failure, and ends the behaviour. It is for the goroutine that runs it.
func (t *T) Fatalf(format string, args ...any) {
	t.Errorf(format, args...)
	runtime.Goexit()
}

// where returns the place in a behaviour that is under way, as far as one is.
func where() string {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	for {
		f, more := frames.Next()
		if name := filepath.Base(f.File); name != "run.go" && name != "steps.go" && filepath.Base(filepath.Dir(f.File)) == "behaviours" {
			return fmt.Sprintf("%s:%d: ", name, f.Line)
		}
		if !more {
			return ""
		}
	}
}

// later has a function called at the end.
func (t *T) later(fn func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closers = append(t.closers, fn)
}

func (t *T) close() {
	for {
		t.mu.Lock()
		n := len(t.closers)
		if n == 0 {
			t.mu.Unlock()
			return
		}
		fn := t.closers[n-1]
		t.closers = t.closers[:n-1]
		t.mu.Unlock()
		fn()
	}
}

// restart restarts the server, whose goroutines are not the client's.
func (t *T) restart() {
	failed := make(chan error)
	go func() {
		pprof.SetGoroutineLabels(context.Background())
		failed <- t.Restart()
	}()
	if err := <-failed; err != nil {
		t.Fatalf("restart: %v", err)
	}
}

// config is that of a connection in the mode of the World. Errors that nobody expects are
// failures.
func (t *T) config(changes ...func(*client.Config)) *client.Config {
	cfg := t.Config
	cfg.Transports = map[string][]string{
		"polling": {client.Polling}, "websocket": {client.WebSocket}, "upgrade": {client.Polling, client.WebSocket},
	}[t.Mode]
	cfg.ReconnectionDelay, cfg.ReconnectionDelayMax = 10*time.Millisecond, 100*time.Millisecond
	cfg.OnError = func(err error) { t.Errorf("OnError: %v", err) }
	cfg.HTTPClient = t.httpClient()
	for _, change := range changes {
		change(&cfg)
	}
	return &cfg
}

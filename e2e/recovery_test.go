package e2e_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/gosio/sio"
	"github.com/gosio/sio/e2e/tools"
	"github.com/gosio/sio/event"
)

// TestRecoveryChaos cuts the official client 100 times while it is sent 10,000
// events, by all ways of emitting, and sends events itself, with retries.
func TestRecoveryChaos(t *testing.T) {
	node := tools.NeedNode(t, "js")
	for _, transport := range []string{"websocket", "polling"} {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			recoveryChaos(t, node, transport)
		})
	}
}

func recoveryChaos(t *testing.T, node, transport string) {
	const events, cuts = 10_000, 100
	t.Helper()
	io := sio.NewServer(&sio.Config{Recovery: &sio.Recovery{}, Deduplicate: &sio.Deduplication{Key: textKey}})
	web := httptest.NewServer(io)
	defer web.Close()
	defer io.Close()

	var mu sync.Mutex
	handled := map[int]int{}
	type item struct {
		event.Tuple
		N   int
		Key string
	}
	sio.Handle(io, "add", func(_ context.Context, _ *sio.Socket, i item) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		handled[i.N]++
		return handled[i.N], nil
	})
	seen := make(chan int, 1)
	sio.On(io, "seen", func(_ context.Context, _ *sio.Socket, n int) error {
		select {
		case <-seen: // the latest is enough
		default:
		}
		select {
		case seen <- n:
		default: // another connection's handler was faster
		}
		return nil
	})
	ctx, cancel := context.WithCancel(context.Background())
	var emitting sync.WaitGroup
	defer emitting.Wait()
	defer cancel()
	io.OnConnect(func(s *sio.Socket) {
		if s.Recovered() {
			return
		}
		s.Join("room")
		emitting.Go(func() { emitNumbers(ctx, t, io, s, events, seen) })
	})

	parameters, err := json.Marshal(map[string]any{
		"url": web.URL, "transport": transport, "last": events - 1, "cuts": cuts, "seed": 7,
	})
	if err != nil {
		t.Fatal(err)
	}
	run, stop := context.WithTimeout(context.Background(), 4*patience)
	defer stop()
	cmd := exec.CommandContext(run, node, "recovery.mjs", string(parameters))
	cmd.Dir, cmd.Stderr = "js", os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	t.Logf("%s", out)
	var result struct {
		Seen, Cuts, Recovered int
		Problem               string
	}
	if err := json.Unmarshal(out, &result); err != nil {
		t.Fatal(err)
	}
	if result.Problem != "" || result.Seen != events || result.Cuts < cuts || result.Recovered < cuts {
		t.Error("not each event once and in order, or too few cuts")
	}
	mu.Lock()
	defer mu.Unlock()
	for n, times := range handled {
		if times != 1 {
			t.Errorf("event %d was handled %d times", n, times)
		}
	}
}

// textKey is a sio.LastString for one event.
func textKey(m *sio.Message) string {
	if m.Event() != "add" {
		return ""
	}
	return sio.LastString(m)
}

// emitNumbers emits numbered events in all ways, a little ahead of the client.
func emitNumbers(ctx context.Context, t *testing.T, io *sio.Server, s *sio.Socket, events int, seen <-chan int) {
	emits := []func(string, ...any) error{s.Emit, io.To("room").Emit, io.Emit, io.To(s.ID()).Emit}
	for i, have := 0, 0; i < events; i++ {
		for i-have > 50 {
			select {
			case have = <-seen:
			case <-ctx.Done():
				return
			}
		}
		if err := emits[i%len(emits)]("n", i); err != nil {
			t.Errorf("event %d: %v", i, err)
		}
	}
}

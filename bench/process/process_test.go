package process

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/gosio/sio/bench/result"
)

// script starts a shell script as a server that was added.
func script(t *testing.T, ctx context.Context, text string) (*Process, error) {
	t.Helper()
	before := slices.Clone(servers)
	t.Cleanup(func() { servers = before })
	if err := Add("script", "sh -c '"+text+"'"); err != nil {
		t.Fatal(err)
	}
	return Start(ctx, "script")
}

func TestAdded(t *testing.T) {
	p, err := script(t, t.Context(), "echo listening 127.0.0.1:1; read x; echo settled; cat")
	if err != nil {
		t.Fatal(err)
	}
	if p.Addr() != "127.0.0.1:1" {
		t.Error(p.Addr())
	}
	if err := p.Settle(); err != nil {
		t.Error(err)
	}
	if err := p.Settle(); err == nil {
		t.Error(`the answer "settle" was taken for "settled"`)
	}
	if known := Known(); known[len(known)-1] != (result.Server{Name: "script", Title: "script", Kind: result.Peer}) {
		t.Errorf("known: %+v", known)
	}
	if err := Add("script", "true"); err == nil {
		t.Error("added twice")
	}
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
}

func TestCPU(t *testing.T) {
	p, err := script(t, t.Context(), "echo listening x; read x; i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; echo settled; cat")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Settle(); err != nil {
		t.Fatal(err)
	}
	cpu, err := p.CPU()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
	// cat, which the script's shell waits for, has next to nothing of it.
	all := p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime()
	if cpu < all/2 || cpu > all+2*tick {
		t.Errorf("%v of %v in the end", cpu, all)
	}
}

func TestStopKills(t *testing.T) {
	p, err := script(t, t.Context(), "echo listening x; exec sleep 600")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(); err == nil {
		t.Error("it ended by itself")
	}
}

func TestContextEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p, err := script(t, ctx, "echo listening x; exec sleep 600")
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := p.Settle(); err == nil {
		t.Error("a killed server settled")
	}
	if err := p.Stop(); err == nil {
		t.Error("a killed server ended well")
	}
}

func TestNotListening(t *testing.T) {
	for _, text := range []string{"exit 3", "echo hello; cat", "printf listening"} {
		t.Run(text, func(t *testing.T) {
			if _, err := script(t, t.Context(), text); err == nil {
				t.Error("started")
			} else {
				t.Log(err)
			}
		})
	}
}

func TestUnknown(t *testing.T) {
	if _, err := Start(t.Context(), "nobody"); err == nil {
		t.Error("started")
	}
	if _, err := Version(t.Context(), "nobody"); err == nil {
		t.Error("has a version")
	}
}

func TestMissing(t *testing.T) {
	if _, err := bun(t.Context(), t.TempDir()); !errors.Is(err, ErrMissing) {
		t.Errorf("no Bun: %v", err)
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := Start(t.Context(), "node"); !errors.Is(err, ErrMissing) {
		t.Errorf("no Node: %v", err)
	}
}

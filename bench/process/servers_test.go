package process_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/gobwas/ws"

	"github.com/gosio/sio/bench/process"
	"github.com/gosio/sio/bench/result"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if err := process.Clean(); err != nil {
		fmt.Println(err)
		code = 1
	}
	os.Exit(code)
}

// run starts a server. What it needs may be missing, but not under CI.
func run(t *testing.T, name string) *process.Process {
	t.Helper()
	p, err := process.Start(t.Context(), name)
	if errors.Is(err, process.ErrMissing) && os.Getenv("CI") == "" {
		t.Skipf("NOT TESTED: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestServers(t *testing.T) {
	if len(process.Known()) < 6 {
		t.Fatalf("only %d servers", len(process.Known()))
	}
	for _, s := range process.Known() {
		t.Run(s.Name, func(t *testing.T) {
			p := run(t, s.Name)
			if s.Kind == result.Raw {
				raw(t, p.Addr())
			} else {
				socketIO(t, p.Addr())
			}
			if err := p.Settle(); err != nil {
				t.Error(err)
			}
			if _, err := p.CPU(); err != nil {
				t.Error(err)
			}
			if rss, err := p.RSS(); err != nil || rss < 1<<20 || rss > 1<<30 {
				t.Errorf("RSS: %d, %v", rss, err)
			}
			version, err := process.Version(t.Context(), s.Name)
			if err != nil || !strings.Contains(version, ", ") {
				t.Errorf("version: %q, %v", version, err)
			}
			t.Log(version)
			if err := p.Stop(); err != nil {
				t.Errorf("it did not end well: %v", err)
			}
			if _, err := p.CPU(); err == nil {
				t.Error("it runs on")
			}
		})
	}
}

func socketIO(t *testing.T, addr string) {
	c, other := join(t, addr), join(t, addr)
	c.write(`42["echo","x"]`)
	c.expect(`42["echo","x"]`)
	c.write(`427["call","x"]`)
	c.expect(`437["x"]`)

	data := bytes.Repeat([]byte{0, 1, 2, 0xff}, 20_000)
	c.write(`451-["bin",{"_placeholder":true,"num":0}]`)
	c.writeBinary(data)
	c.expect(`451-["bin",{"_placeholder":true,"num":0}]`)
	if got := c.readOp(ws.OpBinary); !bytes.Equal(got, data) {
		t.Fatalf("%d other bytes came back instead of %d", len(got), len(data))
	}

	c.write(`421["join",["a","b"]]`)
	c.expect(`431[]`)
	c.write(`42["cast","a","1"]`, `42["cast","b","2"]`)
	c.expect(`42["cast","1"]`, `42["cast","2"]`)
	c.write(`422["leave",["a"]]`)
	c.expect(`432[]`)
	c.write(`42["cast","a","3"]`, `42["cast","b","4"]`, `42["cast","","5"]`)
	c.expect(`42["cast","4"]`, `42["cast","5"]`)
	other.expect(`42["cast","5"]`) // and none before
}

func raw(t *testing.T, addr string) {
	c, other := dial(t, addr, ""), dial(t, addr, "")
	var many []string
	for _, n := range []int{0, 1, 125, 126, 4096, 100, 65535, 65536, 3} {
		many = append(many, strings.Repeat("x", n))
	}
	c.write(many...)
	c.expect(many...)

	data := bytes.Repeat([]byte{0, 1, 2, 0xff}, 20_000)
	c.writeBinary(data)
	if got := c.readOp(ws.OpBinary); !bytes.Equal(got, data) {
		t.Fatalf("%d other bytes came back instead of %d", len(got), len(data))
	}

	other.write("here") // so that it is known before the cast
	other.expect("here")
	c.write(`42["cast","","x"]`)
	c.expect(`42["cast","","x"]`)
	other.expect(`42["cast","","x"]`)
}

package e2e_test

import (
	"bytes"
	"os"
	"regexp"
	"runtime/pprof"
	"strings"
	"testing"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/client"
	"github.com/gosio/sio/e2e/behaviours"
	"github.com/gosio/sio/e2e/peer"
	"github.com/gosio/sio/e2e/tools"
	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/parsers/msgpack"
)

// goWorlds are the servers that the Go client is held against. With a reference it is
// that official server, else ours.
var goWorlds = []struct {
	name      string
	reference *reference
	world     behaviours.World
}{
	{"ours", nil, behaviours.World{Server: 4}},
	{"ours msgpack", nil, behaviours.World{Server: 4, Packed: true}},
	{"ours recovery", nil, behaviours.World{Server: 4, Recovery: true}},
	{"ours recovery msgpack", nil, behaviours.World{Server: 4, Recovery: true, Packed: true}},
	{"ours protocol 2", nil, behaviours.World{Server: 4, Config: client.Config{Version2: true}}},
	{"4", &reference{Version: 4}, behaviours.World{Server: 4}},
	{"4 msgpack", &reference{Version: 4}, behaviours.World{Server: 4, Packed: true}},
	{"4 recovery", &reference{Version: 4}, behaviours.World{Server: 4, Recovery: true}},
	{"4 recovery msgpack", &reference{Version: 4}, behaviours.World{Server: 4, Recovery: true, Packed: true}},
	{"4 protocol 2", &reference{Version: 4}, behaviours.World{Server: 4, Config: client.Config{Version2: true}}},
	{"3", &reference{Version: 3}, behaviours.World{Server: 3}},
	{"2", &reference{Version: 2}, behaviours.World{Server: 2, Config: client.Config{Version2: true}}},
}

// TestGoClient runs the table of behaviours with the Go client, against our server and
// the official ones. SIO_ONLY is a pattern for their names.
func TestGoClient(t *testing.T) {
	node := tools.NeedNode(t, "js")
	t.Cleanup(func() { noGoroutines(t) })
	for _, w := range goWorlds {
		for _, mode := range modes {
			t.Run(w.name+" "+mode, func(t *testing.T) {
				t.Parallel()
				world := w.world
				world.Mode = mode
				if world.Packed {
					world.Config.Codec = msgpack.Codec()
				}
				if w.reference == nil {
					host := peer.Start(t, goPeerConfig(&world), nil)
					world.Ours, world.URL, world.Restart = true, host.URL, host.Restart
				} else {
					server := *w.reference
					server.Msgpack, server.Recovery, server.EIO3, server.Deflate = world.Packed, world.Recovery, world.Config.Version2, true
					world.URL, world.Restart = startReference(t, node, server)
				}
				showAll(t, &world)
			})
		}
	}
}

// goPeerConfig is that of our server as a World says.
func goPeerConfig(w *behaviours.World) *sio.Config {
	cfg := suiteConfig()
	cfg.AllowEIO3, cfg.Codec = w.Config.Version2, w.Config.Codec
	cfg.Cookie, cfg.PerMessageDeflate = engine.NewCookie(), &sio.Deflate{}
	if w.Recovery {
		cfg.Recovery = &sio.Recovery{}
	}
	return cfg
}

// maxFailed is how many behaviours may fail before it is not worth waiting for more.
const maxFailed = 10

func showAll(t *testing.T, w *behaviours.World) {
	only := regexp.MustCompile(os.Getenv("SIO_ONLY"))
	shown, failed := 0, 0
	for _, b := range behaviours.All(w) {
		if !only.MatchString(b.Name) {
			continue
		}
		shown++
		if !t.Run(b.Name, func(t *testing.T) {
			for _, failure := range b.Try(*w) {
				t.Error(failure)
			}
		}) {
			failed++
		}
		if failed == maxFailed {
			t.Fatalf("%d behaviours have failed: the others are left out", failed)
		}
	}
	if shown == 0 && only.String() == "" {
		t.Error("nothing to show")
	}
}

// noGoroutines checks that clients have left none, those of timers and of the loops that
// read their connections included.
func noGoroutines(t *testing.T) {
	var left []string
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		var profile bytes.Buffer
		_ = pprof.Lookup("goroutine").WriteTo(&profile, 1)
		left = left[:0]
		for stack := range strings.SplitSeq(profile.String(), "\n\n") {
			if strings.Contains(stack, "gosio/sio/client.") || strings.Contains(stack, "gosio/sio/engine/dialer.") {
				left = append(left, stack)
			}
		}
		if len(left) == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Errorf("goroutines are left:\n%s", strings.Join(left, "\n\n"))
			return
		}
	}
}

package e2e_test

import (
	"bytes"
	"net/http"
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

// goWorld is a server that the Go client is held against: the official one of a version,
// or ours.
type goWorld struct {
	name     string
	official bool
	natively bool // not in browsers, too
	world    behaviours.World
}

var version2 = client.Config{Version2: true}

var goWorlds = []goWorld{
	{"ours", false, false, behaviours.World{Server: 4}},
	{"ours msgpack", false, true, behaviours.World{Server: 4, Packed: true}},
	{"ours recovery", false, false, behaviours.World{Server: 4, Recovery: true}},
	{"ours recovery msgpack", false, true, behaviours.World{Server: 4, Recovery: true, Packed: true}},
	{"ours protocol 2", false, true, behaviours.World{Server: 4, Config: version2}},
	{"4", true, false, behaviours.World{Server: 4}},
	{"4 msgpack", true, true, behaviours.World{Server: 4, Packed: true}},
	{"4 recovery", true, false, behaviours.World{Server: 4, Recovery: true}},
	{"4 recovery msgpack", true, true, behaviours.World{Server: 4, Recovery: true, Packed: true}},
	{"4 protocol 2", true, true, behaviours.World{Server: 4, Config: version2}},
	{"3", true, true, behaviours.World{Server: 3}},
	{"2", true, true, behaviours.World{Server: 2, Config: version2}},
}

// start starts the server. The pages of files, which may be nil, are at ours; an official
// one lets pages of other origins in.
func (g goWorld) start(t *testing.T, mode string, files http.Handler) *behaviours.World {
	t.Helper()
	w := g.world
	w.Mode = mode
	if w.Packed {
		w.Config.Codec = msgpack.Codec()
	}
	if g.official {
		w.URL, w.Restart = startReference(t, reference{
			Version: w.Server, Msgpack: w.Packed, EIO3: w.Config.Version2, Recovery: w.Recovery, Deflate: true,
		})
		return &w
	}
	cfg := suiteConfig()
	cfg.AllowEIO3, cfg.Codec = w.Config.Version2, w.Config.Codec
	cfg.Cookie, cfg.PerMessageDeflate = engine.NewCookie(), &sio.Deflate{}
	if w.Recovery {
		cfg.Recovery = &sio.Recovery{}
	}
	host := peer.Start(t, cfg, files)
	w.Ours, w.URL, w.Restart = true, host.URL, host.Restart
	return &w
}

// TestGoClient runs the table of behaviours with the Go client, against our server and
// the official ones. SIO_ONLY is a pattern for their names.
func TestGoClient(t *testing.T) {
	tools.NeedNode(t, "js")
	t.Cleanup(func() { noGoroutines(t) })
	for _, w := range goWorlds {
		for _, mode := range modes {
			t.Run(w.name+" "+mode, func(t *testing.T) {
				t.Parallel()
				showAll(t, w.start(t, mode, nil))
			})
		}
	}
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

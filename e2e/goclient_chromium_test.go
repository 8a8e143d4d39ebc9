package e2e_test

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/gosio/sio/e2e/behaviours"
	"github.com/gosio/sio/e2e/tools"
)

// TestWasmGoClient runs the table of behaviours with the Go client in Chromium, over the
// browser's WebSocket and fetch: against our server, at which the page is, and against the
// official ones of another origin. SIO_ONLY is a pattern for names.
func TestWasmGoClient(t *testing.T) {
	t.Parallel()
	tools.NeedNode(t, "js")
	browser := startChromium(t)
	files := wasmFiles(t, "./wasm/table")
	for _, w := range goWorlds {
		if w.natively {
			continue
		}
		for _, mode := range modes {
			t.Run(w.name+" "+mode, func(t *testing.T) {
				world := w.start(t, mode, files)
				page := world.URL
				if w.official {
					host := httptest.NewServer(files)
					t.Cleanup(host.Close)
					page = host.URL
				}
				arguments, err := json.Marshal(struct {
					*behaviours.World
					Version2      bool
					Control, Only string
				}{world, world.Config.Version2, startControl(t, world.Restart).URL, os.Getenv("SIO_ONLY")})
				if err != nil {
					t.Fatal(err)
				}
				browser.page(t, desktop).runWasm(page, string(arguments))
			})
		}
	}
}

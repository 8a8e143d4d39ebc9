package e2e_test

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/gosio/sio/e2e/peer"
	"github.com/gosio/sio/e2e/tools"
	"github.com/gosio/sio/parsers/msgpack"
	"github.com/gosio/sio/wire"
)

// TestBrowser runs the behaviours in js/suite in Chromium, with our client, as
// the server serves it, and with the official one.
func TestBrowser(t *testing.T) {
	t.Parallel()
	tools.NeedNode(t, "js") // for the official client's package
	const (
		official  = "/node_modules/socket.io-client/dist/socket.io.min.js"
		official2 = "/node_modules/socket.io-client-v2/dist/socket.io.js"
	)
	for _, client := range []struct {
		name, script string
		generation   int
		jsonp        bool
		modes        []string
		only         string // a pattern for the names of behaviours
		codec        wire.Codec
	}{
		{"ours", "/socket.io/socket.io.min.js", 4, false, modes, "", nil},
		{"ours by msgpack", "/socket.io/socket.io.msgpack.min.js", 4, false, modes, "^(connect|events|acks|binary)", msgpack.Codec()},
		{"official", official, 4, false, modes, "", nil},
		{"official 2", official2, 2, false, modes, "", nil},
		// What is above packets is the same for it, and it is slow.
		{"official 2 by JSON-P", official2, 2, true, []string{"polling", "upgrade"}, "^(connect|events|acks|binary)", nil},
	} {
		browser := startChromium(t)
		for _, mode := range client.modes {
			t.Run(client.name+" "+mode, func(t *testing.T) {
				cfg := suiteConfig()
				cfg.AllowEIO3, cfg.Codec = client.generation == 2, client.codec
				host := peer.Start(t, cfg, http.FileServer(http.Dir("js")))
				c := startControl(t, host.Restart)
				parser := ""
				if client.codec != nil {
					parser = "msgpack"
				}
				parameters, err := json.Marshal(map[string]any{
					"mode": mode, "server": "ours", "control": c.URL, "only": cmp.Or(os.Getenv("SIO_ONLY"), client.only),
					"script": client.script, "generation": client.generation, "jsonp": client.jsonp,
					"library": strings.Fields(client.name)[0], "parser": parser,
				})
				if err != nil {
					t.Fatal(err)
				}
				p := browser.page(t, desktop)
				p.do(chromedp.Navigate(host.URL + "/browser.html#" + url.PathEscape(string(parameters))))
				c.subtests(t, p.thrown)
			})
		}
	}
}

package e2e_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/gosio/sio/e2e/peer"
	"github.com/gosio/sio/e2e/tools"
)

// TestBrowser runs the behaviours in js/suite in Chromium, with our client, as
// the server serves it, and with the official one.
func TestBrowser(t *testing.T) {
	t.Parallel()
	tools.NeedNode(t, "js") // for the official client's package
	browser := startChromium(t)
	clients := map[string]string{
		"ours":     "/socket.io/socket.io.min.js",
		"official": "/node_modules/socket.io-client/dist/socket.io.min.js",
	}
	for name, script := range clients {
		for _, mode := range modes {
			t.Run(name+" "+mode, func(t *testing.T) {
				host := peer.Start(t, suiteConfig(), http.FileServer(http.Dir("js")))
				c := startControl(t, host.Restart)
				parameters, err := json.Marshal(map[string]string{
					"mode": mode, "server": "ours", "control": c.URL, "only": os.Getenv("SIO_ONLY"), "script": script,
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

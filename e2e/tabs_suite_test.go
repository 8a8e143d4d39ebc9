package e2e_test

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/gosio/sio/e2e/peer"
)

// TestTabsSuite runs the behaviours in js/suite with shared tabs, but for
// those that reach into the connection, which is not in the page.
func TestTabsSuite(t *testing.T) {
	t.Parallel()
	const only = "^(?!connect: the handshake|disconnect: the client closes|disconnect: an undecodable)"
	for _, mode := range modes {
		t.Run(mode, func(t *testing.T) {
			browser := startChromium(t)
			host := peer.Start(t, suiteConfig(), http.FileServer(http.Dir("js")))
			c := startControl(t, host.Restart)
			parameters, err := json.Marshal(map[string]any{
				"mode": mode, "server": "ours", "control": c.URL, "generation": 4, "only": cmp.Or(os.Getenv("SIO_ONLY"), only),
			})
			if err != nil {
				t.Fatal(err)
			}
			p := browser.page(t, desktop)
			p.do(chromedp.Navigate(host.URL + "/tabs.html#" + url.PathEscape(string(parameters))))
			c.subtests(t, p.thrown)
		})
	}
}

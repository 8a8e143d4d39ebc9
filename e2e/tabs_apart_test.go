package e2e_test

import (
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/gosio/sio/e2e/peer"
)

// TestTabsElsewhere has the server at another path, which the worker's script comes from too.
func TestTabsElsewhere(t *testing.T) {
	t.Parallel()
	server := peer.New(nil)
	web := httptest.NewServer(tabsHandler(server))
	defer web.Close()
	defer server.Close()
	b := tabs{startChromium(t).page(t, desktop), web.URL, func() *peer.Server { return server }}
	one, two := b.opens("?policy=worker-src+'self'"), b.opens("")
	for _, p := range []*page{one, two} {
		p.run(`import("/elsewhere/socket.io.shared.min.js").then(module => window.other = module.io("/custom", { path: "/elsewhere" }))`)
		p.until("window.other?.connected")
	}
	if get(one, chromedp.Evaluate[string]("other.id")) != get(two, chromedp.Evaluate[string]("other.id")) {
		t.Error("they do not share a connection")
	}
	b.connections(1)
}

func TestTabsOfOthers(t *testing.T) {
	t.Parallel()
	b, _ := startTabs(t)
	for i, script := range []string{
		`join()`,
		`join("/", { auth: { token: 1 } })`,
		`join("/", { auth: { token: 2 } })`,
		`join("/?from=here")`,
		`join("/", { forceNew: true })`,
	} {
		p := b.opens("")
		p.run(script)
		p.until("socket.connected")
		b.connections(i + 1)
	}
	p := b.opens("")
	p.run(`join("/custom", { auth: { token: 2 } })`)
	p.until("socket.connected")
	b.connections(5)
}

func TestTabsWithoutAWorker(t *testing.T) {
	t.Parallel()
	b, _ := startTabs(t)
	for i, address := range []string{
		"#" + url.PathEscape("delete window.SharedWorker"),
		"#" + url.PathEscape("delete Navigator.prototype.locks"),
		"#" + url.PathEscape("const S = SharedWorker; SharedWorker = function (_, o) { return new S('/missing.js', o) }"), // a page, not a script
		"#" + url.PathEscape("SharedWorker = function () { throw new DOMException('no', 'SecurityError') }"),
		"?policy=worker-src+'none'",
	} {
		p := b.opens(address)
		p.run(`join(); socket.emit("message", "early")`)
		p.logs("connect", "auth,[object Object]", "message-back,early")
		if got := p.gives(`socket.emitWithAck("message-with-ack", "alone")`); got != "alone" {
			t.Errorf("acknowledged with %s", got)
		}
		b.connections(i + 1)
	}
}

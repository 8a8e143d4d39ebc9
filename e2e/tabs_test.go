package e2e_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/gosio/sio/e2e/peer"
)

// tabsPage notes in log what happens to the socket that join makes.
const tabsPage = `<!doctype html>
<title>Tab</title>
<script>if (location.hash) eval(decodeURIComponent(location.hash.slice(1)))</script>
<script type="module">
import { io } from "/socket.io/socket.io.shared.min.js"
window.io = io
window.log = []
window.join = (uri, opts) => {
  window.socket = io(uri, { reconnectionDelay: 10, reconnectionDelayMax: 100, ...opts })
  socket.on("connect", () => log.push("connect"))
  socket.on("disconnect", reason => log.push(reason))
  socket.on("connect_error", error => log.push(error.message + " " + JSON.stringify(error.data)))
  socket.onAny((event, ...args) => log.push([event, ...args.map(it => typeof it === "function" ? "ack" : it)].join()))
}
</script>`

// tabs is a browser in which tabs share what they can, and a server for them.
type tabs struct {
	*page  // not one of them
	url    string
	server func() *peer.Server
}

// tabsHandler serves the page beside a server.
func tabsHandler(server http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/socket.io/", server)
	mux.Handle("/elsewhere/", server)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if policy := r.URL.Query().Get("policy"); policy != "" {
			w.Header().Set("Content-Security-Policy", policy)
		}
		_, _ = io.WriteString(w, tabsPage)
	})
	return mux
}

func startTabs(t *testing.T) (tabs, *peer.Host) {
	t.Helper()
	host := peer.Start(t, nil, tabsHandler(http.NotFoundHandler()))
	return tabs{startChromium(t).page(t, desktop), host.URL, host.Server}, host
}

// opens opens a tab. With a fragment in its address, that is a script that runs before all others.
func (b tabs) opens(address string) *page {
	b.t.Helper()
	p := b.tab(desktop)
	p.do(chromedp.Navigate(b.url + "/" + address))
	p.until("window.join")
	return p
}

// joined opens a tab that is connected.
func (b tabs) joined() *page {
	b.t.Helper()
	p := b.opens("")
	p.run("join()")
	p.until("socket.connected")
	return p
}

// connections waits until the server has so many.
func (b tabs) connections(n int) {
	b.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		got := b.server().Stats().Connections
		if got == n {
			return
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("the server has %d connections, not %d", got, n)
		}
	}
}

func (p *page) run(script string) {
	p.t.Helper()
	p.do(chromedp.Evaluate[chromedp.Void](script + "; undefined"))
}

// logs waits until the log has these entries, and empties it.
func (p *page) logs(entries ...string) {
	p.t.Helper()
	want, err := json.Marshal(entries)
	if err != nil {
		p.t.Fatal(err)
	}
	p.until("JSON.stringify(log) === JSON.stringify(" + string(want) + ") ? (log.length = 0, true) : (document.body.textContent = JSON.stringify(log), false)")
}

// gives returns what a promise of a string gives.
func (p *page) gives(promise string) string {
	p.t.Helper()
	p.run("window.given = undefined; (" + promise + ").then(it => given = String(it), error => given = String(error))")
	p.until("given !== undefined")
	return get(p, chromedp.Evaluate[string]("given"))
}

func TestTabsShareAConnection(t *testing.T) {
	t.Parallel()
	b, _ := startTabs(t)
	one := b.joined()
	two := b.joined()
	id := get(one, chromedp.Evaluate[string]("socket.id"))
	if other := get(two, chromedp.Evaluate[string]("socket.id")); other != id {
		t.Errorf("the ids are %s and %s", id, other)
	}
	one.logs("connect", "auth,[object Object]")
	two.logs("connect") // and not what the first was told when it came
	b.connections(1)

	t.Log("events reach both")
	if err := b.server().Emit("news", 1, "two"); err != nil {
		t.Fatal(err)
	}
	one.logs("news,1,two")
	two.logs("news,1,two")

	t.Log("an acknowledgement reaches who asked")
	for _, p := range []*page{one, two} {
		if got := p.gives(`socket.timeout(10_000).emitWithAck("message-with-ack", document.title, new Date(0))`); got != "Tab" {
			t.Errorf("acknowledged with %s", got)
		}
	}

	t.Log("what the server asks is answered once")
	one.run(`socket.on("question", (n, answer) => answer("one", n))`)
	if got := two.gives(`socket.emitWithAck("ask me", 7)`); got != "one" {
		t.Errorf("answered with %s", got)
	}
	two.logs("question,7,ack")
	two.run(`socket.on("question", (n, answer) => answer("one", n))`)
	if got := two.gives(`socket.emitWithAck("ask me", 8).then(it => socket.emitWithAck("message-with-ack", it))`); got != "one" {
		t.Errorf("answered with %s", got)
	}
	one.logs("question,7,ack", "question,8,ack")
	two.logs("question,8,ack")

	t.Log("binary values, both ways")
	if got := two.gives(`socket.emitWithAck("order", { item: "x", amount: 2, price: 1.5, photo: new Uint8Array([1, 2, 250]) })
		.then(({ total, photo }) => total + " " + new Uint8Array(photo))`); got != "3 1,2,250" {
		t.Errorf("the receipt is %s", got)
	}
	for _, p := range []*page{one, two} {
		p.run(`socket.once("message-back", it => window.back = new Uint8Array(it.bytes) + " " + it.at + " " + Object.keys(it).sort())`)
	}
	two.run(`socket.emit("message", { bytes: new Uint8Array([5, 6]).buffer, at: new Date(0), left: undefined, out() {} })`)
	for _, p := range []*page{one, two} {
		p.until(`window.back === "5,6 1970-01-01T00:00:00.000Z at,bytes"`)
	}

	t.Log("one tab less")
	one.close()
	if got := two.gives(`socket.emitWithAck("message-with-ack", "still here")`); got != "still here" {
		t.Errorf("acknowledged with %s", got)
	}
	if got := get(two, chromedp.Evaluate[string]("socket.id")); got != id {
		t.Errorf("the id changed from %s to %s", id, got)
	}
	two.close()
	b.connections(0)
}

func TestTabsDisconnectAlone(t *testing.T) {
	t.Parallel()
	b, _ := startTabs(t)
	one, two := b.joined(), b.joined()
	one.logs("connect", "auth,[object Object]")
	two.logs("connect")
	one.run("socket.disconnect()")
	one.logs("io client disconnect")
	if err := b.server().Emit("news"); err != nil {
		t.Fatal(err)
	}
	two.logs("news")
	one.run(`socket.emit("message", "later"); socket.connect()`)
	one.logs("connect", "message-back,later")
	two.logs("message-back,later")
	if get(one, chromedp.Evaluate[string]("socket.id")) != get(two, chromedp.Evaluate[string]("socket.id")) {
		t.Error("the ids differ")
	}
	one.run("socket.disconnect()")
	two.run("socket.disconnect()")
	b.connections(0)
	two.run("socket.connect()")
	two.until("socket.connected")
	b.connections(1)

	t.Log("the server disconnects all, and none comes back by itself")
	one.run("socket.connect()")
	one.until("socket.connected")
	one.run(`log.length = 0; socket.emit("leave me")`)
	one.logs("last words,1", "io server disconnect")
	two.until(`log.at(-1) === "io server disconnect"`)
	b.connections(0)
}

func TestTabsComeBack(t *testing.T) {
	t.Parallel()
	b, host := startTabs(t)
	one, two := b.joined(), b.joined()
	one.run("log.length = 0")
	two.run("log.length = 0")
	if err := host.Restart(); err != nil {
		t.Fatal(err)
	}
	for _, p := range []*page{one, two} {
		p.until(`log[0]?.startsWith("transport") && log.includes("connect") && !socket.recovered`)
	}
	b.connections(1)
}

func TestTabsRefused(t *testing.T) {
	t.Parallel()
	b, _ := startTabs(t)
	one, two := b.opens(""), b.opens("")
	one.run(`join("/admin", { auth: cb => cb({ token: window.token }) })`)
	one.logs(`Not authorized {"code":42,"retry":false}`)
	two.run(`window.token = "123"; join("/admin", { auth: cb => cb({ token: window.token }) })`)
	two.logs("connect", "auth,[object Object]")
	one.run("socket.connect()") // and is not asked
	one.logs("connect")
	b.connections(1)

	t.Log("all that wait are told")
	one.run(`socket.disconnect()`)
	two.run(`socket.disconnect(); token = "wrong"; io("/custom"); log.length = 0`)
	one.run(`log.length = 0; window.ask = undefined; socket.auth = cb => ask = cb; socket.connect()`)
	one.until("ask")
	two.run("socket.connect()")
	one.run(`ask({ token: "no" })`)
	one.until(`log.at(-1)?.startsWith("Not authorized")`)
	two.until(`log.at(-1)?.startsWith("Not authorized")`)

	t.Log("a server that is not there")
	three, four := b.opens(""), b.opens("")
	nowhere := httptest.NewServer(nil)
	nowhere.Close()
	for _, p := range []*page{three, four} {
		p.run(`join("` + nowhere.URL + `", { transports: ["websocket"] })`)
		p.until(`log.includes("websocket error undefined")`)
	}
}

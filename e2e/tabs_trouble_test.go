package e2e_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// TestTabsLoseTheirWorker ends the worker, as the browser does when it crashes.
func TestTabsLoseTheirWorker(t *testing.T) {
	t.Parallel()
	b, _ := startTabs(t)
	one, two := b.joined(), b.joined()
	id := get(one, chromedp.Evaluate[string]("log.length = 0, socket.id"))
	two.run("log.length = 0")

	browser := chromedp.FromContext(b.ctx).Browser
	targets, err := cdp.Call(b.ctx, browser, target.GetTargets, target.GetTargetsParams{Filter: target.Filter{{Type: "shared_worker"}}})
	if err != nil || len(targets.TargetInfos) != 1 {
		t.Fatalf("there are %d workers, %v", len(targets.TargetInfos), err)
	}
	if _, err := cdp.Call(b.ctx, browser, target.CloseTarget, target.CloseTargetParams{TargetID: targets.TargetInfos[0].TargetID}); err != nil {
		t.Fatal(err)
	}
	for _, p := range []*page{one, two} {
		p.until(`log[0] === "transport close" && socket.connected && socket.id !== "` + id + `"`)
		if got := p.gives(`socket.emitWithAck("message-with-ack", "again")`); got != "again" {
			t.Errorf("acknowledged with %s", got)
		}
	}
	if get(one, chromedp.Evaluate[string]("socket.id")) != get(two, chromedp.Evaluate[string]("socket.id")) {
		t.Error("they do not share a connection any more")
	}
	b.connections(1)
}

// TestTabPutAway is told as the browser tells it, that keeps a page for when one goes back to it.
func TestTabPutAway(t *testing.T) {
	t.Parallel()
	b, _ := startTabs(t)
	one, two := b.joined(), b.joined()
	two.run(`log.length = 0; dispatchEvent(new Event("pagehide"))`)
	// Handled after it, as the worker does one thing after the other.
	if got := one.gives(`socket.emitWithAck("message-with-ack", "there")`); got != "there" {
		t.Errorf("acknowledged with %s", got)
	}
	if err := b.server().Emit("news"); err != nil {
		t.Fatal(err)
	}
	one.until(`log.includes("news")`)
	two.run(`dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))`)
	two.logs("transport close", "connect")
	b.connections(1)
}

// TestTabInAHurry leaves and comes back before the worker knows.
func TestTabInAHurry(t *testing.T) {
	t.Parallel()
	b, _ := startTabs(t)
	b.joined()
	two := b.opens("")
	two.run(`join(); for (let i = 0; i < 5; i++) socket.disconnect().connect()`)
	two.until("socket.connected")
	two.run(`for (let i = 0; i < 5; i++) socket.disconnect().connect()`)
	if got := two.gives(`socket.emitWithAck("message-with-ack", "there")`); got != "there" {
		t.Errorf("acknowledged with %s", got)
	}
	two.logs("connect", "io client disconnect", "connect")
	b.connections(1)
}

// TestTabThatHangs lets a tab hang while the other gets more than may wait.
func TestTabThatHangs(t *testing.T) {
	t.Parallel()
	b, _ := startTabs(t)
	one, two := b.joined(), b.joined()
	hangs, goOn := make(chan struct{}), make(chan struct{})
	resume := sync.OnceFunc(func() { close(goOn) })
	gate := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		close(hangs)
		<-goOn
	}))
	defer gate.Close()
	defer resume()
	two.run(`log.length = 0; setTimeout(() => {
		const request = new XMLHttpRequest()
		request.open("GET", "` + gate.URL + `", false)
		request.send()
	})`)
	<-hangs
	id := get(one, chromedp.Evaluate[string]("window.seen = 0, socket.on('number', () => seen++), socket.id"))
	for i := range 12 {
		one.run(`socket.emit("down", 1000)`)
		one.until("seen === " + strconv.Itoa(1000*(i+1)))
	}
	resume()
	two.until(`log.slice(-2).join() === "transport close,connect" && socket.connected && socket.id === "` + id + `"`)
	got := get(two, chromedp.Evaluate[int]("log.length"))
	if got < 9000 || got > 10_100 {
		t.Errorf("it was kept %d messages", got)
	}
	if got := two.gives(`socket.emitWithAck("message-with-ack", "again")`); got != "again" {
		t.Errorf("acknowledged with %s", got)
	}
	if got := get(one, chromedp.Evaluate[string]("socket.id")); got != id {
		t.Errorf("the other has another connection, %s", got)
	}
}

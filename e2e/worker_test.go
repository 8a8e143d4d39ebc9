package e2e_test

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/gosio/sio/e2e/peer"
)

// TestBrowserWorker runs our client in a worker, where there is no page to ask
// for anything: as a module, and as a script.
func TestBrowserWorker(t *testing.T) {
	t.Parallel()
	const module = `import { io } from "/socket.io/socket.io.esm.min.js";`
	const script = `importScripts("/socket.io/socket.io.min.js");`
	const body = `
		const socket = io({ transports: [new URLSearchParams(location.search).get("transport")] })
		const states = []
		socket.onState(state => states.push(state))
		socket.on("connect", async () => {
			const answer = await socket.emitWithAck("message-with-ack", "from a worker")
			postMessage([...states, socket.io.engine.transport.name, answer].join(" "))
		})`
	worker := func(code string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = w.Write([]byte(code + body))
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/module.js", worker(module))
	mux.HandleFunc("/classic.js", worker(script))
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<!doctype html><title>A worker</title><body>"))
	})
	host := peer.Start(t, suiteConfig(), mux)
	browser := startChromium(t)
	for _, kind := range []string{"module", "classic"} {
		for _, transport := range []string{"polling", "websocket"} {
			t.Run(kind+" "+transport, func(t *testing.T) {
				p := browser.page(t, desktop)
				p.do(chromedp.Navigate(host.URL))
				_ = get(p, chromedp.Evaluate[bool](`new Worker("/`+kind+`.js?transport=`+transport+`", { type: "`+kind+`" })
					.onmessage = ({ data }) => { document.body.textContent = data }, true`))
				p.until(`document.body.textContent === "connected ` + transport + ` from a worker"`)
			})
		}
	}
}

package e2e_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/gosio/sio/e2e/peer"
	"github.com/gosio/sio/e2e/wasm/traffic"
	"github.com/gosio/sio/engine"
)

// TestWasmTransports runs the tests in wasm/traffic in Chromium: the Go client's
// transports over the browser's WebSocket and fetch.
func TestWasmTransports(t *testing.T) {
	t.Parallel()
	said := &obedient{released: make(chan struct{})}
	mux := http.NewServeMux()
	mux.Handle("/", wasmFiles(t, "./wasm/traffic"))
	said.handle(mux)
	host := peer.Start(t, suiteConfig(), mux)
	other := http.NewServeMux() // of another origin
	said.handle(other)
	elsewhere := httptest.NewServer(other)
	t.Cleanup(elsewhere.Close)
	t.Cleanup(said.end) // first of all, as servers wait for requests
	control := startControl(t, host.Restart)

	p := startChromium(t).page(t, desktop)
	mux.HandleFunc("POST /freeze", func(http.ResponseWriter, *http.Request) { go said.freeze(p) })
	p.runWasm(host.URL, "-test.v", "-test.run="+os.Getenv("SIO_ONLY"), "-test.timeout=3m", "-elsewhere="+elsewhere.URL, "-control="+control.URL)
}

// obedient is the Engine.IO servers that the tests in wasm/traffic talk to: they do what
// messages tell them.
type obedient struct {
	mu       sync.Mutex
	released chan struct{} // closed when a server that holds back goes on
	ended    chan struct{} // closed when a session ends, if not nil
	servers  []*engine.Server
}

// handle adds what the tests need: /engine.io/ is a server, and /quick/ one that pings
// often; /never/ never answers, and /stalls/ and /breaks/ do not end the answer to a poll.
// POST /release ends what a message "!hold" has begun.
func (o *obedient) handle(mux *http.ServeMux) {
	for path, cfg := range map[string]engine.Config{
		"/engine.io/": {},
		"/quick/":     {PingInterval: 300 * time.Millisecond, PingTimeout: 300 * time.Millisecond},
	} {
		cfg.MaxPayload, cfg.MaxQueue = 32<<20, 256<<20
		cfg.CORS = &engine.CORS{AllowOrigin: func(string, *http.Request) bool { return true }, Credentials: true}
		cfg.AllowRequest = func(r *http.Request) error {
			if r.URL.Query().Has("refuse") {
				return fmt.Errorf("not today")
			}
			return nil
		}
		s := engine.NewServer(&cfg, func(s *engine.Session) engine.Receiver { return &servant{o, s} })
		o.servers = append(o.servers, s)
		mux.Handle(path, s)
	}
	mux.HandleFunc("/never/", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	mux.HandleFunc("/stalls/", begins(func(r *http.Request) { <-r.Context().Done() }))
	mux.HandleFunc("/breaks/", begins(func(*http.Request) { panic(http.ErrAbortHandler) }))
	mux.HandleFunc("POST /release", func(http.ResponseWriter, *http.Request) { o.release() })
}

// freeze has a page stand still, as browsers do with those in the background, until
// a session has ended.
func (o *obedient) freeze(p *page) {
	ended := make(chan struct{})
	o.mu.Lock()
	o.ended = ended
	o.mu.Unlock()
	p.do(lifecycle(cdppage.SetWebLifecycleStateStateFrozen))
	select {
	case <-ended:
	case <-time.After(patience):
		p.t.Error("no session ends while the page stands still")
	}
	p.do(lifecycle(cdppage.SetWebLifecycleStateStateActive))
}

func lifecycle(state cdppage.SetWebLifecycleStateState) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, cdppage.SetWebLifecycleState, cdppage.SetWebLifecycleStateParams{State: state})
		return chromedp.Void{}, err
	}
}

// begins handles the requests of a session by polling. In the middle of the answer to the
// second poll, it calls a function.
func begins(then func(*http.Request)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPost:
			_, _ = w.Write([]byte("ok"))
		case !r.URL.Query().Has("sid"):
			_, _ = w.Write([]byte(`0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000}`))
		default:
			_, _ = w.Write([]byte("4half of"))
			_ = http.NewResponseController(w).Flush()
			then(r)
		}
	}
}

func (o *obedient) release() {
	o.mu.Lock()
	defer o.mu.Unlock()
	close(o.released)
	o.released = make(chan struct{})
}

func (o *obedient) end() {
	o.release()
	for _, s := range o.servers {
		_ = s.Close()
	}
}

// servant is one session.
type servant struct {
	of *obedient
	s  *engine.Session
}

// Message sends a message back, unless it is a command.
func (v *servant) Message(data []byte, binary bool) (wait <-chan struct{}) {
	command := strings.Fields(string(data[:min(len(data), 100)]))
	if binary || len(command) == 0 || command[0][0] != '!' {
		_ = v.s.Send(data, binary)
		return nil
	}
	var count, size int
	_, _ = fmt.Sscan(strings.Join(command[1:], " "), &count, &size)
	switch command[0] {
	case "!send": // messages, of which each begins with its number
		for i := range count {
			_ = v.s.Send(fmt.Appendf(nil, "%-*d", size, i), false)
		}
	case "!binary": // one, of a known pattern
		_ = v.s.Send(traffic.Pattern(count), true)
	case "!header": // of the handshake
		_ = v.s.Send([]byte(v.s.Handshake().Header().Get(command[1])), false)
	case "!close":
		v.s.Close()
	case "!cut":
		v.s.Abort()
	case "!hold": // reads nothing
		v.of.mu.Lock()
		defer v.of.mu.Unlock()
		return v.of.released
	}
	return nil
}

func (v *servant) CaughtUp() <-chan struct{} { return nil }

func (v *servant) Closed(engine.Reason, error) {
	v.of.mu.Lock()
	defer v.of.mu.Unlock()
	if v.of.ended != nil {
		close(v.of.ended)
		v.of.ended = nil
	}
}

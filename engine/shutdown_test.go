package engine_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobwas/ws"

	"github.com/gosio/sio/engine"
)

// shutdown begins a shut-down, and returns when the server has.
func (f *fixture) shutdown(ctx context.Context) <-chan error {
	f.t.Helper()
	done := make(chan error, 1)
	go func() { done <- f.srv.Shutdown(ctx) }()
	eventually(f.t, "a server that is closing", func() bool {
		return f.do("GET", handshakeQuery, "").status == http.StatusServiceUnavailable
	})
	return done
}

func (f *fixture) expectUnavailable() {
	f.t.Helper()
	n := len(f.sessions)
	f.do("GET", handshakeQuery, "").is(f, 503, "").has(f, "Retry-After", "1", "Content-Length", "0")
	f.raw(wsRequest(wsQuery)).response().is(f, 503, "").has(f, "Retry-After", "1", "Content-Length", "0")
	f.do("GET", "EIO=4&transport=tobi", "").is(f, 400, `{"code":0,"message":"Transport unknown"}`)
	if len(f.sessions) != n || f.srv.Len() != 0 {
		f.t.Error("a session was made")
	}
}

// What was sent before arrives, then the clients are told, then Shutdown returns.
func TestShutdown(t *testing.T) {
	f := serve(t, nil)
	large := strings.Repeat("x", 1<<20) // more than the kernel takes at once
	w, s := f.openWS()
	s.text(t, large)
	s.text(t, "last words")
	waiting := f.open()
	poll := waiting.pending()
	if err := waiting.s.queue("4last words", false); err != nil {
		t.Fatal(err)
	}
	absent := f.open()
	absent.s.text(t, "last words")
	upgrading := f.open()
	candidate := upgrading.probe()
	upgrading.s.text(t, "last words")

	done := f.shutdown(context.Background())
	waiting.expectFrom(poll, 200, "4last words")
	waiting.expect("6\x1e1")
	waiting.s.expectEnd(t, engine.ForcedClose, "")
	select {
	case err := <-done:
		t.Fatalf("Shutdown returned %v", err)
	default:
	}
	absent.send("4ignored")
	absent.expect("4last words")
	absent.expect("6\x1e1")
	absent.s.expectEnd(t, engine.ForcedClose, "")
	candidate.text("5")
	candidate.expect("4last words")
	candidate.expectClose(1005, "")
	upgrading.s.expectEnd(t, engine.ForcedClose, "")
	w.expect("4"+large, "4last words")
	w.expectClose(1005, "")
	s.expectEnd(t, engine.ForcedClose, "")
	if err := get(t, "end of Shutdown", done); err != nil {
		t.Error(err)
	}
	f.expectUnavailable()
	eventually(t, "no timers", func() bool { return f.srv.Timers() == 0 })
	for range 2 { // once more is no harm
		if err := errors.Join(f.srv.Shutdown(context.Background()), f.srv.Close()); err != nil {
			t.Error(err)
		}
	}
}

func TestShutdownOfNothing(t *testing.T) {
	f := serve(t, nil)
	if err := f.srv.Shutdown(context.Background()); err != nil {
		t.Error(err)
	}
	f.expectUnavailable()
}

// Every call of Shutdown returns when all is over.
func TestShutdownAtOnce(t *testing.T) {
	f := serve(t, nil)
	p := f.open()
	w, _ := f.openWS()
	var over atomic.Bool
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := f.srv.Shutdown(context.Background()); err != nil {
				t.Error(err)
			}
			if !over.Load() {
				t.Error("returned before the end")
			}
		})
	}
	eventually(t, "a session that is closing", func() bool { return !p.s.Open() })
	w.expectCloseThen(func() { over.Store(true) }, p)
	wg.Wait()
}

// expectCloseThen ends a polling client, and then answers the close frame of
// this one, so that the second is the last.
func (w *wsClient) expectCloseThen(before func(), p *poller) {
	w.f.t.Helper()
	p.expect("6\x1e1")
	p.s.expectEnd(w.f.t, engine.ForcedClose, "")
	if op, _ := w.read(); op != 8 {
		w.f.t.Fatalf("opcode %x", op)
	}
	before()
	w.write(wsFrame(0x88, ""))
	w.expectEOF()
}

// When the context ends, so does everything.
func TestShutdownDeadline(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture) {
		absent := f.open()
		silent, s := f.openWS() // reads the close frame, and does not answer
		_, deaf := f.openWS()   // does not even read
		deaf.text(t, "unread")  //
		candidate := f.open()   // closes during an upgrade
		c := candidate.probe()  //
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		told := make(chan ws.OpCode, 1)
		go func() {
			op, _ := silent.read()
			told <- op
		}()
		clock := newClock(t)
		if err := f.srv.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		clock.at(5 * time.Second)
		for _, s := range []*session{absent.s, s, deaf, candidate.s} {
			s.expectEnd(t, engine.ForcedClose, "")
		}
		if op := get(t, "close frame", told); op != ws.OpClose {
			t.Errorf("opcode %x", op)
		}
		silent.expectEOF()
		c.expectEOF()
		eventually(t, "no timers", func() bool { return f.srv.Timers() == 0 })
		if err := f.srv.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

// Without a deadline a client that does not answer is given up after 10 s, and so
// is one that does not poll, also if it has had time before.
func TestShutdownGivesUp(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture) {
		_, s := f.openWS()
		clock := newClock(t)
		if err := f.srv.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		clock.at(10 * time.Second)
		s.expectEnd(t, engine.ForcedClose, "")
	})
	bubble(t, nil, func(t *testing.T, f *fixture) {
		p, closing := f.open(), f.open()
		closing.s.Close()
		clock := newClock(t)
		if err := f.srv.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		clock.at(10 * time.Second)
		p.s.expectEnd(t, engine.ForcedClose, "")
		closing.s.expectEnd(t, engine.ForcedClose, "")
	})
}

// Close waits for nobody, and drops what is queued.
func TestServerClose(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture) {
		waiting := f.open()
		poll := waiting.pending()
		if err := waiting.s.queue("4dropped", false); err != nil {
			t.Fatal(err)
		}
		absent := f.open()
		w, s := f.openWS()
		deaf, unread := f.openWS()
		unread.text(t, strings.Repeat("x", 1<<20))
		upgrading := f.open()
		c := upgrading.probe()
		refused := f.dialWS(wsQuery + "&sid=" + upgrading.s.ID()) // in its closing handshake
		synctest.Wait()
		clock := newClock(t)
		if err := f.srv.Close(); err != nil {
			t.Error(err)
		}
		clock.at(0)
		for _, s := range []*session{waiting.s, absent.s, s, unread, upgrading.s} {
			s.expectEnd(t, engine.ForcedClose, "")
		}
		waiting.expectFrom(poll, 200, "1")
		w.expectEOF()
		c.expectEOF()
		for _, c := range []*wsClient{deaf, refused} {
			for {
				if _, _, err := c.next(); err != nil {
					break
				}
			}
		}
		f.expectUnavailable()
		eventually(t, "no timers", func() bool { return f.srv.Timers() == 0 })
		if err := errors.Join(f.srv.Close(), f.srv.Shutdown(context.Background())); err != nil {
			t.Error(err)
		}
	})
}

// Close in the middle of a Shutdown ends it.
func TestCloseDuringShutdown(t *testing.T) {
	bubble(t, nil, func(t *testing.T, f *fixture) {
		absent := f.open()
		_, s := f.openWS()
		done := make(chan error, 1)
		go func() { done <- f.srv.Shutdown(context.Background()) }()
		synctest.Wait()
		clock := newClock(t)
		if err := f.srv.Close(); err != nil {
			t.Error(err)
		}
		if err := get(t, "end of Shutdown", done); err != nil {
			t.Error(err)
		}
		clock.at(0)
		absent.s.expectEnd(t, engine.ForcedClose, "")
		s.expectEnd(t, engine.ForcedClose, "")
	})
}

// A connection whose handshake is going on while the server closes is closed
// as soon as that is over.
func TestCloseDuringHandshake(t *testing.T) {
	for _, query := range []string{wsQuery, handshakeQuery} { // a session, and one that is closed in order
		bubble(t, nil, func(t *testing.T, f *fixture) {
			hold := &holder{reached: make(chan struct{}), release: make(chan struct{})}
			f.http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				hold.ResponseWriter = w
				f.srv.ServeHTTP(hold, r)
			})
			w := f.raw(wsRequest(query))
			<-hold.reached
			done := make(chan error, 1)
			go func() { done <- f.srv.Close() }()
			synctest.Wait()
			clock := newClock(t)
			close(hold.release)
			_, _ = io.Copy(io.Discard, w.r) // the answer to the handshake may be dropped, too
			if err := get(t, "end of Close", done); err != nil {
				t.Error(err)
			}
			clock.at(0)
			if query == wsQuery {
				f.session().expectEnd(t, engine.ForcedClose, "")
			}
		})
	}
}

// holder is a ResponseWriter whose connection is taken over when the test says so.
type holder struct {
	http.ResponseWriter
	reached, release chan struct{}
}

func (h *holder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	close(h.reached)
	<-h.release
	return http.NewResponseController(h.ResponseWriter).Hijack()
}

// Sessions that begin while the server closes end with it, and are told so once.
func TestCloseWhileSessionsBegin(t *testing.T) {
	for range 10 {
		f := serve(t, nil)
		var wg sync.WaitGroup
		began := make(chan struct{}, 1024)
		for i := range 8 {
			wg.Go(func() {
				for {
					if i%2 == 0 {
						r, err := f.try("GET", handshakeQuery, "")
						if err != nil || r.status != 200 {
							return
						}
					} else if c, err := f.dial(); err != nil {
						return
					} else {
						w := f.attach(c)
						_, _ = c.Write([]byte(wsRequest(wsQuery)))
						if resp, err := http.ReadResponse(w.r, nil); err != nil || resp.StatusCode != 101 {
							_ = c.Close()
							return
						}
					}
					select {
					case began <- struct{}{}:
					default:
					}
				}
			})
		}
		for range 20 {
			get(t, "session", began)
		}
		if err := f.srv.Close(); err != nil {
			t.Error(err)
		}
		if n := f.srv.Len(); n != 0 {
			t.Errorf("%d sessions", n)
		}
		wg.Wait()
		for len(f.sessions) > 0 {
			s := f.session()
			get(t, "end of the session", s.ended)
			if len(s.ended) != 0 {
				t.Error("ended twice")
			}
		}
		eventually(t, "no timers", func() bool { return f.srv.Timers() == 0 })
	}
}

// The http.Server is none of our business: it goes on.
func TestShutdownLeavesTheHTTPServer(t *testing.T) {
	f := serve(t, nil, func(f *fixture) {
		mux := http.NewServeMux()
		mux.Handle("/engine.io/", f.srv)
		f.handler = mux
	})
	if err := f.srv.Shutdown(context.Background()); err != nil {
		t.Error(err)
	}
	f.refuseAt("/elsewhere", 404, "404 page not found\n")
}

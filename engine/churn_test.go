package engine_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/gobwas/ws"

	"github.com/gosio/sio/engine"
)

// Clients come, go, upgrade and misbehave as they like, while everybody is
// sent something. Each session ends once; nothing is left.
func TestChurn(t *testing.T) {
	const clients, rounds = 16, 12
	f := serve(t, &engine.Config{MaxPayload: 2000, MaxQueue: 50_000}, func(f *fixture) {
		f.prepare = func(s *session) {
			s.onMessage = func(data []byte, binary bool) <-chan struct{} {
				switch {
				case string(data) == "close":
					s.Close()
				case string(data) == "abort":
					s.Abort()
				default:
					s.Cork()
					_ = s.queue("4"+string(data), false)
					s.FlushSoon()
				}
				return nil
			}
		}
	})
	stop := make(chan struct{})
	var broadcaster, wg sync.WaitGroup
	var all []*session
	broadcaster.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			case s := <-f.sessions:
				all = append(all, s)
			default:
			}
			for _, s := range all {
				_ = s.queue(fmt.Sprint("4broadcast ", i), i%2 == 0)
				s.FlushAsync()
			}
		}
	})
	for c := range clients {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(c)))
			for range rounds {
				f.misbehave(random)
			}
		})
	}
	wg.Wait()
	close(stop)
	broadcaster.Wait()
	if err := f.srv.Close(); err != nil {
		t.Error(err)
	}
	for len(f.sessions) > 0 {
		all = append(all, <-f.sessions)
	}
	if len(all) < clients {
		t.Errorf("only %d sessions", len(all))
	}
	for _, s := range all {
		get(t, "end of a session", s.ended)
		if len(s.ended) != 0 {
			t.Error("ended twice")
		}
	}
	eventually(t, "nothing left", func() bool { return f.srv.Len() == 0 && f.srv.Timers() == 0 })
}

// misbehave is a client's life.
func (f *fixture) misbehave(random *rand.Rand) {
	packets := []string{"4hello", "4" + strings.Repeat("x", 1500), "bAQID", "3", "4close", "4abort", "1", "2", "rubbish", "4" + strings.Repeat("x", 3000)}
	r, err := f.try(http.MethodGet, handshakeQuery, "")
	if err != nil || r.status != 200 {
		f.t.Errorf("%+v, %v", r, err)
		return
	}
	sid := r.body[len(`0{"sid":"`):][:20]
	query := handshakeQuery + "&sid=" + sid
	var wg sync.WaitGroup
	wg.Go(func() {
		for { // polls, until the session has ended or moved
			if r, err := f.try(http.MethodGet, query, ""); err != nil || r.status != 200 {
				return
			}
		}
	})
	if random.IntN(2) == 0 {
		wg.Go(func() {
			conn, err := f.dial()
			if err != nil {
				f.t.Error(err)
				return
			}
			defer conn.Close()
			w := f.attach(conn)
			_, _ = conn.Write([]byte(wsRequest(wsQuery+"&sid="+sid) + textFrames("2probe")))
			resp, err := http.ReadResponse(w.r, nil)
			if err != nil || resp.StatusCode != http.StatusSwitchingProtocols {
				return
			}
			_, _ = conn.Write([]byte(textFrames("5", "4hello", "4on WebSocket", "4abort")))
			for {
				if h, _, err := w.next(); err != nil || h.OpCode == ws.OpClose {
					return
				}
			}
		})
	}
	for range 3 {
		_, _ = f.try(http.MethodPost, query, packets[random.IntN(len(packets))])
	}
	_, _ = f.try(http.MethodPost, query, "1")
	wg.Wait()
}

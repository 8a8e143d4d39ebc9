package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/bench/process"
	"github.com/gosio/sio/bench/result"
)

// lieEnv has the test binary be a server that tells the lie that it names.
const lieEnv = "SIO_BENCH_LIE"

func TestMain(m *testing.M) {
	if lie := os.Getenv(lieEnv); lie != "" {
		liar(lie)
		return
	}
	code := m.Run()
	if err := process.Clean(); err != nil {
		fmt.Println(err)
		code = 1
	}
	os.Exit(code)
}

// broken is what a client cannot do, with the official server either.
var broken = map[string]bool{
	"zishang polling": true, // what it emits never leaves
	"zishang storm":   true, // it joins twice now and then, which ends the connection
}

// attempt measures shortly. What a client needs may be missing, but not under CI.
func attempt(t *testing.T, server, client string, s scenario) (result.Measure, error) {
	t.Helper()
	m, err := measure(t.Context(), server, client, s, 300*time.Millisecond)
	if errors.Is(err, process.ErrMissing) && os.Getenv("CI") == "" {
		t.Skipf("NOT TESTED: %v", err)
	}
	return m, err
}

func TestClients(t *testing.T) {
	if len(process.Clients()) != 5 {
		t.Fatalf("%d clients", len(process.Clients()))
	}
	for _, c := range process.Clients() {
		for _, s := range scenarios {
			if !s.Can(c.Name, c.Kind) || broken[c.Name+" "+s.Name] {
				continue
			}
			t.Run(c.Name+"/"+s.Name, func(t *testing.T) {
				m, err := attempt(t, "sio", c.Name, s)
				for try := 1; err != nil && c.Kind == result.Peer && try < 3; try++ { // it is not we who promise
					t.Log(err)
					m, err = attempt(t, "sio", c.Name, s)
				}
				if err != nil || m.Wrong != 0 || m.Ops == 0 {
					t.Fatalf("%+v, %v", m, err)
				}
				if s.Idle && (m.RSS < 1<<10 || m.RSS > 1<<20) {
					t.Errorf("%d bytes", m.RSS)
				}
				if !s.Idle && m.Elapsed < 300*time.Millisecond {
					t.Errorf("%+v", m)
				}
			})
		}
		t.Run(c.Name+"/version", func(t *testing.T) {
			version, err := process.ClientVersion(t.Context(), c.Name)
			if errors.Is(err, process.ErrMissing) && os.Getenv("CI") == "" {
				t.Skipf("NOT TESTED: %v", err)
			}
			if err != nil || !strings.Contains(version, ", ") {
				t.Errorf("%q, %v", version, err)
			}
		})
	}
}

// An answer that is wrong, lost or repeated is noticed.
func TestLies(t *testing.T) {
	grace = time.Second // for what is lost
	t.Cleanup(func() { grace = 10 * time.Second })
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for lie, names := range map[string]string{"wrong": "echo16,call,stream", "lost": "echo1,call", "twice": "echo16,stream"} {
		if err := process.Add(lie, "env "+lieEnv+"="+lie+" "+self); err != nil {
			t.Fatal(err)
		}
		for _, c := range process.Clients() {
			for _, s := range scenarios {
				if !slices.Contains(strings.Split(names, ","), s.Name) {
					continue
				}
				t.Run(lie+"/"+c.Name+"/"+s.Name, func(t *testing.T) {
					t.Parallel()
					m, err := attempt(t, lie, c.Name, s)
					if err == nil || !strings.Contains(err.Error(), "were wrong") && !strings.Contains(err.Error(), "stop: ") {
						t.Errorf("%+v, %v", m, err)
					}
				})
			}
		}
	}
}

// liar serves: one event gets what it should not.
func liar(lie string) {
	io := sio.NewServer(nil)
	var events atomic.Int64
	answer := func(text string, which int64, say func(string) error) error {
		if events.Add(1) != which {
			return say(text)
		}
		switch lie {
		case "wrong":
			return say(strings.ToUpper(text))
		case "lost":
			return nil
		}
		return errors.Join(say(text), say(text))
	}
	sio.On(io, "echo", func(_ context.Context, s *sio.Socket, text string) error {
		return answer(text, 150, func(text string) error { return s.Emit("echo", text) })
	})
	io.OnConnect(func(s *sio.Socket) {
		s.On("call", func(_ context.Context, s *sio.Socket, m *sio.Message) error {
			var text string
			if err := m.Decode(&text); err != nil {
				return err
			}
			return answer(text, 150, func(text string) error { return m.Ack(text) })
		})
		s.On("cast", func(_ context.Context, s *sio.Socket, m *sio.Message) error {
			var room, text string
			if err := m.Decode(&room, &text); err != nil {
				return err
			}
			return answer(text, 20, func(text string) error { return io.Emit("cast", text) })
		})
	})
	listen(io)
}

// listen follows the contract of servers.
func listen(h http.Handler) {
	server := httptest.NewServer(h)
	fmt.Println("listening", strings.TrimPrefix(server.URL, "http://"))
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
}

func TestFigures(t *testing.T) {
	for answer, want := range map[string]string{
		"5 0":                      "5 0 ",
		`7 2 "a b" instead of "c"`: `7 2 "a b" instead of "c"`,
	} {
		ops, wrong, first, err := figures(answer)
		if got := fmt.Sprint(ops, " ", wrong, " ", first); got != want || err != nil {
			t.Errorf("%q: %q, %v", answer, got, err)
		}
	}
	for _, answer := range []string{"", "5", "a b"} {
		if _, _, _, err := figures(answer); err == nil {
			t.Errorf("%q was understood", answer)
		}
	}
}

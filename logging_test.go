package sio_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/gosio/sio"
)

// journal is what a server has logged.
type journal struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.String()
}

// has waits for a line with all of the parts.
func (j *journal) has(t *testing.T, parts ...string) {
	t.Helper()
	eventually(t, strings.Join(parts, " … "), func() bool {
		for line := range strings.Lines(j.String()) {
			missing := false
			for _, part := range parts {
				missing = missing || !strings.Contains(line, part)
			}
			if !missing {
				return true
			}
		}
		return false
	})
}

func keepJournal(level slog.Level) (*journal, *slog.Logger) {
	j := new(journal)
	return j, slog.New(slog.NewTextHandler(j, &slog.HandlerOptions{Level: level}))
}

// All that is logged has its level and its attributes, and no secret.
func TestLog(t *testing.T) {
	j, log := keepJournal(slog.LevelDebug)
	f := serve(t, &sio.Config{Logger: log, MaxQueue: 10_000, AllowRequest: func(r *http.Request) error {
		if r.URL.Query().Has("stranger") {
			return errors.New("no strangers")
		}
		return nil
	}})
	sio.On(f, "refuses", func(context.Context, *sio.Socket, none) error { return &sio.Error{Message: "no"} })
	f.Of("/members").Use(func(context.Context, *sio.Socket) error { return errors.New("who?") })
	const secret = "s3cret"
	dial := func(transport string) *peer {
		p := &peer{t: t, srv: f, changed: make(chan struct{}), done: make(chan struct{})}
		start := p.startPolling
		if transport == "websocket" {
			start = p.startWebSocket
		}
		if err := start("&token=" + secret); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(p.close)
		return p
	}
	var engines []string
	for _, transport := range transports {
		p := dial(transport)
		engines = append(engines, p.engine)
		j.has(t, "level=DEBUG", `msg="connection opened"`, "remote=127.0.0.1:", "transport="+transport)
		p.send(`40{"password":"` + secret + `"}`)
		id := p.granted("/")
		j.has(t, "level=DEBUG", `msg="socket connected"`, "socket="+id, "namespace=/")
		p.send(`40/members,{"password":"` + secret + `"}`)
		p.expect(`44/members,{"message":"who?"}`)
		j.has(t, "level=DEBUG", `msg="socket refused"`, "namespace=/members", "error=who?")
		p.send(`42["refuses","` + secret + `"]`)
		if f.reported().Event != "refuses" {
			t.Error("another error")
		}
		p.send(`42{"` + secret + `"]`)
		_ = f.reported()
		j.has(t, "level=WARN", `msg="protocol violation"`, "transport="+transport, "error=")
		j.has(t, "level=DEBUG", `msg="socket disconnected"`, "socket="+id, `reason="forced close"`)
		j.has(t, "level=DEBUG", `msg="connection closed"`, `reason="forced close"`)
	}

	p := dial("polling")
	engines = append(engines, p.engine)
	p.send("40{}")
	p.granted("/")
	p.upgrade()
	j.has(t, "level=DEBUG", `msg="connection upgraded"`, "transport=websocket")
	stall(p)
	for s := f.only("/"); s.Emit("flood", strings.Repeat(secret, 1000)) == nil; {
	}
	j.has(t, "level=WARN", `msg="connection closed"`, `reason="transport error"`, `error="engine: write queue full"`, "duration=")
	resume(p)

	for _, query := range []string{"?EIO=4&transport=tobi", "?EIO=4&transport=polling&sid=" + secret, "?EIO=4&transport=polling&stranger=" + secret} {
		req, _ := http.NewRequest("GET", f.http.URL+"/socket.io/"+query, nil)
		req.Header.Set("Cookie", "session="+secret)
		res, err := f.http.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
	}
	j.has(t, "level=DEBUG", `msg="request refused"`, "path=/socket.io/", "code=0", `message="Transport unknown"`)
	j.has(t, "level=DEBUG", `msg="request refused"`, "method=GET", "code=1")
	j.has(t, "level=DEBUG", `msg="request refused"`, "code=4", `reason="no strangers"`)

	if text := j.String(); strings.Contains(text, secret) {
		t.Errorf("a secret was logged:\n%s", text)
	} else {
		for _, id := range engines {
			if id == "" || strings.Contains(text, id) {
				t.Errorf("the session id %q was logged:\n%s", id, text)
			}
		}
	}
}

// Errors of handlers are logged, if nobody else gets them.
func TestLogErrors(t *testing.T) {
	j, log := keepJournal(slog.LevelInfo)
	f := serve(t, &sio.Config{Logger: log, OnError: func(error) {}})
	server := sio.NewServer(&sio.Config{Logger: log})
	f.Server = server
	sio.On(f, "fails", func(context.Context, *sio.Socket, none) error { return errors.New("went wrong") })
	sio.On(f, "panics", func(context.Context, *sio.Socket, none) error { panic("oops") })
	p := f.join("websocket")
	p.send(`42["fails"]`)
	j.has(t, "level=ERROR", `msg="handler failed"`, "socket="+p.id, "namespace=/", "event=fails", `error="went wrong"`)
	p.send(`42["panics"]`)
	j.has(t, "level=ERROR", `msg="handler failed"`, "event=panics", "panic=oops", "logging_test.go")
	p.send("4?")
	p.expectClosed()
	j.has(t, "level=WARN", `msg="protocol violation"`)
	if text := j.String(); strings.Count(text, "unknown packet") != 1 || strings.Contains(text, "DEBUG") {
		t.Errorf("logged\n%s", text)
	}
}

// A WebSocket that is impossible for a middleware's fault is the server's.
func TestLogHiddenConnection(t *testing.T) {
	j, log := keepJournal(slog.LevelInfo)
	f := serve(t, &sio.Config{Logger: log, Middleware: []func(http.Handler) http.Handler{func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(struct{ http.ResponseWriter }{w}, r)
		})
	}}})
	if _, err := dialWebSocket(f.url("websocket", "")); err == nil {
		t.Fatal("accepted")
	}
	j.has(t, "level=ERROR", `msg="request refused"`, "name=TRANSPORT_HANDSHAKE_ERROR", "neither Hijack nor Unwrap")
}

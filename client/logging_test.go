package client_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/gosio/sio"
	"github.com/gosio/sio/client"
)

// journal is what a client has logged.
type journal struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(p)
}

// take returns what was logged since the last time.
func (j *journal) take() string {
	synctest.Wait()
	j.mu.Lock()
	defer j.mu.Unlock()
	defer j.b.Reset()
	return j.b.String()
}

func (j *journal) logger(level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(j, &slog.HandlerOptions{Level: level, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == slog.LevelKey {
			return slog.Attr{}
		}
		return a
	}}))
}

// What happens to a connection is logged, without secrets.
func TestLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, nil)
		f.io.Of("/vip").Use(func(context.Context, *sio.Socket) error { return errors.New("not you") })
		j := new(journal)
		s := f.newOf("/?token=secret", &client.Config{
			HTTPClient: f.http, Logger: j.logger(slog.LevelDebug), RandomizationFactor: -1, Transports: []string{client.WebSocket}, Auth: client.StaticAuth(map[string]string{"token": "secret"}),
		})
		hooks := f.hooks(s)
		s.Connect()
		hooks.expect(f, "connect")
		s.Of("/vip").Connect()
		f.drop()
		hooks.expect(f, "disconnect: transport close", "connect")
		synctest.Wait()
		s.Disconnect()
		got := j.take()
		const want = `msg="connection opened" transport=websocket server=server
msg="socket connected" recovered=false namespace=/ server=server
msg="socket refused" error="not you" namespace=/vip server=server
msg="connection closed" reason="transport close" error="connection reset by peer" server=server
msg="socket disconnected" reason="transport close" error="connection reset by peer" namespace=/ server=server
msg=reconnecting attempt=1 server=server
msg="connection opened" transport=websocket server=server
msg="socket connected" recovered=false namespace=/ server=server
msg="socket disconnected" reason="io client disconnect" namespace=/ server=server
msg="connection closed" reason="forced close" server=server
`
		if got != want {
			t.Errorf("logged:\n%s\ninstead of:\n%s", got, want)
		}
	})
}

// What nobody else gets is logged, and that only at the level of errors.
func TestLogErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, nil)
		sockets := f.sockets()
		j := new(journal)
		s := f.new(&client.Config{HTTPClient: f.http, Logger: j.logger(slog.LevelInfo)})
		client.On(s, "fail", func(context.Context, int) error { return errors.New("it failed") })
		client.On(s, "panic", func(context.Context, int) error { panic("help") })
		f.connect(s)
		peer := <-sockets
		_ = peer.Emit("fail", 1)
		if got := j.take(); got != "msg=\"event failed\" namespace=/ event=fail error=\"it failed\"\n" {
			t.Error(got)
		}
		_ = peer.Emit("panic", 1)
		if got := j.take(); !strings.HasPrefix(got, `msg="event failed" namespace=/ event=panic panic=help stack="goroutine`) || !strings.Contains(got, "TestLogErrors") {
			t.Error(got)
		}
	})
}

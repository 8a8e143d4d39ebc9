//go:build !js

package ws_test

import (
	"bufio"
	"context"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gosio/sio/internal/ws"
)

// acceptOf is the answer to a key, by another hand.
func acceptOf(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// answering is a server that answers each request with the bytes that answer
// returns, and then reads until the client has closed.
func answering(t testing.TB, answer func(r *http.Request) string) (url string, ended chan struct{}) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	ended = make(chan struct{}, 100)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = c.Close(); ended <- struct{}{} }()
				_ = c.SetDeadline(time.Now().Add(patience))
				r, err := http.ReadRequest(bufio.NewReader(c))
				if err != nil {
					return
				}
				_, _ = io.WriteString(c, answer(r))
				_, _ = io.Copy(io.Discard, c)
			}()
		}
	}()
	return "http://" + l.Addr().String(), ended
}

// switching is a good answer, with more headers.
func switching(r *http.Request, more ...string) string {
	lines := append([]string{"HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Accept: " + acceptOf(r.Header.Get("Sec-WebSocket-Key"))}, more...)
	return strings.Join(lines, "\r\n") + "\r\n\r\n"
}

// watched tells whether bodies are closed.
type watched struct {
	http.RoundTripper
	open atomic.Int32
}

type watchedBody struct {
	io.ReadWriteCloser
	w    *watched
	once atomic.Bool
}

func (b *watchedBody) Close() error {
	if !b.once.Swap(true) {
		b.w.open.Add(-1)
	}
	return b.ReadWriteCloser.Close()
}

// readOnly is a body that cannot be written to.
type readOnly struct{ io.ReadCloser }

func (readOnly) Write([]byte) (int, error) { return 0, errors.ErrUnsupported }

func (w *watched) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := w.RoundTripper.RoundTrip(r)
	if err == nil {
		w.open.Add(1)
		body, ok := resp.Body.(io.ReadWriteCloser)
		if !ok {
			body = readOnly{resp.Body}
		}
		resp.Body = &watchedBody{ReadWriteCloser: body, w: w}
	}
	return resp, err
}

// watching is an http.Client of a test that tells whether a body was left open.
func watching(t testing.TB) *http.Client {
	hc := client(t, new(http.Transport))
	w := &watched{RoundTripper: hc.Transport}
	hc.Transport = w
	t.Cleanup(func() {
		if n := w.open.Load(); n != 0 {
			t.Errorf("%d bodies were left open", n)
		}
	})
	return hc
}

// What a server can answer that is not the answer to a handshake.
func TestBadAnswers(t *testing.T) {
	const takeover = "permessage-deflate; client_no_context_takeover"
	extension := func(e string) func(*http.Request) string {
		return func(r *http.Request) string { return switching(r, "Sec-WebSocket-Extensions: "+e) }
	}
	without := func(line string) func(*http.Request) string {
		return func(r *http.Request) string { return strings.Replace(switching(r), line, "X: y", 1) }
	}
	for name, test := range map[string]struct {
		answer  func(*http.Request) string
		problem string
		deflate bool
	}{
		"wrong accept":     {func(r *http.Request) string { r.Header.Set("Sec-WebSocket-Key", "x"); return switching(r) }, "Accept", false},
		"no accept":        {without("Sec-WebSocket-Accept"), "Accept", false},
		"two accepts":      {func(r *http.Request) string { return switching(r, "Sec-WebSocket-Accept: x") }, "Accept", false},
		"no upgrade":       {without("Upgrade: websocket"), "Upgrade", false},
		"another upgrade":  {func(r *http.Request) string { return strings.Replace(switching(r), "websocket", "h2c", 1) }, "Upgrade", false},
		"no connection":    {without("Connection: Upgrade"), "Connection", false},
		"other connection": {func(r *http.Request) string { return strings.Replace(switching(r), "n: Upgrade", "n: keep-alive", 1) }, "Connection", false},
		"unknown protocol": {func(r *http.Request) string { return switching(r, "Sec-WebSocket-Protocol: third") }, "subprotocol", false},
		"case of protocol": {func(r *http.Request) string { return switching(r, "Sec-WebSocket-Protocol: First") }, "subprotocol", false},
		"all protocols":    {func(r *http.Request) string { return switching(r, "Sec-WebSocket-Protocol: first, second") }, "subprotocol", false},
		"two protocols": {func(r *http.Request) string {
			return switching(r, "Sec-WebSocket-Protocol: first", "Sec-WebSocket-Protocol: second")
		}, "subprotocol", false},
		"not offered":       {extension(offeredDeflate), "not offered", false},
		"another extension": {extension("x-webkit-deflate-frame"), "not offered", true},
		"two extensions":    {extension(offeredDeflate + ", x"), "not offered", true},
		"twice":             {extension(offeredDeflate + ", " + offeredDeflate), "not offered", true},
		"malformed":         {extension("permessage-deflate; =="), "malformed", true},
		"server takeover":   {extension(takeover), "window", true},
		"bare":              {extension("permessage-deflate"), "window", true},
		"client window":     {extension(offeredDeflate + "; client_max_window_bits=15"), "client_max_window_bits", true},
		"server window":     {extension(offeredDeflate + "; server_max_window_bits=16"), "server_max_window_bits", true},
		"unknown parameter": {extension(offeredDeflate + "; x=1"), "unexpected", true},
	} {
		t.Run(name, func(t *testing.T) {
			url, ended := answering(t, test.answer)
			o := &ws.DialOptions{Protocols: []string{"first", "second"}}
			if test.deflate {
				o.Deflate = &ws.Deflate{}
			}
			c, resp, err := ws.Dial(watching(t), get(t, url), o)
			var refused *ws.HandshakeError
			if c != nil || !errors.As(err, &refused) || refused.Status != 101 || !strings.Contains(refused.Problem, test.problem) || len(refused.Body) != 0 || refused.Header == nil {
				t.Errorf("%+v", err)
			}
			if resp == nil || resp.StatusCode != 101 {
				t.Errorf("answer %v", resp)
			}
			receive(t, "end of the connection", ended)
		})
	}
}

const offeredDeflate = "permessage-deflate; client_no_context_takeover; server_no_context_takeover"

// And what is right, though it need not look like that of most servers.
func TestGoodAnswers(t *testing.T) {
	for name, test := range map[string]struct {
		answer  func(*http.Request) string
		deflate bool
	}{
		"plain": {func(r *http.Request) string { return switching(r) }, false},
		"case": {func(r *http.Request) string {
			return strings.Replace(strings.ToUpper(switching(r)), strings.ToUpper(acceptOf(r.Header.Get("Sec-WebSocket-Key"))), acceptOf(r.Header.Get("Sec-WebSocket-Key")), 1)
		}, false},
		"connection list": {func(r *http.Request) string {
			return strings.Replace(switching(r), "n: Upgrade", "n: keep-alive, upgrade", 1)
		}, false},
		"protocol": {func(r *http.Request) string { return switching(r, "Sec-WebSocket-Protocol: second") }, false},
		"deflate":  {func(r *http.Request) string { return switching(r, "Sec-WebSocket-Extensions: "+offeredDeflate) }, true},
		"deflate, client not said": {func(r *http.Request) string {
			return switching(r, "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover")
		}, true},
		"deflate, smaller window": {func(r *http.Request) string {
			return switching(r, "Sec-WebSocket-Extensions: "+offeredDeflate+"; server_max_window_bits=10")
		}, true},
		"an empty list": {func(r *http.Request) string { return switching(r, "Sec-WebSocket-Extensions:") }, false},
	} {
		t.Run(name, func(t *testing.T) {
			compressed := unmasked(0xc1, compress([]byte("hello"), 9))
			url, _ := answering(t, func(r *http.Request) string { return test.answer(r) + string(compressed) })
			o := &ws.DialOptions{Protocols: []string{"first", "second"}, Options: ws.Options{Deflate: &ws.Deflate{}}}
			d := open(t, client(t, new(http.Transport)), get(t, url), o)
			if test.deflate {
				if got := receive(t, "message", d.messages); got.data != "hello" {
					t.Errorf("got %q", got.data)
				}
				return
			}
			var protocol *ws.ProtocolError
			if err := receive(t, "end", d.closed); !errors.As(err, &protocol) {
				t.Errorf("ended with %v", err)
			}
		})
	}
}

// Errors of the server come with what it says, as far as 1 KiB.
func TestRefusals(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/ok":
			_, _ = w.Write([]byte("a page"))
		case "/forbidden":
			w.Header().Set("X-Why", "because")
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write([]byte("not you"))
		case "/large":
			w.WriteHeader(http.StatusBadGateway)
			_, _ = w.Write([]byte(strings.Repeat("x", 100_000)))
		case "/redirect":
			http.Redirect(w, r, "/forbidden", http.StatusFound)
		}
	}))
	defer srv.Close()
	for path, want := range map[string]struct {
		status int
		body   string
	}{
		"/ok": {200, "a page"}, "/forbidden": {403, "not you"}, "/large": {502, strings.Repeat("x", 1024)},
		"/redirect": {403, "not you"}, "/empty": {200, ""},
	} {
		t.Run(path, func(t *testing.T) {
			c, resp, err := ws.Dial(watching(t), get(t, srv.URL+path), nil)
			var refused *ws.HandshakeError
			if c != nil || !errors.As(err, &refused) || refused.Status != want.status || string(refused.Body) != want.body || !strings.Contains(err.Error(), fmt.Sprint(want.status)) {
				t.Fatalf("%v, %+v", err, refused)
			}
			if want.status == 403 && refused.Header.Get("X-Why") != "because" {
				t.Errorf("headers %q", refused.Header)
			}
			if resp == nil || resp.StatusCode != want.status {
				t.Errorf("answer %v", resp)
			}
			if b, err := io.ReadAll(resp.Body); len(b) != 0 || err != nil {
				t.Errorf("body %q, %v", b, err)
			}
		})
	}
}

// A redirect is followed as net/http does, and what is not, is an answer.
func TestRedirects(t *testing.T) {
	target := echoServer(t, ws.Options{Poller: poller})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/loop" {
			http.Redirect(w, r, "/loop", http.StatusFound)
			return
		}
		http.Redirect(w, r, target, http.StatusTemporaryRedirect)
	}))
	defer srv.Close()
	open(t, watching(t), get(t, srv.URL), nil).echoes("hello")

	hc := watching(t)
	if _, _, err := ws.Dial(hc, get(t, srv.URL+"/loop"), nil); err == nil || !strings.Contains(err.Error(), "10 redirects") {
		t.Errorf("of a loop: %v", err)
	}
	hc.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	var refused *ws.HandshakeError
	if _, _, err := ws.Dial(hc, get(t, srv.URL), nil); !errors.As(err, &refused) || refused.Status != 307 || refused.Header.Get("Location") != target {
		t.Errorf("not followed: %v", err)
	}
	hc.CheckRedirect = func(*http.Request, []*http.Request) error { return context.Canceled }
	if _, _, err := ws.Dial(hc, get(t, srv.URL), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("forbidden: %v", err)
	}
}

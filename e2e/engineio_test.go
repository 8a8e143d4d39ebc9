package e2e_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"github.com/gosio/sio"
	"github.com/gosio/sio/e2e/peer"
)

// TestRefusals: requests that are answered with an error, and harm nobody.
func TestRefusals(t *testing.T) {
	t.Parallel()
	host := peer.Start(t, &sio.Config{AllowRequest: func(r *http.Request) error {
		if r.URL.Query().Get("let") == "no" {
			return errors.New("not today")
		}
		return nil
	}}, nil)
	const at = "/socket.io/?"
	tests := []struct {
		name, method, query string
		status              int
		body                string
	}{
		{"unknown transport", "GET", "EIO=4&transport=abc", 400, `{"code":0,"message":"Transport unknown"}`},
		{"no transport", "GET", "EIO=4", 400, `{"code":0,"message":"Transport unknown"}`},
		{"a name that objects have", "GET", "EIO=4&transport=__proto__", 400, `{"code":0,"message":"Transport unknown"}`},
		{"unknown session", "GET", "EIO=4&transport=polling&sid=abc", 400, `{"code":1,"message":"Session ID unknown"}`},
		{"unknown session in a POST", "POST", "EIO=4&transport=polling&sid=abc", 400, `{"code":1,"message":"Session ID unknown"}`},
		{"handshake by POST", "POST", "EIO=4&transport=polling", 400, `{"code":2,"message":"Bad handshake method"}`},
		{"handshake by OPTIONS", "OPTIONS", "EIO=4&transport=polling", 400, `{"code":2,"message":"Bad handshake method"}`},
		{"WebSocket without an upgrade", "GET", "EIO=4&transport=websocket", 400, `{"code":3,"message":"Bad request"}`},
		{"not allowed", "GET", "EIO=4&transport=polling&let=no", 403, `{"code":4,"message":"not today"}`},
		{"older protocol", "GET", "EIO=3&transport=polling", 400, `{"code":5,"message":"Unsupported protocol version"}`},
		{"no protocol", "GET", "transport=polling", 400, `{"code":5,"message":"Unsupported protocol version"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, body := request(t, tt.method, host.URL+at+tt.query, "", "")
			if status != tt.status || body != tt.body {
				t.Errorf("%d %s, want %d %s", status, body, tt.status, tt.body)
			}
		})
	}
	t.Run("WebSocket, not allowed", func(t *testing.T) {
		_, _, _, err := ws.Dial(t.Context(), "ws"+strings.TrimPrefix(host.URL, "http")+at+"EIO=4&transport=websocket&let=no")
		var status ws.StatusError
		if !errors.As(err, &status) || int(status) != http.StatusBadRequest {
			t.Errorf("%v, want status 400", err)
		}
	})
}

// TestPollingAbuse: what ends a polling session, and what does not.
func TestPollingAbuse(t *testing.T) {
	t.Parallel()
	host := peer.Start(t, &sio.Config{MaxPayload: 1000, OnError: func(error) {}}, nil)
	open := func(t *testing.T) *rawPolling { return openPolling(t, host.URL).(*rawPolling) }

	// pending starts a poll, whose body is the answer. What follows may come
	// to the server before it.
	pending := func(t *testing.T, r *rawPolling) <-chan string {
		t.Helper()
		r.send(t, packet{text: "40"})
		expect(t, r, `40{"sid":"ID"}`, `42["auth",{}]`)
		answer := make(chan string, 1)
		go func() {
			_, body := request(t, http.MethodGet, r.url, "", "")
			answer <- body
		}()
		return answer
	}
	gone := func(t *testing.T, r *rawPolling) {
		t.Helper()
		if status, body := request(t, http.MethodGet, r.url, "", ""); status != 400 || body != `{"code":1,"message":"Session ID unknown"}` {
			t.Errorf("afterwards %d %s, want the session to be unknown", status, body)
		}
	}

	t.Run("two polls at once", func(t *testing.T) {
		r := open(t)
		answers := make(chan string, 2)
		for range 2 {
			go func() {
				status, body := request(t, http.MethodGet, r.url, "", "")
				answers <- http.StatusText(status) + " " + body
			}()
		}
		got := map[string]bool{<-answers: true, <-answers: true}
		if !got["OK 1"] || !got["Bad Request "] {
			t.Errorf("got %v, want a close packet, and an empty 400", got)
		}
		gone(t, r)
	})
	t.Run("two posts at once", func(t *testing.T) {
		r := open(t)
		body, rest := io.Pipe()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.url, body)
		if err != nil {
			t.Fatal(err)
		}
		first := make(chan error, 1)
		go func() {
			res, err := http.DefaultClient.Do(req)
			if err == nil {
				_ = res.Body.Close()
				err = errors.New(res.Status)
			}
			first <- err
		}()
		// The first is in progress once the server has taken some of it; the
		// second may still be earlier, and then is a packet like any other.
		_, _ = rest.Write([]byte("4"))
		deadline := time.Now().Add(patience)
		status := http.StatusOK
		for status == http.StatusOK && time.Now().Before(deadline) {
			status, _ = r.post(t, packet{text: "3"})
		}
		if status != http.StatusBadRequest {
			t.Errorf("status %d, want 400", status)
		}
		_ = rest.Close()
		if err := <-first; err == nil {
			t.Error("the first was answered as if nothing had been")
		}
		gone(t, r)
	})
	t.Run("too large", func(t *testing.T) {
		r := open(t)
		if status, _ := r.post(t, packet{text: "4" + strings.Repeat("x", 1000)}); status != http.StatusRequestEntityTooLarge {
			t.Errorf("status %d, want 413", status)
		}
		r.send(t, packet{text: "40"}) // it stays open
		expect(t, r, `40{"sid":"ID"}`)
		r.send(t, packet{text: `42["message","` + strings.Repeat("x", 1000-len(`42["message",""]`)) + `"]`}) // exactly the limit
	})
	t.Run("binary body", func(t *testing.T) {
		r := open(t)
		if status, body := request(t, http.MethodPost, r.url, "application/octet-stream", "4abc"); status != 400 || body != "" {
			t.Errorf("%d %q, want an empty 400", status, body)
		}
		gone(t, r)
	})
	t.Run("unknown method", func(t *testing.T) {
		r := open(t)
		if status, _ := request(t, http.MethodPut, r.url, "", ""); status != 500 {
			t.Errorf("status %d, want 500", status)
		}
		r.send(t, packet{text: "40"})
		expect(t, r, `40{"sid":"ID"}`)
	})
	for _, junk := range []string{"", "abc", "{}", `["a123"]`, "4a\x1e"} {
		t.Run("malformed body "+junk, func(t *testing.T) {
			r := open(t)
			answer := pending(t, r)
			request(t, http.MethodPost, r.url, "text/plain", junk)
			if body := <-answer; body != "1" && !strings.Contains(body, "Session ID unknown") {
				t.Errorf("the poll was answered with %q, want a close packet", body)
			}
			gone(t, r)
		})
	}
	t.Run("closed by the client", func(t *testing.T) {
		r := open(t)
		answer := pending(t, r)
		r.send(t, packet{text: "1"})
		if body := <-answer; body != "6" && !strings.Contains(body, "Session ID unknown") {
			t.Errorf("the poll was answered with %q, want a noop", body)
		}
		gone(t, r)
	})
	t.Run("the golden transcript of an invalid packet", func(t *testing.T) {
		r := open(t)
		r.send(t, packet{text: "40"})
		_, body := request(t, http.MethodGet, r.url, "", "")
		if !strings.HasPrefix(body, `40{"sid":"`) {
			t.Fatalf("got %s", body)
		}
		for !strings.Contains(body, "auth") { // it may come with the next poll
			_, body = request(t, http.MethodGet, r.url, "", "")
		}
		r.send(t, packet{text: "4abc"})
		if _, body := request(t, http.MethodGet, r.url, "", ""); body != "6\x1e1" {
			t.Errorf("got %q, want a noop and a close packet", body)
		}
		gone(t, r)
	})
}

// TestUpgrade holds the conversation by which a session moves from polling to
// WebSocket.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	host := peer.Start(t, &sio.Config{UpgradeTimeout: 10 * time.Second, OnError: func(error) {}}, nil)
	start := func(t *testing.T) (*rawPolling, string) {
		r := openPolling(t, host.URL).(*rawPolling)
		r.send(t, packet{text: "40"})
		expect(t, r, `40{"sid":"ID"}`, `42["auth",{}]`)
		return r, "&sid=" + r.url[strings.LastIndex(r.url, "=")+1:]
	}
	// usable says that the session lives on, on polling.
	usable := func(t *testing.T, r raw) {
		t.Helper()
		r.send(t, packet{text: `42["message","alive"]`})
		expect(t, r, `42["message-back","alive"]`)
	}

	t.Run("done", func(t *testing.T) {
		r, sid := start(t)
		w := dialWebSocket(t, host.URL, sid)
		w.send(t, packet{text: "2probe"})
		expect(t, w, "3probe")
		if _, body := request(t, http.MethodGet, r.url, "", ""); body != "6" {
			t.Errorf("the poll was answered with %q, want a noop", body)
		}
		r.send(t, packet{text: `42["message","before"]`}) // buffered, as no poll is pending
		w.send(t, packet{text: "5"})
		expect(t, w, `42["message-back","before"]`)
		usable(t, w)
		if status, body := request(t, http.MethodGet, r.url, "", ""); status != 400 || body != `{"code":3,"message":"Bad request"}` {
			t.Errorf("polling afterwards: %d %s", status, body)
		}
		expectClosed(t, dialWebSocket(t, host.URL, sid)) // a second one
		usable(t, w)
	})
	t.Run("a poll that is pending ends with the upgrade", func(t *testing.T) {
		r, sid := start(t)
		w := dialWebSocket(t, host.URL, sid)
		answer := make(chan string, 1)
		go func() {
			_, body := request(t, http.MethodGet, r.url, "", "")
			answer <- body
		}()
		w.send(t, packet{text: "5"}) // even without a probe
		if body := <-answer; body != "1" && body != "6" && !strings.Contains(body, "Bad request") {
			t.Errorf("the poll was answered with %q", body)
		}
		usable(t, w)
	})
	t.Run("wrong first packet", func(t *testing.T) {
		for _, text := range []string{"2", "3probe", "42[\"message\"]", "abc", "2prob"} {
			r, sid := start(t)
			w := dialWebSocket(t, host.URL, sid)
			w.send(t, packet{text: text})
			expectClosed(t, w)
			usable(t, r)
		}
	})
	t.Run("given up, and tried again", func(t *testing.T) {
		r, sid := start(t)
		w := dialWebSocket(t, host.URL, sid)
		w.send(t, packet{text: "2probe"})
		expect(t, w, "3probe")
		_ = w.conn.Close()
		usable(t, r)
		for { // until the server has seen it
			w = dialWebSocket(t, host.URL, sid)
			w.send(t, packet{text: "2probe"})
			if p, err := w.read(t); err == nil && p.text == "3probe" {
				break
			}
		}
		w.send(t, packet{text: "5"})
		usable(t, w)
	})
	t.Run("two at once", func(t *testing.T) {
		_, sid := start(t)
		w := dialWebSocket(t, host.URL, sid)
		w.send(t, packet{text: "2probe"})
		expect(t, w, "3probe")
		expectClosed(t, dialWebSocket(t, host.URL, sid))
		w.send(t, packet{text: "5"})
		usable(t, w)
	})
	t.Run("for an unknown session", func(t *testing.T) {
		_, _, _, err := ws.Dial(t.Context(), "ws"+strings.TrimPrefix(host.URL, "http")+"/socket.io/?EIO=4&transport=websocket&sid=abc")
		var status ws.StatusError
		if !errors.As(err, &status) || int(status) != http.StatusBadRequest {
			t.Errorf("%v, want status 400", err)
		}
	})
}

// A WebSocket that does not even probe is given up, and polling goes on.
func TestUpgradeThatTakesTooLong(t *testing.T) {
	t.Parallel()
	host := peer.Start(t, &sio.Config{UpgradeTimeout: 50 * time.Millisecond}, nil)
	r := openPolling(t, host.URL).(*rawPolling)
	w := dialWebSocket(t, host.URL, "&sid="+r.url[strings.LastIndex(r.url, "=")+1:])
	expectClosed(t, w)
	r.send(t, packet{text: "40"})
	expect(t, r, `40{"sid":"ID"}`, `42["auth",{}]`)
}

func TestWebSocketAbuse(t *testing.T) {
	t.Parallel()
	host := peer.Start(t, &sio.Config{MaxPayload: 1000, OnError: func(error) {}}, nil)
	tests := []struct {
		name  string
		frame ws.Frame
		code  ws.StatusCode // that the server closes with, 0 for any
	}{
		{"too large", ws.NewTextFrame([]byte("4" + strings.Repeat("x", 1000))), ws.StatusMessageTooBig},
		{"invalid UTF-8", ws.NewTextFrame([]byte("4\xff")), ws.StatusInvalidFramePayloadData},
		{"reserved opcode", ws.NewFrame(3, true, []byte("x")), ws.StatusProtocolError},
		{"reserved bit", func() ws.Frame {
			f := ws.NewTextFrame([]byte("2"))
			f.Header.Rsv = ws.Rsv(false, true, false)
			return f
		}(), ws.StatusProtocolError},
		{"continuation of nothing", ws.NewFrame(ws.OpContinuation, true, []byte("x")), ws.StatusProtocolError},
		{"undecodable packet", ws.NewTextFrame([]byte("abc")), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := dialWebSocket(t, host.URL, "")
			if r.readFrame(t) == "" {
				t.Fatal("no handshake")
			}
			if err := ws.WriteFrame(r.conn, ws.MaskFrameInPlace(tt.frame)); err != nil {
				t.Fatal(err)
			}
			_, _, err := wsutil.ReadServerData(r.rw)
			var closed wsutil.ClosedError
			errors.As(err, &closed)
			if err == nil || isTimeout(err) || tt.code != 0 && closed.Code != tt.code {
				t.Errorf("%v, want close code %d", err, tt.code)
			}
		})
	}
	r := openWebSocket(t, host.URL) // and it serves on
	r.send(t, packet{text: "40"})
	expect(t, r, `40{"sid":"ID"}`)
}

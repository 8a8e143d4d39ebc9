package ws_test

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gosio/sio/internal/ws"
)

const handshake = "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"

// respond sends a handshake with more headers, and returns the answer.
func respond(t *testing.T, url, more string) *http.Response {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if _, err := c.Write([]byte(handshake + more + "\r\n")); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// What the application sets cannot break the handshake.
func TestHeaderCannotBreakTheHandshake(t *testing.T) {
	url, _ := serve(t, &ws.Options{Header: http.Header{
		"Upgrade": {"h2c"}, "Connection": {"close"}, "Content-Length": {"5"}, "Transfer-Encoding": {"chunked"},
		"Sec-Websocket-Accept": {"wrong"}, "Sec-Websocket-Protocol": {"wrong"}, "Sec-Websocket-Extensions": {"permessage-deflate"},
		"Bad Name\r\nInjected": {"yes"}, "Set-Cookie": {"io=1", "b=2"},
	}})
	resp := respond(t, url, "")
	want := http.Header{
		"Upgrade": {"websocket"}, "Connection": {"Upgrade"}, "Sec-Websocket-Accept": {"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="},
		"Set-Cookie": {"io=1", "b=2"},
	}
	if resp.StatusCode != http.StatusSwitchingProtocols || len(resp.Header) != len(want) {
		t.Errorf("%s %q", resp.Status, resp.Header)
	}
	for k, v := range want {
		if strings.Join(resp.Header[k], "|") != strings.Join(v, "|") {
			t.Errorf("%s: %q", k, resp.Header[k])
		}
	}
}

func TestSubprotocols(t *testing.T) {
	url, _ := serve(t, nil)
	for offer, want := range map[string]string{
		"":                                   "",
		"Sec-WebSocket-Protocol: a\r\n":      "a",
		"Sec-WebSocket-Protocol:  a , b\r\n": "a",
		"Sec-WebSocket-Protocol: a,b\r\n":    "a",
		"Sec-WebSocket-Protocol:\r\n":        "",
		"Sec-WebSocket-Protocol: a\r\nSec-WebSocket-Protocol: b\r\n": "a",
	} {
		resp := respond(t, url, offer)
		if got := resp.Header.Get("Sec-WebSocket-Protocol"); got != want || len(resp.Header["Sec-Websocket-Protocol"]) > 1 {
			t.Errorf("offer %q: %q", offer, got)
		}
	}
}

// The deadlines of the http.Server do not end a connection that is upgraded.
func TestServerDeadlinesDoNotApply(t *testing.T) {
	server := make(chan *pair, 1)
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := ws.Upgrade(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		p := &pair{recorder: newRecorder(), conn: conn, t: t}
		conn.Start(p.recorder)
		server <- p
	}))
	srv.Config.ReadTimeout, srv.Config.WriteTimeout = 50*time.Millisecond, 50*time.Millisecond
	srv.Start()
	defer srv.Close()
	c, err := net.Dial("tcp", strings.TrimPrefix(srv.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	_, _ = c.Write([]byte(handshake + "\r\n"))
	in := bufio.NewReader(c)
	if resp, err := http.ReadResponse(in, nil); err != nil || resp.StatusCode != 101 {
		t.Fatal(resp, err)
	}
	p := receive(t, "connection", server)
	select {
	case err := <-p.closed:
		t.Fatalf("ended with %v", err)
	case <-time.After(200 * time.Millisecond): // longer than the deadlines
	}
	_, _ = c.Write(masked(0x81, []byte("still here")))
	if got := receive(t, "message", p.messages); got.data != "still here" {
		t.Errorf("got %q", got.data)
	}
	_ = p.conn.Enqueue(textFrame("so am I"))
	p.conn.Flush()
	if f, err := readFrame(in); err != nil || string(f.Payload) != "so am I" {
		t.Errorf("%q, %v", f.Payload, err)
	}
	_ = c.Close()
	receive(t, "end", p.gone)
}

// FuzzHandshake gives arbitrary header values: they are accepted or refused,
// and nothing is written unless they are accepted.
func FuzzHandshake(f *testing.F) {
	f.Add("websocket", "keep-alive, Upgrade", "dGhlIHNhbXBsZSBub25jZQ==", "13", "permessage-deflate; client_max_window_bits=15, x", "a, b")
	f.Add("", ",", "=", "", "permessage-deflate; server_max_window_bits=\"8\"; =", ";;")
	f.Fuzz(func(t *testing.T, upgrade, connection, key, version, extensions, protocol string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header = http.Header{
			"Upgrade": {upgrade}, "Connection": {connection}, "Sec-Websocket-Key": {key}, "Sec-Websocket-Version": {version},
			"Sec-Websocket-Extensions": {extensions}, "Sec-Websocket-Protocol": {protocol},
		}
		w := httptest.NewRecorder() // cannot be hijacked
		_, err := ws.Upgrade(w, r, &ws.Options{Deflate: &ws.Deflate{}})
		if !errors.Is(err, ws.ErrHandshake) && !errors.Is(err, http.ErrNotSupported) || w.Body.Len() > 0 {
			t.Errorf("%v, wrote %q", err, w.Body)
		}
	})
}

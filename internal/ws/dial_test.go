//go:build !js

package ws_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"

	"github.com/gosio/sio/internal/ws"
)

// get makes the request of a handshake.
func get(t testing.TB, url string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// client is a transport whose connections end with the test.
func client(t testing.TB, transport *http.Transport) *http.Client {
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// dialed is a client's end that Dial has made.
type dialed struct {
	*recorder
	conn *ws.Conn
	resp *http.Response
	t    testing.TB
}

// open dials and starts, and ends the connection with the test.
func open(t testing.TB, hc *http.Client, r *http.Request, o *ws.DialOptions) *dialed {
	t.Helper()
	c, resp, err := ws.Dial(hc, r, o)
	if err != nil {
		t.Fatal(err)
	}
	return start(t, c, resp)
}

func start(t testing.TB, c *ws.Conn, resp *http.Response) *dialed {
	d := &dialed{recorder: newRecorder(), conn: c, resp: resp, t: t}
	c.Start(d.recorder)
	t.Cleanup(func() {
		c.CloseNow()
		receive(t, "end of the connection", d.gone)
	})
	return d
}

// echoes sends a text and expects it back.
func (d *dialed) echoes(text string) {
	d.t.Helper()
	if err := d.conn.Enqueue(textFrame(text)); err != nil {
		d.t.Fatal(err)
	}
	d.conn.Flush()
	if got := receive(d.t, "echo", d.messages); got.data != text {
		d.t.Fatalf("%d bytes came back, %.20q, want %.20q", len(got.data), got.data, text)
	}
}

// echo is a handler that sends back what it gets.
type echo struct {
	*recorder
	conn *ws.Conn
}

func (e *echo) Message(p []byte, binary bool) <-chan struct{} {
	_ = e.conn.Enqueue(packetFrame(p, binary, true))
	return nil
}

func (e *echo) CaughtUp() <-chan struct{} {
	e.conn.Flush()
	return nil
}

// echoHandler upgrades to connections that send back what they get, and end
// with the test at the latest.
func echoHandler(t testing.TB, o ws.Options) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, err := ws.Upgrade(w, r, &o)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		e := &echo{newRecorder(), c}
		t.Cleanup(func() { c.CloseNow(); receive(t, "end of the server's end", e.gone) })
		c.Start(e)
	})
}

func echoServer(t testing.TB, o ws.Options) (url string) {
	srv := httptest.NewServer(echoHandler(t, o))
	t.Cleanup(srv.Close)
	return srv.URL
}

// What the request and the http.Client have gets to the server, and what the
// server answers back.
func TestDial(t *testing.T) {
	var got *http.Request
	inner := echoHandler(t, ws.Options{Poller: poller, Header: http.Header{"X-Answer": {"42"}, "Set-Cookie": {"b=2"}}})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.Clone(context.Background())
		inner.ServeHTTP(w, r)
	}))
	defer srv.Close()
	jar, _ := cookiejar.New(nil)
	u, _ := url.Parse(srv.URL)
	jar.SetCookies(u, []*http.Cookie{{Name: "a", Value: "1"}})
	hc := client(t, new(http.Transport))
	hc.Jar = jar
	r := get(t, srv.URL+"/path?q=1")
	r.Header.Set("Authorization", "Bearer x")
	r.Header.Set("Sec-WebSocket-Protocol", "not this")
	r.Header.Set("Sec-WebSocket-Extensions", "nor-this")
	r.Close = true
	before := r.Header.Clone()
	d := open(t, hc, r, &ws.DialOptions{Protocols: []string{"first", "second"}})
	d.echoes("hello")
	if got.URL.String() != "/path?q=1" || got.Header.Get("Authorization") != "Bearer x" || got.Header.Get("Cookie") != "a=1" ||
		got.Header.Get("Sec-WebSocket-Protocol") != "first, second" || len(got.Header["Sec-Websocket-Extensions"]) != 0 ||
		strings.Join(got.Header["Connection"], "|") != "Upgrade" {
		t.Errorf("the server got %s %q", got.URL, got.Header)
	}
	if d.resp.StatusCode != 101 || d.resp.Header.Get("X-Answer") != "42" || d.resp.Header.Get("Sec-WebSocket-Protocol") != "first" {
		t.Errorf("the answer is %s %q", d.resp.Status, d.resp.Header)
	}
	if c := jar.Cookies(u); len(c) != 2 {
		t.Errorf("cookies %v", c)
	}
	if b, err := io.ReadAll(d.resp.Body); len(b) != 0 || err != nil || d.resp.Body.Close() != nil {
		t.Errorf("body %q, %v", b, err)
	}
	if len(r.Header) != len(before) {
		t.Errorf("the request has changed: %q", r.Header)
	}
	d.echoes("still there") // though the body is closed
}

// Nothing waits in a goroutine for a connection that can be polled.
func TestDialPolls(t *testing.T) {
	if !polls() {
		t.Skip("there is no poller on this system")
	}
	d := open(t, client(t, new(http.Transport)), get(t, echoServer(t, ws.Options{Poller: poller})), nil)
	d.echoes("hello")
	stacks := make([]byte, 1<<20)
	if s := string(stacks[:runtime.Stack(stacks, true)]); strings.Contains(s, "readLoop") {
		t.Errorf("something reads:\n%s", s)
	}
}

func TestDialOnlyGets(t *testing.T) {
	for _, r := range []*http.Request{
		httptest.NewRequest("POST", "http://127.0.0.1:1/", nil),
		httptest.NewRequest("GET", "http://127.0.0.1:1/", strings.NewReader("body")),
	} {
		r.RequestURI = ""
		if c, resp, err := ws.Dial(nil, r, nil); c != nil || resp != nil || err == nil || !strings.Contains(err.Error(), "GET") {
			t.Errorf("%v, %v", resp, err)
		}
	}
}

// An error of the network is what net/http makes of it.
func TestDialOfNobody(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	_, _, err = ws.Dial(client(t, new(http.Transport)), get(t, "http://"+l.Addr().String()), nil)
	var refused *net.OpError
	if _, ok := err.(*url.Error); !ok || !errors.As(err, &refused) {
		t.Errorf("%T %v", err, err)
	}
}

package ws_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	gobwas "github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"

	"github.com/gosio/sio/internal/ws"
)

func TestHandshake(t *testing.T) {
	url, conns := serve(t, &ws.Options{Header: http.Header{"X-Extra": {"one", "two\r\nInjected: yes"}}})
	var header = http.Header{}
	c := dial(t, url, gobwas.Dialer{
		Protocols: []string{"first", "second"},
		OnHeader:  func(k, v []byte) error { header.Add(string(k), string(v)); return nil },
	})
	p := receive(t, "connection", conns)
	if got := header["X-Extra"]; len(got) != 2 || strings.Contains(got[1], "\n") {
		t.Errorf("headers %q", header)
	}
	if header.Get("Injected") != "" {
		t.Error("a header value became a header")
	}
	if err := wsutil.WriteClientText(c, []byte("hi")); err != nil {
		t.Fatal(err)
	}
	if got := receive(t, "message", p.messages); got.data != "hi" {
		t.Errorf("got %q", got.data)
	}
}

func TestFirstSubprotocolIsAccepted(t *testing.T) {
	url, _ := serve(t, &ws.Options{})
	d := gobwas.Dialer{Protocols: []string{"first", "second"}}
	_, _, hs, err := d.Dial(t.Context(), "ws"+strings.TrimPrefix(url, "http"))
	if err != nil || hs.Protocol != "first" {
		t.Errorf("protocol %q, %v", hs.Protocol, err)
	}
}

func TestDataBehindTheHandshake(t *testing.T) {
	url, conns := serve(t, &ws.Options{})
	c, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	const request = "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
	if _, err := c.Write(append([]byte(request), masked(0x81, []byte("early"))...)); err != nil {
		t.Fatal(err)
	}
	if got := receive(t, "message", receive(t, "connection", conns).messages); got.data != "early" {
		t.Errorf("got %q", got.data)
	}
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil || resp.StatusCode != 101 || resp.Header.Get("Sec-WebSocket-Accept") != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		t.Errorf("%v %v", resp, err)
	}
}

func TestNotAHandshake(t *testing.T) {
	good := http.Header{
		"Upgrade": {"websocket"}, "Connection": {"Upgrade"}, "Sec-Websocket-Key": {"dGhlIHNhbXBsZSBub25jZQ=="}, "Sec-Websocket-Version": {"13"},
	}
	for name, change := range map[string]func(*http.Request){
		"method":      func(r *http.Request) { r.Method = "POST" },
		"upgrade":     func(r *http.Request) { r.Header.Set("Upgrade", "h2c") },
		"connection":  func(r *http.Request) { r.Header.Del("Connection") },
		"no key":      func(r *http.Request) { r.Header.Del("Sec-Websocket-Key") },
		"short key":   func(r *http.Request) { r.Header.Set("Sec-Websocket-Key", "AAAA") },
		"version":     func(r *http.Request) { r.Header.Set("Sec-Websocket-Version", "8") },
		"HTTP/1.0":    func(r *http.Request) { r.ProtoMajor, r.ProtoMinor = 1, 0 },
		"HTTP/2":      func(r *http.Request) { r.ProtoMajor, r.ProtoMinor = 2, 0 },
		"no hijacker": func(*http.Request) {},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header = good.Clone()
		change(r)
		w := httptest.NewRecorder()
		if _, err := ws.Upgrade(w, r, &ws.Options{}); err == nil || w.Body.Len() > 0 || len(w.Header()) > 0 {
			t.Errorf("%s: %v, wrote %q", name, err, w.Body)
		}
	}
}

func TestDeflateIsNegotiated(t *testing.T) {
	for offer, want := range map[string]bool{
		"":                   false,
		"permessage-deflate": true,
		"permessage-deflate; client_max_window_bits":                                 true,
		"permessage-deflate; server_max_window_bits=9":                               false,
		"permessage-deflate; server_max_window_bits=9, permessage-deflate":           true,
		"permessage-deflate; server_no_context_takeover; client_no_context_takeover": true,
		"permessage-bzip2": false, "permessage-deflate; unknown=1": false, ";;;": false,
	} {
		for _, on := range []bool{true, false} {
			o := &ws.Options{}
			if on {
				o.Deflate = &ws.Deflate{}
			}
			url, _ := serve(t, o)
			r, _ := http.NewRequest("GET", url, nil)
			r.Header = http.Header{
				"Upgrade": {"websocket"}, "Connection": {"Upgrade"}, "Sec-Websocket-Key": {"dGhlIHNhbXBsZSBub25jZQ=="},
				"Sec-Websocket-Version": {"13"}, "Sec-Websocket-Extensions": {offer},
			}
			resp, err := http.DefaultTransport.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			got := resp.Header.Get("Sec-Websocket-Extensions")
			if (got == "permessage-deflate; server_no_context_takeover; client_no_context_takeover") != (want && on) || got != "" != (want && on) {
				t.Errorf("offer %q, on %v: answer %q", offer, on, got)
			}
		}
	}
}

// Over TLS the portable path is taken: data may already sit decrypted in memory.
func TestTLS(t *testing.T) {
	r := newRecorder()
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		c, err := ws.Upgrade(w, req, &ws.Options{})
		if err != nil {
			t.Error(err)
			return
		}
		r.onText = func(p []byte, _ bool) {
			_ = c.Enqueue(textFrame(string(bytes.ToUpper(p))))
			c.Flush()
		}
		c.Start(r)
	}))
	defer srv.Close()
	c := dial(t, "http"+strings.TrimPrefix(srv.URL, "https"), gobwas.Dialer{
		WrapConn: func(c net.Conn) net.Conn { return tls.Client(c, &tls.Config{InsecureSkipVerify: true}) },
	})
	for range 100 {
		if err := wsutil.WriteClientText(c, []byte("hello")); err != nil {
			t.Fatal(err)
		}
		if got, err := wsutil.ReadServerText(c); err != nil || string(got) != "HELLO" {
			t.Fatalf("%q, %v", got, err)
		}
	}
	_ = c.Close()
	receive(t, "end", r.closed)
	receive(t, "end", r.gone)
}

package engine_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/gosio/sio/engine"
	"github.com/gosio/sio/wire/eio"
)

// fuzzed is a server that is asked without a network.
type fuzzed struct {
	srv *engine.Server
	s   *session
}

func newFuzzed(cfg *engine.Config) *fuzzed {
	f := &fuzzed{}
	f.srv = engine.NewServer(cfg, func(es *engine.Session) engine.Receiver {
		f.s = &session{Session: es, messages: make(chan message, 1<<10), ended: make(chan ending, 8)}
		return f.s
	})
	return f
}

func (f *fuzzed) do(method, query, contentType string, body []byte) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/engine.io/?"+query, bytes.NewReader(body))
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	w := httptest.NewRecorder()
	f.srv.ServeHTTP(w, r)
	return w
}

// FuzzPost posts arbitrary bodies: the answer and the end of the session are
// those that the payload calls for, and the server serves on.
func FuzzPost(f *testing.F) {
	for _, body := range []string{
		"4hello", "4a\x1e4b", "", "1", "4a\x1e1\x1e4b", "2", "2probe", "3", "0{}", "5", "6", "bAQID", "b", "b=", "4\xff",
		"4a\x1e", "\x1e", "7", "\x004", "4" + strings.Repeat("x", 99), "4" + strings.Repeat("x", 100), "3\x1e3\x1e4x\x1e2\x1e4y",
	} {
		f.Add([]byte(body), "text/plain")
	}
	f.Add([]byte("4x"), "application/octet-stream")
	const limit = 100
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		f := newFuzzed(&engine.Config{MaxPayload: limit})
		defer f.srv.Close()
		if w := f.do("GET", handshakeQuery, "", nil); w.Code != 200 {
			t.Fatalf("handshake: %d", w.Code)
		}
		first := f.s
		query := handshakeQuery + "&sid=" + url.QueryEscape(first.ID())
		w := f.do("POST", query, contentType, body)

		status, answer, want, messages := 200, "ok", ending{}, []message(nil)
		switch {
		case contentType == "application/octet-stream":
			status, answer, want.reason = 400, "", engine.TransportError
		case len(body) > limit:
			status, answer = 413, ""
		default:
			messages, want.reason = judge(body)
		}
		if w.Code != status || w.Body.String() != answer {
			t.Fatalf("answered %d %q, want %d %q", w.Code, w.Body, status, answer)
		}
		for _, m := range messages {
			if got := <-first.messages; got != m {
				t.Fatalf("message %+v, want %+v", got, m)
			}
		}
		if len(first.messages) != 0 {
			t.Fatalf("message %+v too many", <-first.messages)
		}
		select {
		case e := <-first.ended:
			if e.reason != want.reason {
				t.Fatalf("ended by %q, want %q", e.reason, want.reason)
			}
			if w := f.do("GET", query, "", nil); w.Code != http.StatusBadRequest {
				t.Fatalf("poll after the end: %d", w.Code)
			}
		default:
			if want.reason != "" {
				t.Fatalf("not ended by %q", want.reason)
			}
			// The session goes on.
			_ = first.Send([]byte("x"), false)
			if w := f.do("GET", query, "", nil); w.Code != 200 || w.Body.String() != "4x" {
				t.Fatalf("poll: %d %q", w.Code, w.Body)
			}
		}
		if w := f.do("GET", handshakeQuery, "", nil); w.Code != 200 {
			t.Fatalf("next handshake: %d", w.Code)
		}
	})
}

// judge says what a payload must bring about, in the words of the protocol.
func judge(body []byte) (messages []message, end engine.Reason) {
	text := strings.ToValidUTF8(string(body), "\uFFFD")
	for item := range strings.SplitSeq(text, "\x1e") {
		switch {
		case item == "" || !strings.ContainsRune("0123456b", rune(item[0])):
			return messages, engine.ParseError
		case item[0] == '1':
			return messages, engine.TransportClose
		case item[0] == '2':
			return messages, engine.TransportError
		case item[0] == '4':
			messages = append(messages, message{item[1:], false})
		case item[0] == 'b':
			p, _ := eio.ParsePacket([]byte(item))
			messages = append(messages, message{string(p.Data), true})
		}
	}
	return messages, ""
}

// FuzzRequest makes arbitrary requests: each is answered as documented.
func FuzzRequest(f *testing.F) {
	f.Add("GET", "EIO=4&transport=polling", "", "", "")
	f.Add("GET", "EIO=4&transport=websocket", "Upgrade", "websocket", "http://a.example")
	f.Add("POST", "EIO=4&transport=polling&sid=x", "", "", "null")
	f.Add("OPTIONS", "EIO=3&transport=__proto__&sid=", "keep-alive, upgrade", "h2c", "%")
	f.Add("GET", "EIO=4;transport=polling&%zz", "", "", "")
	f.Fuzz(func(t *testing.T, method, query, connection, upgrade, origin string) {
		f := newFuzzed(nil)
		defer f.srv.Close()
		r := httptest.NewRequest("GET", "/engine.io/", nil)
		r.Method, r.URL.RawQuery = method, query
		r.RequestURI = "/engine.io/?" + query
		r.Header.Set("Connection", connection)
		r.Header.Set("Upgrade", upgrade)
		r.Header.Set("Origin", origin)
		w := httptest.NewRecorder()
		f.srv.ServeHTTP(w, r)
		switch body := w.Body.String(); w.Code {
		case 200:
			if !strings.HasPrefix(body, `0{"sid":`) || f.srv.Len() != 1 {
				t.Fatalf("%q", body)
			}
		case 400, 403:
			if body == "" || f.srv.Len() != 0 {
				t.Fatalf("%d %q, %d sessions", w.Code, body, f.srv.Len())
			}
		default:
			t.Fatalf("%d %q", w.Code, body)
		}
	})
}

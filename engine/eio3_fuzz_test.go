package engine_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/gosio/sio/engine"
)

const formType = "application/x-www-form-urlencoded"

// openAs begins a session by a handshake, and returns it and the query of its
// requests.
func (f *fuzzed) openAs(t *testing.T, query string) (*session, string) {
	t.Helper()
	if w := f.do("GET", query, "", nil); w.Code != 200 {
		t.Fatalf("handshake: %d %q", w.Code, w.Body)
	}
	return f.s, query + "&sid=" + url.QueryEscape(f.s.ID())
}

// FuzzOldPost posts arbitrary bodies as old clients do: what is malformed ends
// the session, what is too large does not, and the server serves on.
func FuzzOldPost(f *testing.F) {
	kinds := []struct{ query, contentType string }{
		{query3, "text/plain"}, {query3, "application/octet-stream"}, {query3 + "&j=0", formType}, {handshakeQuery + "&j=1", formType},
	}
	for _, body := range []string{
		"6:4hello2:4€", "3:4😀", "10:b4AQIDBA==", "1:2", "6:2probe", "1:1", "1:12:4a", "0:", "", "2:4", "9:4", "1:7", strings.Repeat("9", 100),
		"\x00\x02\xff4a\x01\x02\xff\x04\x01", "\x01\x00\xff", "\x00\x01\xff2", "\x00\x01\xff1", "\x00\x09\x09\xff4",
		"d=2%3A4a", "d=4a%1E4b", "d=4%5Cn%5C%5Cn", "d=", "d=1", "d=2", "d=a&d=b", "x", "d=%zz", "d=1%3A1",
	} {
		for kind := range kinds {
			f.Add(byte(kind), []byte(body))
		}
	}
	const limit = 100
	f.Fuzz(func(t *testing.T, kind byte, body []byte) {
		k := kinds[int(kind)%len(kinds)]
		f := newFuzzed(&engine.Config{MaxPayload: limit, AllowEIO3: true})
		defer f.srv.Close()
		first, query := f.openAs(t, k.query)
		w := f.do("POST", query, k.contentType, body)
		if tooLarge := len(body) > limit; tooLarge && w.Code != 413 || !tooLarge && (w.Code != 200 || w.Body.String() != "ok") {
			t.Fatalf("answered %d %q", w.Code, w.Body)
		}
		size := 0
		for range len(first.messages) {
			m := <-first.messages
			size += len(m.data)
		}
		if size > 3*len(body) { // what is not UTF-8 grows threefold
			t.Fatalf("%d bytes of messages", size)
		}
		select {
		case e := <-first.ended:
			if !slices.Contains([]engine.Reason{engine.ParseError, engine.TransportClose, engine.TransportError}, e.reason) {
				t.Fatalf("ended by %q", e.reason)
			}
			if w := f.do("GET", query, "", nil); w.Code != http.StatusBadRequest {
				t.Fatalf("poll after the end: %d", w.Code)
			}
		default: // the session goes on
			_ = first.Send([]byte("x"), false)
			if w := f.do("GET", query, "", nil); w.Code != 200 || !strings.Contains(w.Body.String(), "4x") {
				t.Fatalf("poll: %d %q", w.Code, w.Body)
			}
		}
		f.openAs(t, k.query)
	})
}

// FuzzJSONP sends texts both ways: each arrives as it was.
func FuzzJSONP(f *testing.F) {
	for _, text := range []string{"", "hello", `"quotes" \ and \n`, "line\nfeed", "\\\\n\n\\n", "\u2028\u2029", "😀 a+b&c=d%", "\x00\x1e", "</script>", "\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "\\\n") {
			return // which the client cannot express, and JSON does not contain
		}
		valid := strings.ToValidUTF8(text, "\uFFFD")
		f := newFuzzed(&engine.Config{AllowEIO3: true})
		defer f.srv.Close()
		s, query := f.openAs(t, query3+"&j=7")
		_ = s.Send([]byte(text), false)
		script := f.do("GET", query, "", nil).Body.String()
		var payload string
		argument, call := strings.CutPrefix(script, "___eio[7](")
		argument, end := strings.CutSuffix(argument, ");")
		if !call || !end || json.Unmarshal([]byte(argument), &payload) != nil || strings.ContainsAny(argument, "\n\r\u2028\u2029") {
			t.Fatalf("%q", script)
		}
		if payload != framed("4"+valid) {
			t.Fatalf("payload %q of %q", payload, text)
		}
		form := strings.ReplaceAll(framed("4"+valid), `\n`, `\\n`)
		form = url.Values{"d": {strings.ReplaceAll(form, "\n", `\n`)}}.Encode()
		if w := f.do("POST", query, formType, []byte(form)); w.Code != 200 {
			t.Fatalf("%d %q", w.Code, w.Body)
		}
		if len(s.messages) != 1 {
			t.Fatalf("%d messages, %d ends", len(s.messages), len(s.ended))
		}
		if got := <-s.messages; got != (message{valid, false}) {
			t.Fatalf("%+v instead of %q", got, valid)
		}
	})
}

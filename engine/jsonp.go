package engine

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/gosio/sio/internal/buf"
)

// JSON-P is polling for browsers that cannot make requests to other origins:
// polls are scripts, which call a function of the client with the payload, and
// what the client sends comes in the field d of a form.

// callback is the function that the responses are to call, by the parameter j,
// of which only digits count; "" for requests that are not JSON-P.
func callback(j string) string {
	if j == "" {
		return ""
	}
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, j)
	return "___eio[" + digits + "]"
}

// What JSON strings may contain and older JavaScript strings may not.
var (
	lineSeparator, lineSeparatorEscape           = []byte("\u2028"), []byte(`\u2028`)
	paragraphSeparator, paragraphSeparatorEscape = []byte("\u2029"), []byte(`\u2029`)
)

// wrapJSONP makes a script that calls the function with the payload in body.
func wrapJSONP(body *buf.Buffer, callback string) {
	payload := bytes.Clone(body.B)
	body.B = append(append(body.B[:0], callback...), '(')
	body.B, _ = jsontext.AppendQuote(body.B, payload) // the error is about invalid UTF-8, which is replaced
	if bytes.Contains(body.B, lineSeparator) || bytes.Contains(body.B, paragraphSeparator) {
		script := bytes.ReplaceAll(body.B, lineSeparator, lineSeparatorEscape)
		script = bytes.ReplaceAll(script, paragraphSeparator, paragraphSeparatorEscape)
		body.B = append(body.B[:0], script...)
	}
	body.B = append(body.B, ");"...)
}

// unwrapJSONP returns the payload in the form that a client has posted.
// Clients escape line feeds, which forms would change: a backslash and n is one,
// and two backslashes and n are a backslash and n.
func unwrapJSONP(form []byte) (payload []byte, ok bool) {
	var field []byte
	for pair := range bytes.SplitSeq(form, []byte("&")) { // not url.ParseQuery, which makes a map of whatever comes
		name, value, _ := bytes.Cut(pair, []byte("="))
		if string(name) != "d" {
			continue
		}
		if ok {
			return nil, false
		}
		field, ok = value, true
	}
	d, err := url.QueryUnescape(string(field))
	return []byte(lineFeeds.Replace(d)), ok && err == nil
}

var lineFeeds = strings.NewReplacer(`\\n`, `\n`, `\n`, "\n")

// scriptAllowed reports whether a page may open a session by JSON-P. Browsers
// run scripts of any origin, and say none when they ask for them; but they
// say which page it is for, or at least whether it is of another site.
func (s *Server) scriptAllowed(r *http.Request) bool {
	if s.cfg.CORS != nil && s.cfg.CORS.anyOrigin() {
		return true
	}
	if page, err := url.Parse(r.Referer()); err == nil && page.Host != "" {
		return s.allowsOrigin(page.Scheme+"://"+page.Host, r)
	}
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return true
	}
	return false
}

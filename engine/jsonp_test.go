package engine_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/gosio/sio/engine"
)

// script checks that a response calls ___eio[j], and returns the payload.
func (f *fixture) script(r response, j string) (payload string) {
	f.t.Helper()
	r.has(f, "Content-Type", "text/plain; charset=UTF-8")
	text, call := strings.CutPrefix(r.body, "___eio["+j+"](")
	text, end := strings.CutSuffix(text, ");")
	if r.status != 200 || !call || !end || json.Unmarshal([]byte(text), &payload) != nil {
		f.t.Fatalf("%+v", r)
	}
	return payload
}

// openJSONP begins a session by JSON-P.
func (f *fixture) openJSONP(query, j string) *poller {
	f.t.Helper()
	payload := f.script(f.do("GET", query, ""), j)
	f.parseOpen(payload[strings.IndexByte(payload, '0'):])
	s := f.session()
	return &poller{f, s, query + "&sid=" + s.ID()}
}

// form posts a payload as the official client does.
func (p *poller) form(payload string) {
	p.f.t.Helper()
	payload = strings.ReplaceAll(payload, `\n`, `\\n`)
	payload = strings.ReplaceAll(payload, "\n", `\n`)
	p.f.do("POST", p.query, url.Values{"d": {payload}}.Encode(), "Content-Type", "application/x-www-form-urlencoded").is(p.f, 200, "ok")
}

func TestJSONP(t *testing.T) {
	f := serve(t, nil)
	p := f.openJSONP("EIO=4&transport=polling&j=3", "3")
	p.s.text(t, `he said "hi"`)
	p.s.text(t, "a\u2028b\u2029c\n")
	p.s.bytes(t, "\x01\x02\x03\x04")
	r := p.poll()
	if r.body != `___eio[3]("4he said \"hi\"\u001e4a\u2028b\u2029c\n\u001ebAQIDBA==");` {
		t.Errorf("%s", r.body)
	}
	f.script(r, "3")
	p.form("4a b+c&d=€\x1ebAQID\x1e4")
	p.s.expect(t, "a b+c&d=€", "b:\x01\x02\x03", "")
	for _, text := range []string{"line\nfeed", `not \n one`, `\\n \\\n`, "\n\n" + `\n\n`} {
		p.form("4" + text)
		p.s.expect(t, text)
	}
	poll := p.pending()
	p.form("1")
	if got := f.script(get(t, "answer", poll), "3"); got != "6" {
		t.Errorf("%q", got)
	}
	p.s.expectEnd(t, engine.TransportClose, "")
}

func TestJSONP3(t *testing.T) {
	f := serve(t, allow3)
	for _, query := range []string{query3 + "&j=0&b64=1", query3 + "&j=0"} { // which cannot carry a binary payload
		p := f.openJSONP(query, "0")
		p.s.text(t, "😀")
		p.s.bytes(t, "\x01\x02\x03\x04")
		if got := f.script(p.poll(), "0"); got != "3:4😀10:b4AQIDBA==" {
			t.Errorf("%q", got)
		}
		p.form("7:4a\nb\\nc" + "6:b4AQID" + "1:2")
		p.s.expect(t, "a\nb\\nc", "b:\x01\x02\x03")
		if got := f.script(p.poll(), "0"); got != "1:3" {
			t.Errorf("%q", got)
		}
	}
}

// Only digits get into the script.
func TestCallbackOfJSONP(t *testing.T) {
	f := serve(t, nil)
	f.openJSONP("EIO=4&transport=polling&j="+url.QueryEscape("1](alert(2));//3"), "123")
	f.openJSONP("EIO=4&transport=polling&j=x", "")
	if r := f.do("GET", "EIO=4&transport=polling&j=", ""); !strings.HasPrefix(r.body, "0{") {
		t.Errorf("%q", r.body)
	}
}

// A form without the field, or with two, brings nothing.
func TestFormsOfJSONP(t *testing.T) {
	f := serve(t, nil)
	p := f.openJSONP("EIO=4&transport=polling&j=0", "0")
	for _, body := range []string{"", "x=4a", "d=4a&d=4b", "4a", "d=%zz", "d=4a&d", strings.Repeat("&", 1000)} {
		f.do("POST", p.query, body).is(f, 200, "ok")
	}
	p.form("4x")
	p.s.expect(t, "x")
	f.do("POST", p.query, "d=").is(f, 200, "ok") // an empty payload
	p.s.expectEnd(t, engine.ParseError, "malformed packet")
}

// Browsers run scripts of other origins, so pages of others are refused.
func TestOriginOfJSONP(t *testing.T) {
	for name, c := range map[string]struct {
		cors    *engine.CORS
		header  []string
		allowed bool
	}{
		"nothing known":       {nil, nil, true},
		"own page":            {nil, []string{"Referer", "http://" + host + "/page", "Sec-Fetch-Site", "same-origin"}, true},
		"typed in":            {nil, []string{"Sec-Fetch-Site", "none"}, true},
		"other page":          {nil, []string{"Referer", "http://other.test/"}, false},
		"other site":          {nil, []string{"Sec-Fetch-Site", "cross-site"}, false},
		"same site":           {nil, []string{"Sec-Fetch-Site", "same-site"}, false},
		"other origin":        {nil, []string{"Origin", "http://other.test"}, false},
		"allowed page":        {&engine.CORS{Origins: []string{"http://good.test"}}, []string{"Referer", "http://good.test/x"}, true},
		"page not allowed":    {&engine.CORS{Origins: []string{"http://good.test"}}, []string{"Referer", "http://other.test/"}, false},
		"site not known":      {&engine.CORS{Origins: []string{"http://good.test"}}, []string{"Sec-Fetch-Site", "cross-site"}, false},
		"all allowed":         {&engine.CORS{}, []string{"Sec-Fetch-Site", "cross-site"}, true},
		"all allowed, a page": {&engine.CORS{}, []string{"Referer", "http://other.test/"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			f := serve(t, &engine.Config{CORS: c.cors})
			r := f.do("GET", handshakeQuery+"&j=0", "", c.header...)
			if c.allowed {
				f.script(r, "0")
				return
			}
			r.is(f, 403, `{"code":4,"message":"origin not allowed"}`)
			if c.header[0] != "Origin" {
				f.open(c.header...) // not a script, so that no page can read it
			}
		})
	}
}

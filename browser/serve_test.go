package browser_test

import (
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gosio/sio/browser"
)

func get(t *testing.T, name string, header http.Header) *http.Response {
	t.Helper()
	r := httptest.NewRequest("GET", "/socket.io/"+name, nil)
	if header != nil {
		r.Header = header
	}
	w := httptest.NewRecorder()
	if !browser.Serve(w, r, name) || !browser.Has(name) {
		t.Fatalf("%s is not served", name)
	}
	return w.Result()
}

func TestServe(t *testing.T) {
	for name, contentType := range map[string]string{
		"socket.io.js":             "application/javascript; charset=utf-8",
		"socket.io.min.js":         "application/javascript; charset=utf-8",
		"socket.io.esm.min.js":     "application/javascript; charset=utf-8",
		"socket.io.js.map":         "application/json; charset=utf-8",
		"socket.io.min.js.map":     "application/json; charset=utf-8",
		"socket.io.esm.min.js.map": "application/json; charset=utf-8",

		"socket.io.msgpack.min.js":     "application/javascript; charset=utf-8",
		"socket.io.msgpack.min.js.map": "application/json; charset=utf-8",

		"socket.io.shared.min.js":     "application/javascript; charset=utf-8",
		"socket.io.shared.min.js.map": "application/json; charset=utf-8",
	} {
		resp := get(t, name, nil)
		body, _ := io.ReadAll(resp.Body)
		h := resp.Header
		if resp.StatusCode != 200 || len(body) < 1000 || h.Get("Content-Type") != contentType || h.Get("Cache-Control") != "public, max-age=0" ||
			h.Get("Content-Encoding") != "" || h.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: %d, %d bytes, %v", name, resp.StatusCode, len(body), h)
		}
		etag := h.Get("ETag")
		if !strings.HasPrefix(etag, `"`+browser.Version) || !strings.HasSuffix(etag, `"`) {
			t.Errorf("%s: ETag %s", name, etag)
		}
		for match, status := range map[string]int{etag: 304, "W/" + etag: 304, `"other"`: 200, "": 200} {
			resp := get(t, name, http.Header{"If-None-Match": {match}})
			if resp.StatusCode != status || status == 304 && len(resp.Header) != 0 {
				t.Errorf("%s, If-None-Match %s: %d %v", name, match, resp.StatusCode, resp.Header)
			}
		}
	}
}

func TestEncodings(t *testing.T) {
	want, _ := io.ReadAll(get(t, "socket.io.js", nil).Body)
	for accept, encoding := range map[string]string{
		"":                              "",
		"identity":                      "",
		"gzip":                          "gzip",
		"GZIP":                          "gzip",
		"deflate":                       "deflate",
		"gzip, deflate, br":             "gzip", // the client's order
		"br, gzip":                      "br",
		"gzip;q=0.5, br;q=0.9":          "br",
		"br;q=0, gzip;q=0.1":            "gzip",
		"gzip;q=0":                      "",
		"zstd, deflate;q=0.3, gzip;q=x": "deflate",
		"*":                             "br",
	} {
		resp := get(t, "socket.io.js", http.Header{"Accept-Encoding": {accept}})
		if got := resp.Header.Get("Content-Encoding"); got != encoding {
			t.Errorf("%q: %q, want %q", accept, got, encoding)
			continue
		}
		var body io.Reader = resp.Body
		switch encoding {
		case "gzip":
			body, _ = gzip.NewReader(body)
		case "deflate":
			body, _ = zlib.NewReader(body)
		case "br":
			continue // package build checks what is in it
		}
		if got, err := io.ReadAll(body); err != nil || string(got) != string(want) {
			t.Errorf("%q: other content, %v", accept, err)
		}
	}
}

func TestOtherNames(t *testing.T) {
	for _, name := range []string{"", "socket.io.esm.js", "socket.io.js.br", "../serve.go", "socket.io.js/"} {
		w := httptest.NewRecorder()
		if browser.Serve(w, httptest.NewRequest("GET", "/", nil), name) || browser.Has(name) || w.Body.Len() > 0 {
			t.Errorf("%q is served", name)
		}
	}
}

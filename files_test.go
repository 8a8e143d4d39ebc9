package sio_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/gosio/sio"
)

func (f *fixture) request(method, path string, header ...string) (*http.Response, string) {
	f.t.Helper()
	req, err := http.NewRequest(method, f.http.URL+path, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := f.http.Client().Do(req)
	if err != nil {
		f.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return res, string(body)
}

func TestClientFiles(t *testing.T) {
	const script, sourceMap = "application/javascript; charset=utf-8", "application/json; charset=utf-8"
	f := serve(t, nil)
	for file, kind := range map[string]string{
		"socket.io.js": script, "socket.io.min.js": script, "socket.io.esm.min.js": script, "socket.io.msgpack.min.js": script,
		"socket.io.js.map": sourceMap, "socket.io.min.js.map": sourceMap, "socket.io.esm.min.js.map": sourceMap,
	} {
		for _, path := range []string{"/socket.io/" + file, "/socket.io/" + file + "?v=1", "/elsewhere/" + file} {
			res, body := f.request("GET", path)
			etag := res.Header.Get("ETag")
			if res.StatusCode != 200 || res.Header.Get("Content-Type") != kind || len(body) < 1000 ||
				len(etag) < 3 || etag[0] != '"' || res.Header.Get("Cache-Control") != "public, max-age=0" {
				t.Errorf("%s: %s %v, %d bytes", path, res.Status, res.Header, len(body))
			}
			for _, tag := range []string{etag, "W/" + etag} {
				if res, body := f.request("GET", path, "If-None-Match", tag); res.StatusCode != 304 || body != "" {
					t.Errorf("%s with %s: %s", path, tag, res.Status)
				}
			}
			if res, _ := f.request("GET", path, "If-None-Match", `"another"`); res.StatusCode != 200 {
				t.Errorf("%s with another tag: %s", path, res.Status)
			}
			if got := res.Header.Get("Access-Control-Allow-Origin"); got != "" {
				t.Errorf("CORS without having been asked for: %q", got)
			}
		}
	}
	if res, body := f.request("GET", "/socket.io/socket.io.other.js"); res.StatusCode != 400 || !strings.Contains(body, `"code":0`) {
		t.Errorf("unknown file: %s %s", res.Status, body)
	}
}

func TestClientFilesCORS(t *testing.T) {
	f := serve(t, &sio.Config{CORS: &sio.CORS{Origins: []string{"https://friend.example"}}})
	for _, path := range []string{"/socket.io/socket.io.js", "/socket.io/?EIO=4&transport=polling"} {
		res, _ := f.request("GET", path, "Origin", "https://friend.example")
		if got := res.Header.Get("Access-Control-Allow-Origin"); res.StatusCode != 200 || got != "https://friend.example" {
			t.Errorf("%s: %s, allowed %q", path, res.Status, got)
		}
		res, _ = f.request("GET", path, "Origin", "https://foe.example")
		if got := res.Header.Get("Access-Control-Allow-Origin"); got != "" {
			t.Errorf("%s: a foreign origin is allowed as %q", path, got)
		}
		res, _ = f.request("OPTIONS", path, "Origin", "https://friend.example", "Access-Control-Request-Method", "GET")
		if res.StatusCode != 204 || res.Header.Get("Access-Control-Allow-Methods") == "" {
			t.Errorf("%s: preflight answered with %s %v", path, res.Status, res.Header)
		}
	}
}

func TestNoClient(t *testing.T) {
	f := serve(t, &sio.Config{NoClient: true})
	for _, file := range []string{"socket.io.js", "socket.io.min.js", "socket.io.esm.min.js", "socket.io.msgpack.min.js"} {
		if res, body := f.request("GET", "/socket.io/"+file); res.StatusCode != 400 || !strings.Contains(body, `"code":0`) {
			t.Errorf("%s: %s %s", file, res.Status, body)
		}
	}
	f.join("polling").fenced()
}

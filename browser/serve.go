package browser

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"sync"

	"github.com/gosio/sio/internal/field"
)

// Version is the version of the client.
const Version = "0.1.0"

// file is a file that is served, in all the forms it has.
type file struct {
	contentType string
	etag        string
	forms       map[string][]byte // by content encoding; "" is the plain one
}

// suffixes of the compressed forms in dist, by content encoding.
var suffixes = map[string]string{"": "", "br": ".br", "gzip": ".gz", "deflate": ".zz"}

// files has what is served, by name.
var files = sync.OnceValue(func() map[string]*file {
	all := make(map[string]*file)
	for _, name := range []string{"socket.io.js", "socket.io.min.js", "socket.io.msgpack.min.js", "socket.io.esm.min.js", "socket.io.shared.min.js"} {
		all[name] = load(name, "application/javascript; charset=utf-8")
		all[name+".map"] = load(name+".map", "application/json; charset=utf-8")
	}
	return all
})

func load(name, contentType string) *file {
	f := &file{contentType: contentType, forms: make(map[string][]byte)}
	for encoding, suffix := range suffixes {
		content, err := dist.ReadFile("dist/" + name + suffix)
		if err != nil {
			panic("browser: " + err.Error()) // embedded, and checked by the tests
		}
		f.forms[encoding] = content
	}
	// The content is part of it, so that no build is taken for another.
	sum := sha256.Sum256(f.forms[""])
	f.etag = `"` + Version + "-" + hex.EncodeToString(sum[:6]) + `"`
	return f
}

// Has reports whether there is a file of that name: socket.io.js,
// socket.io.min.js, socket.io.msgpack.min.js, socket.io.esm.min.js, socket.io.shared.min.js, or one of
// these with ".map".
func Has(name string) bool { return files()[name] != nil }

// Serve answers a request for a file, whatever its method, and reports false
// if there is none of that name. The response has a strong ETag, which may come
// back in its weak form, and the encoding that the client likes best of br, gzip
// and deflate.
func Serve(w http.ResponseWriter, r *http.Request, name string) bool {
	f := files()[name]
	if f == nil {
		return false
	}
	if match := r.Header.Get("If-None-Match"); match == f.etag || match == "W/"+f.etag {
		w.WriteHeader(http.StatusNotModified)
		return true
	}
	encoding := field.Preferred(r.Header.Get("Accept-Encoding"), "br", "gzip", "deflate")
	content := f.forms[encoding]
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=0")
	h.Set("Content-Type", f.contentType)
	h.Set("Content-Length", strconv.Itoa(len(content)))
	h.Set("ETag", f.etag)
	h.Add("Vary", "Accept-Encoding")
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(content)
	return true
}

package main

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/evanw/esbuild/pkg/api"
)

// The script is wrapped by hand, as the bundler has no format that is a global
// variable for pages and a module for loaders.
const (
	scriptHead = `(function(global){`
	scriptFoot = `var io=bundle.default;` +
		`if(typeof module==="object"&&module.exports)module.exports=io;` +
		`else if(typeof define==="function"&&define.amd)define(function(){return io});` +
		`else global.io=io})(typeof globalThis==="undefined"?self:globalThis);`
)

// bundles lists what is built: the name of each file, and how it differs.
var bundles = []struct {
	name   string
	entry  string
	minify bool
	module bool
}{
	{name: "socket.io.js", entry: "script.ts"},
	{name: "socket.io.min.js", entry: "script.ts", minify: true},
	{name: "socket.io.esm.min.js", entry: "index.ts", minify: true, module: true},
	{name: "socket.io.shared.min.js", entry: "shared/index.ts", minify: true, module: true},
}

// build bundles the TypeScript in dir/src. It returns the files by name: each
// bundle, its source map, and of both the compressed forms that are served.
func build(dir string) (map[string][]byte, error) {
	files := make(map[string][]byte)
	for _, b := range bundles {
		options := api.BuildOptions{
			AbsWorkingDir: dir,
			EntryPoints:   []string{"src/" + b.entry},
			Outfile:       "dist/" + b.name,
			Bundle:        true,
			Sourcemap:     api.SourceMapLinked,
			Target:        api.ES2022,
			LegalComments: api.LegalCommentsNone,
			Charset:       api.CharsetUTF8,
			Format:        api.FormatESModule,

			MinifySyntax: b.minify, MinifyWhitespace: b.minify, MinifyIdentifiers: b.minify,
		}
		if b.minify {
			// Names that begin with _ are the library's own, but for one of the protocol.
			options.MangleProps, options.ReserveProps = "^_", "^_placeholder$"
		}
		if !b.module {
			options.Format, options.GlobalName = api.FormatIIFE, "bundle"
			options.Banner = map[string]string{"js": scriptHead}
			options.Footer = map[string]string{"js": scriptFoot}
		}
		result := api.Build(options)
		if len(result.Errors) > 0 {
			return nil, fmt.Errorf("%s: %s", b.name, strings.Join(api.FormatMessages(result.Errors, api.FormatMessagesOptions{}), "\n"))
		}
		for _, f := range result.OutputFiles {
			name := filepath.Base(f.Path)
			files[name] = f.Contents
			for suffix, encode := range encodings {
				files[name+suffix] = encode(f.Contents)
			}
		}
	}
	return files, nil
}

// encodings are the compressed forms by the suffix of their files: those that
// browsers ask for, made once so that the server needs no compressor.
var encodings = map[string]func([]byte) []byte{
	".br": func(b []byte) []byte {
		return compressed(b, func(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, brotli.BestCompression) })
	},
	".gz": func(b []byte) []byte {
		return compressed(b, func(w io.Writer) io.WriteCloser {
			z, _ := gzip.NewWriterLevel(w, gzip.BestCompression) // fails only for a level that does not exist
			return z
		})
	},
	".zz": func(b []byte) []byte {
		return compressed(b, func(w io.Writer) io.WriteCloser {
			z, _ := zlib.NewWriterLevel(w, zlib.BestCompression)
			return z
		})
	},
}

// compressed writes b through a compressor to memory, which cannot fail.
func compressed(b []byte, to func(io.Writer) io.WriteCloser) []byte {
	var out bytes.Buffer
	w := to(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

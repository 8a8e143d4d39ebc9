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

// bundle is a file that is built.
type bundle struct {
	path   string // below the folder of src
	entry  string // below src
	minify bool
	script bool // has a global variable, as it is no module
}

// bundles are what the server serves.
var bundles = []bundle{
	{path: "dist/socket.io.js", entry: "script.ts", script: true},
	{path: "dist/socket.io.min.js", entry: "script.ts", minify: true, script: true},
	{path: "dist/socket.io.msgpack.min.js", entry: "msgpack/script.ts", minify: true, script: true},
	{path: "dist/socket.io.esm.min.js", entry: "index.ts", minify: true},
	{path: "dist/socket.io.shared.min.js", entry: "shared/index.ts", minify: true},
}

// build bundles the TypeScript in dir/src. It returns the files by their path
// in dir: those that are served, each with its source map and of both the
// compressed forms, and those of the npm package.
func build(dir string) (map[string][]byte, error) {
	files, err := npmPackage(dir)
	if err != nil {
		return nil, err
	}
	for _, b := range bundles {
		outputs, err := b.build(dir)
		if err != nil {
			return nil, err
		}
		for path, content := range outputs {
			files[path] = content
			for suffix, encode := range encodings {
				files[path+suffix] = encode(content)
			}
		}
	}
	return files, nil
}

// build returns the bundle and its source map, by their paths.
func (b bundle) build(dir string) (map[string][]byte, error) {
	options := api.BuildOptions{
		AbsWorkingDir: dir,
		EntryPoints:   []string{"src/" + b.entry},
		Outfile:       b.path,
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
	if b.script {
		options.Format, options.GlobalName = api.FormatIIFE, "bundle"
		options.Banner = map[string]string{"js": scriptHead}
		options.Footer = map[string]string{"js": scriptFoot}
	}
	return run(options)
}

// run runs the bundler, and returns what it makes by the paths in its folder.
func run(options api.BuildOptions) (map[string][]byte, error) {
	result := api.Build(options)
	if len(result.Errors) > 0 {
		return nil, fmt.Errorf("%s: %s", options.Outfile, strings.Join(api.FormatMessages(result.Errors, api.FormatMessagesOptions{}), "\n"))
	}
	files := make(map[string][]byte)
	for _, f := range result.OutputFiles {
		path, err := filepath.Rel(options.AbsWorkingDir, f.Path)
		if err != nil {
			return nil, err
		}
		files[filepath.ToSlash(path)] = f.Contents
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

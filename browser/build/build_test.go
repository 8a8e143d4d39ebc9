package main

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

// TestDistMatchesSrc fails when src was changed without `go generate ./browser`.
func TestBundlesMatchSource(t *testing.T) {
	dir, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	files, err := build(dir)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, dir, files, func(path string) bool { return !strings.HasSuffix(path, ".d.ts") })
}

// compare compares files, by their paths in dir, with those that were generated and are wanted.
func compare(t *testing.T, dir string, files map[string][]byte, wanted func(path string) bool) {
	t.Helper()
	for path, want := range files {
		got, err := os.ReadFile(filepath.Join(dir, path))
		if err != nil {
			t.Error(err)
			continue
		}
		// Compressors may change from one release to the next; what they hold may not.
		if !bytes.Equal(plain(t, path, got), plain(t, path, want)) {
			t.Errorf("%s is not what src makes: run go generate ./browser", path)
		}
	}
	for _, path := range generated(dir) {
		if wanted(path) && files[path] == nil {
			t.Errorf("%s is made by nothing", path)
		}
	}
}

func plain(t *testing.T, name string, content []byte) []byte {
	t.Helper()
	var r io.Reader = bytes.NewReader(content)
	var err error
	switch filepath.Ext(name) {
	case ".br":
		r = brotli.NewReader(r)
	case ".gz":
		r, err = gzip.NewReader(r)
	case ".zz":
		r, err = zlib.NewReader(r)
	}
	if err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return out
}

// The official bundles have 12.9 and 14.8 KB.
func TestSizes(t *testing.T) {
	for name, limit := range map[string]int64{
		"socket.io.esm.min.js.gz": 8000,
		"socket.io.min.js.gz":     8500,

		"socket.io.msgpack.min.js.gz": 9500,

		"socket.io.shared.min.js.gz": 10_500,
	} {
		info, err := os.Stat("../dist/" + name)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d bytes", name, info.Size())
		if info.Size() > limit {
			t.Errorf("%s has %d bytes, at most %d are allowed", name, info.Size(), limit)
		}
	}
}

func TestMapsNameNoMachine(t *testing.T) {
	maps, err := filepath.Glob("../dist/*.map")
	if err != nil || len(maps) != len(bundles) {
		t.Fatalf("%d maps, %v", len(maps), err)
	}
	dir, _ := filepath.Abs("..")
	for _, m := range maps {
		content, err := os.ReadFile(m)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(dir)) || !bytes.Contains(content, []byte(`"../src/`)) {
			t.Errorf("%s: sources are not relative", m)
		}
	}
}

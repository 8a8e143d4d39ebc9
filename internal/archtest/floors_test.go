// Package archtest holds the architecture: which package may import which,
// and how large a file may grow. ARCHITECTURE.md explains the floors.
package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/gosio/sio"

// floors is the height of each package of the core, by the longest prefix of
// its path. A package imports only from lower floors.
var floors = map[string]int{
	"event":              0,
	"internal/buf":       0,
	"internal/cork":      0,
	"internal/field":     0,
	"internal/mailbox":   0,
	"internal/option":    0,
	"internal/wheel":     0,
	"internal/fault":     0,
	"internal/arguments": 1, // on event
	"internal/frame":     1, // on buf
	"internal/netpoll":   1, // on buf
	"wire":               2,
	"wire/eio":           1,
	"internal/ws":        2, // on frame and netpoll
	"internal/message":   3, // on wire and ws
	"browser":            2,
	"engine":             3,
	"engine/dialer":      3, // the client knows nothing of the server
	"adapter":            3,
	"client":             4,
	"":                   5, // package sio
	"siotest":            5, // knows no package sio: it tests any handler
}

// dependencies are the modules that the core may use.
var dependencies = []string{
	"github.com/gobwas/ws",
	"github.com/gobwas/httphead", // of gobwas/ws
	"github.com/go-json-experiment/json",
}

type goPackage struct {
	ImportPath   string
	Dir          string
	GoFiles      []string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// corePackages lists the packages of the root module.
func corePackages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Dir,GoFiles,Imports,TestImports,XTestImports", module+"/...").Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("go list: %v\n%s", err, exit.Stderr)
		}
		t.Fatal(err)
	}
	var all []goPackage
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		err := d.Decode(&p)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if !leaf(p.ImportPath) {
			all = append(all, p)
		}
	}
	if len(all) < len(floors) {
		t.Fatalf("go list found only %d packages", len(all))
	}
	return all
}

// leaf reports whether the package belongs to another module of the workspace.
func leaf(path string) bool {
	for _, m := range []string{"/e2e", "/examples", "/browser/build", "/bench", "/parsers/msgpack"} {
		if p := module + m; path == p || strings.HasPrefix(path, p+"/") {
			return true
		}
	}
	return false
}

func name(path string) string { return strings.TrimPrefix(strings.TrimPrefix(path, module), "/") }

func TestEveryPackageHasItsFloor(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range corePackages(t) {
		n := name(p.ImportPath)
		seen[n] = true
		if n == "internal/archtest" || strings.HasPrefix(n, "internal/test") {
			continue
		}
		if _, ok := floors[n]; !ok {
			t.Errorf("package %q has no floor: give it one here and in ARCHITECTURE.md", n)
		}
	}
	for n := range floors {
		if !seen[n] {
			t.Errorf("floor for a package that does not exist: %q", n)
		}
	}
}

func TestImportsGoDown(t *testing.T) {
	for _, p := range corePackages(t) {
		from, ok := floors[name(p.ImportPath)]
		if !ok {
			continue
		}
		for _, imported := range p.Imports {
			if imported != module && !strings.HasPrefix(imported, module+"/") {
				continue
			}
			if to, ok := floors[name(imported)]; !ok || to >= from {
				t.Errorf("%s (floor %d) imports %s (floor %d)", name(p.ImportPath), from, name(imported), to)
			}
		}
	}
}

func TestCoreDependencies(t *testing.T) {
	for _, p := range corePackages(t) {
		for _, imported := range p.Imports {
			host, _, _ := strings.Cut(imported, "/")
			if !strings.Contains(host, ".") || strings.HasPrefix(imported, module) {
				continue // the standard library, or ours
			}
			allowed := false
			for _, d := range dependencies {
				allowed = allowed || imported == d || strings.HasPrefix(imported, d+"/")
			}
			if !allowed {
				t.Errorf("%s imports %s: heavy dependencies live in leaf modules", name(p.ImportPath), imported)
			}
		}
	}
}

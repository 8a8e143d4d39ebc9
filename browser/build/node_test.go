package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestTypes checks the TypeScript, which the bundler only strips.
func TestTypes(t *testing.T) {
	needNode(t)
	must(t, "..", "test/node_modules/.bin/tsc", "-p", ".")
}

// TestDeclarationsMatchSource fails when what pages may use was changed without making
// the declarations anew: in this folder's parent, go run ./build -types.
func TestDeclarationsMatchSource(t *testing.T) {
	needNode(t)
	dir, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	files, err := declarations(dir)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, dir, files, func(path string) bool { return strings.HasSuffix(path, ".d.ts") })
}

// TestClient runs the tests in ../test: the built client in Node, mostly
// against the official server.
func TestClient(t *testing.T) {
	needNode(t)
	files, err := filepath.Glob("../test/*.test.mjs")
	if err != nil || len(files) == 0 {
		t.Fatalf("no tests: %v", err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(strings.TrimSuffix(name, ".test.mjs"), func(t *testing.T) {
			t.Parallel()
			out := must(t, "../test", "node", "--test", "--test-reporter=tap", name)
			for line := range strings.Lines(out) {
				if strings.HasPrefix(line, "# pass") || strings.HasPrefix(line, "# fail") {
					t.Log(strings.TrimSpace(line))
				}
			}
		})
	}
}

// needNode skips the test, or under CI fails it, if Node and the packages of
// ../test cannot be had. The packages are installed if they are missing.
func needNode(t *testing.T) {
	t.Helper()
	if problem := node(); problem == "" {
		return
	} else if ci := os.Getenv("CI"); ci == "true" || ci == "1" {
		t.Fatal(problem)
	} else {
		t.Skip("NOT TESTED: " + problem)
	}
}

// node returns what is missing, or "".
var node = sync.OnceValue(func() string {
	out, err := exec.Command("node", "--version").Output()
	if err != nil {
		return "node: " + err.Error()
	}
	version := strings.TrimSpace(string(out))
	major, _, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	if n, err := strconv.Atoi(major); err != nil || n < 20 {
		return "Node 20 is needed, there is " + version
	}
	// npm writes the second file when it has installed what the first one says.
	want, err := os.Stat("../test/package-lock.json")
	if err != nil {
		return err.Error()
	}
	got, err := os.Stat("../test/node_modules/.package-lock.json")
	if err == nil && !got.ModTime().Before(want.ModTime()) {
		return ""
	}
	npm := exec.Command("npm", "ci", "--omit-lockfile-registry-resolved", "--no-audit", "--no-fund")
	npm.Dir = "../test"
	if out, err := npm.CombinedOutput(); err != nil {
		return "npm ci: " + err.Error() + "\n" + string(out)
	}
	return ""
})

// must runs a command, which has to succeed, and returns what it prints.
func must(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute) // more than the tests' own limits
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out.String())
	}
	return out.String()
}

// Package guides_test keeps the code in ../../docs true: it is compiled.
//
// A block that is a whole program is vetted as one. Every other one has to
// stand, line for line, in a Go file of this folder.
package guides_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var block = regexp.MustCompile("(?ms)^```go\n(.*?)^```$")

func TestCode(t *testing.T) {
	compiled := compiledCode(t)
	documents, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(documents, "../../README.md") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range block.FindAllStringSubmatchIndex(string(text), -1) {
			code := string(text[match[2]:match[3]])
			line := 2 + strings.Count(string(text[:match[0]]), "\n")
			switch {
			case strings.HasPrefix(code, "package main"):
				vet(t, name, line, code)
			case !strings.Contains(compiled, flat(code)):
				t.Errorf("%s:%d: this code is in no Go file of this folder:\n%s", name, line, code)
			}
		}
	}
}

// compiledCode returns the Go files of this folder, flat.
func compiledCode(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files {
		code, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(flat(string(code)))
	}
	return all.String()
}

// What is for browsers is compiled for them.
func TestCodeForBrowsers(t *testing.T) {
	cmd := exec.Command("go", "vet", ".")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// flat removes what may differ: indentation, and empty lines.
func flat(code string) string {
	var lines strings.Builder
	for line := range strings.Lines(code) {
		if line = strings.TrimSpace(line); line != "" {
			lines.WriteString(line + "\n")
		}
	}
	return lines.String()
}

func vet(t *testing.T, name string, line int, code string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(file, []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", "vet", file).CombinedOutput(); err != nil {
		t.Errorf("%s:%d: %v\n%s", name, line, err, out)
	}
}

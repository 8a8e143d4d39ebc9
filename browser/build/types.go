package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// declarations returns the types of the npm package, beside its modules. The same
// ones are there for import and for require, as it is by their place that
// TypeScript knows of which kind the module is.
func declarations(dir string) (map[string][]byte, error) {
	out, err := os.MkdirTemp("", "types")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(out)
	tsc := exec.Command("test/node_modules/.bin/tsc", "-p", ".", "--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--rootDir", "src", "--outDir", out)
	tsc.Dir = dir
	if message, err := tsc.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("tsc: %w\n%s", err, message)
	}
	files := make(map[string][]byte)
	err = filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(out, path)
		if err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		files["npm/esm/"+name] = public(content)
		if !strings.HasPrefix(name, "shared/") { // which is not for require
			files["npm/cjs/"+name] = public(content)
		}
		return nil
	})
	return files, err
}

// member begins the declaration of a member whose name begins with _, which is
// the library's own.
var member = regexp.MustCompile(`^\s+((private|protected|readonly|static|abstract|get|set)\s+)*_\w+[?(:<;]`)

// public removes the library's own members from declarations, with their comments.
func public(declarations []byte) []byte {
	var out, comment bytes.Buffer
	depth := 0 // of brackets in a member that is removed
	within := false
	for line := range strings.Lines(string(declarations)) {
		trimmed := strings.TrimSpace(line)
		switch {
		case within || member.MatchString(line):
			comment.Reset()
			depth += strings.Count(line, "{") + strings.Count(line, "(") - strings.Count(line, "}") - strings.Count(line, ")")
			within = depth > 0 || !strings.HasSuffix(trimmed, ";")
		case strings.HasPrefix(trimmed, "/**"), strings.HasPrefix(trimmed, "*"):
			comment.WriteString(line)
		default:
			comment.WriteTo(&out) // to memory, which cannot fail
			out.WriteString(line)
		}
	}
	comment.WriteTo(&out)
	return out.Bytes()
}

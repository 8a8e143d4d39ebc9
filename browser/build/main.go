// Command build bundles the browser client: from ../src to ../dist, which the
// server serves, and ../npm, of which the npm package is. It is run by go generate in
// the folder above, and needs nothing but Go; with -types it also makes the
// declarations for TypeScript in ../npm, for which it needs what the tests install.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	types := flag.Bool("types", false, "make the declarations for TypeScript")
	flag.Parse()
	if err := generate(*types); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func generate(types bool) error {
	dir, err := filepath.Abs(".")
	if err != nil {
		return err
	}
	files, err := build(dir)
	if err != nil {
		return err
	}
	if types {
		declared, err := declarations(dir)
		if err != nil {
			return err
		}
		for path, content := range declared {
			files[path] = content
		}
	}
	if err := remove(dir, types); err != nil {
		return err
	}
	for path, content := range files {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// remove removes what was generated before, but for declarations that are to stay.
func remove(dir string, types bool) error {
	for _, path := range generated(dir) {
		if !types && strings.HasSuffix(path, ".d.ts") {
			continue
		}
		if err := os.Remove(filepath.Join(dir, path)); err != nil {
			return err
		}
	}
	return nil
}

// generated lists the files in the folders for what is generated.
func generated(dir string) []string {
	var paths []string
	for _, folder := range []string{"dist", "npm"} {
		_ = filepath.WalkDir(filepath.Join(dir, folder), func(path string, d os.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				rel, _ := filepath.Rel(dir, path) // both are absolute
				paths = append(paths, filepath.ToSlash(rel))
			}
			return nil // a folder that is not there has no files
		})
	}
	return paths
}

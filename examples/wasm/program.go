package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// program is the browser program, which is built when the server starts.
type program struct {
	ready chan struct{} // closed when the build has ended
	built time.Time
	wasm  []byte // packed by gzip, once
	exec  []byte // wasm_exec.js of the Go installation that has built it
	err   error
}

// buildProgram begins to build the package in the folder page.
func buildProgram() *program {
	p := &program{ready: make(chan struct{}), built: time.Now()}
	go func() {
		defer close(p.ready)
		if p.err = p.build(); p.err != nil {
			log.Print(p.err)
		}
	}()
	return p
}

func (p *program) build() error {
	root, err := golang("env", "GOROOT")
	if err != nil {
		return err
	}
	p.exec, err = os.ReadFile(filepath.Join(strings.TrimSpace(root), "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "board")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	file := filepath.Join(folder, "board.wasm")
	if _, err := golang("build", "-ldflags=-s -w", "-o", file, "./page"); err != nil {
		return err
	}
	wasm, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err = z.Write(wasm)
	err = errors.Join(err, z.Close())
	p.wasm = packed.Bytes()
	return err
}

// golang runs the go command for browsers, in the folder of this file, and returns what it
// writes.
func golang(args ...string) (string, error) {
	_, here, _, _ := runtime.Caller(0)
	cmd := exec.Command("go", args...)
	cmd.Dir = filepath.Dir(here)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("go %s, in %s: %w\n%s", strings.Join(args, " "), cmd.Dir, err, complaints.String())
	}
	return string(out), nil
}

// serveWasm serves the program, when it is built; if it cannot be, the page shows why.
func (p *program) serveWasm(w http.ResponseWriter, r *http.Request) {
	if !p.wait(w) {
		return
	}
	w.Header().Set("Content-Type", "application/wasm")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		http.ServeContent(w, r, "", p.built, bytes.NewReader(p.wasm))
		return
	}
	if plain, err := gzip.NewReader(bytes.NewReader(p.wasm)); err == nil {
		_, _ = io.Copy(w, plain)
	}
}

// serveExec serves what the program needs in a browser.
func (p *program) serveExec(w http.ResponseWriter, r *http.Request) {
	if p.wait(w) {
		http.ServeContent(w, r, "wasm_exec.js", p.built, bytes.NewReader(p.exec))
	}
}

func (p *program) wait(w http.ResponseWriter) (ok bool) {
	<-p.ready
	if p.err != nil {
		http.Error(w, p.err.Error(), http.StatusInternalServerError)
	}
	return p.err == nil
}

package e2e_test

import (
	"bytes"
	"compress/gzip"
	"context"
	_ "embed"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// runWasm compiles a package for browsers, and runs it in a page of Chromium, with
// these arguments. It fails the test, with all that the program has written, unless that
// ends with status 0. pkg is a path as the go command takes it, of a program, or of a package
// of tests, whose arguments are flags such as "-test.v". The page has a server of its own; for
// one with more than that, see wasmFiles.
func runWasm(t *testing.T, pkg string, args ...string) {
	t.Helper()
	host := httptest.NewServer(wasmFiles(t, pkg))
	t.Cleanup(host.Close)
	startChromium(t).page(t, desktop).runWasm(host.URL, args...)
}

// wasmPatience is how long a program may run.
const wasmPatience = 4 * time.Minute

// runWasm is runWasm with a page at a server that has wasmFiles at its root.
func (p *page) runWasm(host string, args ...string) {
	p.t.Helper()
	arguments, err := json.Marshal(append([]string{"program"}, args...))
	if err != nil {
		p.t.Fatal(err)
	}
	p.do(chromedp.Navigate(host + "/#" + url.PathEscape(string(arguments))))
	status := "none"
	for end := time.Now().Add(wasmPatience); status == "none" && time.Now().Before(end); {
		if p.soon(`document.body?.dataset.status`, time.Second) {
			status = get(p, chromedp.Evaluate[string](`document.body.dataset.status`))
		}
	}
	output := get(p, chromedp.Evaluate[string](`output`))
	if status != "0" || strings.Contains(output, "no tests to run") {
		p.t.Fatalf("the program in the page ended with status %s:\n%s", status, output)
	}
	p.t.Log(output)
}

// wasmFiles serves a page that runs a package that was compiled for browsers: its path "/"
// and what that needs.
func wasmFiles(t *testing.T, pkg string) http.Handler {
	t.Helper()
	program := buildWasm(t, pkg)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write(wasmPage)
	})
	mux.HandleFunc("GET /wasm_exec.js", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, filepath.Join(goroot(t), "lib", "wasm", "wasm_exec.js"))
	})
	mux.HandleFunc("GET /program.wasm", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/wasm")
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(program)
	})
	return mux
}

//go:embed wasm/page.html
var wasmPage []byte

// buildWasm compiles a package for browsers, and returns the gzipped program.
func buildWasm(t *testing.T, pkg string) []byte {
	t.Helper()
	build := []string{"test", "-c"}
	if strings.TrimSpace(goTool(t, "list", "-f", "{{.Name}}", pkg)) == "main" {
		build = []string{"build"}
	}
	path := filepath.Join(t.TempDir(), "program.wasm")
	goTool(t, append(build, "-ldflags=-s -w", "-o", path, pkg)...)
	program, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("no program was made of %s: %v", pkg, err)
	}
	var packed bytes.Buffer
	z, _ := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	_, _ = z.Write(program)
	_ = z.Close()
	return packed.Bytes()
}

func goroot(t *testing.T) string {
	t.Helper()
	return strings.TrimSpace(goTool(t, "env", "GOROOT"))
}

// goTool runs the go command for browsers, and returns what it writes.
func goTool(t *testing.T, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, complaints.String())
	}
	return string(out)
}

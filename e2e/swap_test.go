package e2e_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/gosio/sio/e2e/peer"
	"github.com/gosio/sio/e2e/tools"
)

// What js/pages/app.mjs sees, with whatever client.
const seen = `seen {"connected":[true,"string",20,true,false,"/"],"auth":[{"token":"a page's"}],"ack":1,"callback":[null,"in time"],` +
	`"binary":["text",true,[1,2,3]],"heard":[3],"namespace":[{}],"shared":true,"refused":[true,"Invalid namespace",false],` +
	`"lost":"forced close","attempts":[1],"renewed":true,"transport":true,"left":[false,false]}`

// TestSwap opens pages that are written for the official client, with it and with ours.
func TestSwap(t *testing.T) {
	t.Parallel()
	tools.NeedNode(t, "js")
	vite := bundler(t)
	browser := startChromium(t)
	visit := func(t *testing.T, files http.Handler, path string) string {
		host := peer.Start(t, suiteConfig(), files)
		p := browser.page(t, desktop)
		p.do(chromedp.Navigate(host.URL + path))
		p.until(`/^(seen|failed) /.test(document.title)`)
		return get(p, chromedp.Evaluate[string]("document.title"))
	}
	check := func(t *testing.T, got string) {
		t.Helper()
		if got != seen {
			t.Errorf("the page shows\n%s, not\n%s", got, seen)
		}
	}

	for _, page := range []string{"script", "module"} {
		t.Run(page+" ours", func(t *testing.T) {
			check(t, visit(t, http.FileServer(http.Dir("js")), "/pages/"+page+".html"))
		})
		t.Run(page+" official", func(t *testing.T) {
			files := http.NewServeMux()
			files.Handle("/", http.FileServer(http.Dir("js")))
			files.HandleFunc("/page.html", func(w http.ResponseWriter, r *http.Request) {
				content, err := os.ReadFile("js/pages/" + page + ".html")
				if err != nil {
					t.Error(err)
				}
				swapped := strings.NewReplacer("/socket.io/", "/node_modules/socket.io-client/dist/", "./app.mjs", "/pages/app.mjs").Replace(string(content))
				_, _ = w.Write([]byte(swapped))
			})
			check(t, visit(t, files, "/page.html"))
		})
	}
	for name, client := range map[string]string{"ours": "../browser", "official": "js/node_modules/socket.io-client"} {
		t.Run("bundled "+name, func(t *testing.T) {
			check(t, visit(t, vite(t, client), "/index.html"))
		})
	}
	t.Run("bundled with shared tabs", func(t *testing.T) {
		files := vite(t, "../browser")
		host := peer.Start(t, suiteConfig(), files)
		p := browser.page(t, desktop)
		other := p.tab(desktop)
		var shown []string
		for _, p := range []*page{p, other} {
			p.do(chromedp.Navigate(host.URL + "/shared.html"))
			p.until(`document.title.startsWith("seen ")`)
			shown = append(shown, get(p, chromedp.Evaluate[string]("document.title")))
		}
		if shown[0] != shown[1] {
			t.Errorf("the tabs have connections of their own: %q", shown)
		}
	})
}

// bundler returns a function that bundles js/pages/vite with the client in a folder, by the
// name of the official one, and returns the files.
func bundler(t *testing.T) func(t *testing.T, client string) http.Handler {
	tools.NeedNode(t, "js/pages/vite")
	source, err := filepath.Abs("js/pages/vite")
	if err != nil {
		t.Fatal(err)
	}
	return func(t *testing.T, client string) http.Handler {
		t.Helper()
		dir := t.TempDir()
		link := func(target, name string) {
			target, err := filepath.Abs(target)
			if err == nil {
				err = os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o750)
			}
			if err == nil {
				err = os.Symlink(target, filepath.Join(dir, name))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		link(client, "node_modules/socket.io-client")
		link("../browser", "node_modules/@gosio/client")
		for _, file := range []string{"vite/index.html", "vite/main.mjs", "vite/shared.html", "vite/shared.mjs", "vite/vite.config.mjs", "app.mjs"} {
			content, err := os.ReadFile(filepath.Join("js/pages", file))
			if err == nil {
				err = os.WriteFile(filepath.Join(dir, filepath.Base(file)), content, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		cmd := exec.Command(filepath.Join(source, "node_modules/.bin/vite"), "build")
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("vite: %v\n%s", err, out)
		}
		return http.FileServer(http.Dir(filepath.Join(dir, "dist")))
	}
}

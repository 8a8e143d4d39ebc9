package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gosio/sio/browser"
)

// install packs the npm package as it would be published, and returns a folder in which
// it is installed.
func install(t *testing.T) string {
	t.Helper()
	needNode(t)
	dir := t.TempDir()
	out := must(t, "..", "npm", "pack", "--json", "--pack-destination", dir)
	var packed []struct {
		Name, Version, Filename string
		Files                   []struct{ Path string }
	}
	if err := json.Unmarshal([]byte(out[strings.Index(out, "["):]), &packed); err != nil || len(packed) != 1 {
		t.Fatalf("npm pack says: %v\n%s", err, out)
	}
	p := packed[0]
	if p.Name != "@gosio/client" || p.Version != browser.Version {
		t.Errorf("it is %s %s, not of version %s", p.Name, p.Version, browser.Version)
	}
	for _, f := range p.Files {
		if f.Path != "package.json" && f.Path != "README.md" && !strings.HasPrefix(f.Path, "npm/") {
			t.Errorf("%s is in the package", f.Path)
		}
	}
	module := filepath.Join(dir, "node_modules", "@gosio", "client")
	if err := os.MkdirAll(module, 0o750); err != nil {
		t.Fatal(err)
	}
	must(t, module, "tar", "-xzf", filepath.Join(dir, filepath.Base(p.Filename)), "--strip-components=1")
	return dir
}

func TestPackageInNode(t *testing.T) {
	dir := install(t)
	for name, program := range map[string]string{
		"import.mjs": `
			import io, { connect, Manager, protocol, Socket, WebSocket, XHR } from "@gosio/client"
			import * as packed from "@gosio/client/msgpack"
			import * as shared from "@gosio/client/shared"
			const s = io("http://127.0.0.1:1", { autoConnect: false })
			console.log(s instanceof Socket, s.io instanceof Manager, connect === io, io.io !== undefined, protocol, typeof WebSocket, typeof XHR,
				typeof packed.default, typeof packed.Encoder, typeof shared.io)`,
		"require.cjs": `
			const io = require("@gosio/client")
			const { connect, Manager, protocol, Socket, WebSocket, XHR, default: other } = io
			const packed = require("@gosio/client/msgpack")
			const s = io("http://127.0.0.1:1", { autoConnect: false })
			console.log(s instanceof Socket, s.io instanceof Manager, connect === other, io.io !== undefined, protocol, typeof WebSocket, typeof XHR,
				typeof packed, typeof packed.Encoder, typeof packed.io)`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(program), 0o600); err != nil {
			t.Fatal(err)
		}
		const want = "true true true true 5 function function function function function\n"
		if got := must(t, dir, "node", name); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// TestPackageTypes checks ../test/types against the package, as bundlers and as Node
// understand it. What must not compile is marked there.
func TestPackageTypes(t *testing.T) {
	dir := install(t)
	sources, err := filepath.Glob("../test/types/*")
	if err != nil || len(sources) == 0 {
		t.Fatalf("no tests: %v", err)
	}
	for _, source := range sources {
		content, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(source)), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "package.json"), []byte(`{"type":"module"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	tsc, err := filepath.Abs("../test/node_modules/.bin/tsc")
	if err != nil {
		t.Fatal(err)
	}
	for module, resolution := range map[string]string{"ESNext": "bundler", "node20": "node16"} {
		config := fmt.Sprintf(`{"compilerOptions": {"strict": true, "noEmit": true, "target": "ES2022", "lib": ["ES2022", "DOM"], "types": [],
			"module": %q, "moduleResolution": %q, "esModuleInterop": true}, "include": ["*.ts", "*.cts"]}`, module, resolution)
		if err := os.WriteFile(filepath.Join(dir, "tsconfig.json"), []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
		must(t, dir, tsc, "-p", ".")
	}
}

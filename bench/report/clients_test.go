package report

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestClients(t *testing.T) {
	root := skeleton(t)
	if err := CheckClients(root); err == nil || !strings.Contains(err.Error(), performanceFile) {
		t.Errorf("no marker: %v", err)
	}
	put(t, root, performanceFile, "# P\n\n<!-- bench:clients --><!-- /bench:clients -->\n")
	if err := CheckClients(root); err != nil {
		t.Fatal(err)
	}
	run := fixed()
	run.Scenarios = run.Scenarios[:1]
	run.Measures = run.Measures[:15]
	if err := WriteClients(root, run); err != nil {
		t.Fatal(err)
	}
	doc := string(get(t, root, performanceFile))
	for _, want := range []string{
		"| client |  | versions |",
		"| scenario | unit | gosio | socket.io on Node | socket.io on Bun | gobwas/ws | gws | ÷ socket.io on Node | ÷ socket.io on Bun | ÷ gobwas/ws | ÷ gws |",
		"| echo, 16 in flight | µs/event | 1.00 | 11.0 | 1.90 | 0.60 | 10.0 | 0.09 | 0.53 | 1.67 | 0.10 |",
		"| echo, 16 in flight | CPU ÷ gobwas/ws | ≤ 2.00 | 1.667 | yes |",
		"In no scenario does a peer take less than ours.",
	} {
		if !strings.Contains(doc, want) {
			t.Errorf("no %q in\n%s", want, doc)
		}
	}
	saved, err := Load(filepath.Join(root, clientsFile))
	if err != nil {
		t.Fatal(err)
	}
	if got := ClientsTerminal(saved); got != ClientsTerminal(run) {
		t.Errorf("saved and loaded:\n%s", got)
	}
}

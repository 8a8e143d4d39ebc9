package main

import (
	"os"
	"strings"
	"testing"

	"github.com/gosio/sio/bench/process"
)

// The document explains every scenario and client under the name that the table has.
func TestDocumented(t *testing.T) {
	doc, err := os.ReadFile("../../docs/performance.md")
	if err != nil {
		t.Fatal(err)
	}
	_, prose, _ := strings.Cut(string(doc), "## Clients")
	prose, _, _ = strings.Cut(prose, "<!-- bench:clients -->")
	for _, s := range scenarios {
		if !strings.Contains(prose, "\n| "+s.Title+" | ") {
			t.Errorf("no scenario %q", s.Title)
		}
	}
	for _, c := range process.Clients() {
		if !strings.Contains(prose, "**"+c.Title+"**") {
			t.Errorf("no client %q", c.Title)
		}
	}
}

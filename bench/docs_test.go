package main

import (
	"os"
	"strings"
	"testing"

	"github.com/gosio/sio/bench/load"
	"github.com/gosio/sio/bench/process"
)

// The document explains every scenario and server under the name that the
// tables have.
func TestDocumented(t *testing.T) {
	doc, err := os.ReadFile("../docs/performance.md")
	if err != nil {
		t.Fatal(err)
	}
	prose, _, _ := strings.Cut(string(doc), "## Headline table")
	for _, s := range load.Scenarios {
		if !strings.Contains(prose, "\n| "+s.Title+" | ") {
			t.Errorf("no scenario %q", s.Title)
		}
	}
	for _, s := range process.Known()[:6] { // without those that tests add
		if !strings.Contains(prose, "**"+s.Title+"**") {
			t.Errorf("no server %q", s.Title)
		}
	}
}

package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/gosio/sio/bench/result"
)

var update = flag.Bool("update", false, "write the golden files")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("not what %s has (-update writes it):\n%s", file, got)
	}
}

func TestTerminal(t *testing.T) { golden(t, "terminal.txt", []byte(Terminal(fixed()))) }

// skeleton makes a repository with nothing between the markers.
func skeleton(t *testing.T) (root string) {
	t.Helper()
	root = t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "docs"), 0o755); err != nil {
		t.Fatal(err)
	}
	put(t, root, readmeFile, "# R\n\n<!-- bench:headline -->\nold\n<!-- /bench:headline -->\n\nafter\n")
	text := "# P\n"
	for _, name := range []string{"conditions", "table", "latency", "goals", "ahead", "plots"} {
		text += "\n## " + name + "\n\n<!-- bench:" + name + " --><!-- /bench:" + name + " -->\n"
	}
	put(t, root, performanceFile, text)
	return root
}

func put(t *testing.T, root, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, root, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestWrite(t *testing.T) {
	root := skeleton(t)
	if err := Check(root); err != nil {
		t.Fatal(err)
	}
	if err := Write(root, fixed()); err != nil {
		t.Fatal(err)
	}
	names := map[string]string{
		"README.md": readmeFile, "performance.md": performanceFile,
		"idle.svg": folder + "/idle.svg", "cast-idle.svg": folder + "/cast-idle.svg",
	}
	for name, file := range names {
		golden(t, name, get(t, root, file))
	}
	if _, err := os.Stat(filepath.Join(root, folder, "cast-rooms.svg")); err == nil {
		t.Error("a plot without points")
	}

	// The same from what was saved, over what was written.
	run, err := Load(filepath.Join(root, runFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := Write(root, run); err != nil {
		t.Fatal(err)
	}
	if got := Terminal(run); got != Terminal(fixed()) {
		t.Errorf("saved and loaded:\n%s", got)
	}
	for name, file := range names {
		golden(t, name, get(t, root, file))
	}
}

func TestNothingMeasured(t *testing.T) {
	golden(t, "nothing.txt", []byte(Terminal(result.Run{Servers: fixed().Servers, Scenarios: fixed().Scenarios})))
}

package archtest

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// maxLines is where a file stops being one that can be held in mind.
const maxLines = 500

func TestFilesAreSmall(t *testing.T) {
	for _, p := range corePackages(t) {
		for _, file := range p.GoFiles {
			src, err := os.ReadFile(filepath.Join(p.Dir, file))
			if err != nil {
				t.Fatal(err)
			}
			if n := bytes.Count(src, []byte("\n")); n > maxLines {
				t.Errorf("%s/%s has %d lines (at most %d)", name(p.ImportPath), file, n, maxLines)
			}
		}
	}
}

// Names that say nothing about what is inside.
var empty = []string{"util", "utils", "common", "helpers", "misc", "types", "base", "shared"}

func TestNamesSayWhatIsInside(t *testing.T) {
	for _, p := range corePackages(t) {
		for _, bad := range empty {
			if filepath.Base(p.ImportPath) == bad {
				t.Errorf("package %s", p.ImportPath)
			}
			for _, file := range p.GoFiles {
				if file == bad+".go" {
					t.Errorf("file %s/%s", p.ImportPath, file)
				}
			}
		}
	}
}

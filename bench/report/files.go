package report

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gosio/sio/bench/result"
)

// Where the report is, from the root of the repository.
const (
	performanceFile = "docs/performance.md"
	readmeFile      = "README.md"
	folder          = "docs/performance"
	runFile         = folder + "/run.json"
)

// Check reports whether Write will find what it needs, before a long run.
func Check(root string) error {
	_, err := documents(root, result.Run{})
	return err
}

// Write brings the documents and the plots up to date, and saves the run.
func Write(root string, run result.Run) error {
	// First, as it cannot be made again: documents can, of this.
	if err := save(root, runFile, run); err != nil {
		return err
	}
	files, err := documents(root, run)
	if err != nil {
		return err
	}
	for _, p := range look(run).plots() {
		svg, err := p.draw()
		if err != nil {
			return fmt.Errorf("%s: %w", p.file, err)
		}
		files[folder+"/"+p.file] = svg
	}
	return write(root, files)
}

// save writes a run to a file of the folder.
func save(root, file string, run result.Run) error {
	if err := os.MkdirAll(filepath.Join(root, folder), 0o755); err != nil {
		return err
	}
	data, err := json.MarshalIndent(run, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(root, file), append(data, '\n'), 0o644)
}

func write(root string, files map[string][]byte) error {
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(root, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// Load returns a run that was saved.
func Load(file string) (result.Run, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return result.Run{}, err
	}
	var run result.Run
	if err := json.Unmarshal(data, &run); err != nil {
		return result.Run{}, fmt.Errorf("%s: %w", file, err)
	}
	return run, nil
}

// documents returns the documents with the run's figures between their
// markers.
func documents(root string, run result.Run) (map[string][]byte, error) {
	v := look(run)
	return fill(root, []part{
		{readmeFile, "headline", v.headline()},
		{performanceFile, "conditions", v.conditions() + "\n" + v.serverTable("server").markdown()},
		{performanceFile, "table", v.costTable(v.rivals()).markdown() + "\n" + v.notes()},
		{performanceFile, "latency", v.latencyTable().markdown()},
		{performanceFile, "goals", v.goalsTable().markdown()},
		{performanceFile, "ahead", list(v.ahead())},
		{performanceFile, "plots", v.gallery()},
	})
}

// part is what a file has between the markers of a name.
type part struct{ file, marker, content string }

// fill returns the files with their parts.
func fill(root string, parts []part) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, p := range parts {
		if files[p.file] == nil {
			data, err := os.ReadFile(filepath.Join(root, p.file))
			if err != nil {
				return nil, err
			}
			files[p.file] = data
		}
		text, err := replace(string(files[p.file]), p.marker, p.content)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.file, err)
		}
		files[p.file] = []byte(text)
	}
	return files, nil
}

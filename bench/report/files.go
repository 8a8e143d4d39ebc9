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
	if err := os.MkdirAll(filepath.Join(root, folder), 0o755); err != nil {
		return err
	}
	data, err := json.MarshalIndent(run, "", "\t")
	if err != nil {
		return err
	}
	// First, as it cannot be made again: documents can, of this.
	if err := os.WriteFile(filepath.Join(root, runFile), append(data, '\n'), 0o644); err != nil {
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
	type part struct{ file, marker, content string }
	files := map[string][]byte{}
	for _, p := range []part{
		{readmeFile, "headline", v.headline()},
		{performanceFile, "conditions", v.conditions() + "\n" + v.serverTable().markdown()},
		{performanceFile, "table", v.costTable().markdown() + "\n" + v.notes()},
		{performanceFile, "latency", v.latencyTable().markdown()},
		{performanceFile, "goals", v.goalsTable().markdown()},
		{performanceFile, "ahead", list(v.ahead())},
		{performanceFile, "plots", v.gallery()},
	} {
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

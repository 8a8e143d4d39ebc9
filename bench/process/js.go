package process

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/gosio/sio/bench/result"
)

// A runtime returns a command that runs JavaScript, as far as the name of the
// program's file.
type runtime func(ctx context.Context, dir string) (*exec.Cmd, error)

func node(ctx context.Context, _ string) (*exec.Cmd, error) {
	return exec.CommandContext(ctx, "node", "--expose-gc"), nil
}

// bun is one of the npm packages.
func bun(ctx context.Context, dir string) (*exec.Cmd, error) {
	path := filepath.Join(dir, "node_modules", ".bin", "bun")
	if err := exec.CommandContext(ctx, path, "--version").Run(); err != nil {
		// The package has it only for some systems.
		return nil, fmt.Errorf("%w: the npm package bun has no Bun that runs here: %w", ErrMissing, err)
	}
	return exec.CommandContext(ctx, path), nil
}

// jsProgram is a program in a file of the folder js; its name is that of the
// runtime. Its version is that of the packages and of the runtime.
func jsProgram(file, name, title string, run runtime, packages ...string) program {
	installed := func(ctx context.Context) (cmd *exec.Cmd, dir string, err error) {
		if dir, err = install(ctx); err != nil {
			return nil, "", err
		}
		cmd, err = run(ctx, dir)
		return cmd, dir, err
	}
	return program{
		Server: result.Server{Name: name, Title: title, Kind: result.Peer},
		command: func(ctx context.Context) (*exec.Cmd, error) {
			cmd, dir, err := installed(ctx)
			if err != nil {
				return nil, err
			}
			cmd.Args = append(cmd.Args, filepath.Join(dir, file))
			return cmd, nil
		},
		version: func(ctx context.Context) (string, error) {
			cmd, dir, err := installed(ctx)
			if err != nil {
				return "", err
			}
			var parts []string
			for _, p := range packages {
				version, err := packageVersion(dir, p)
				if err != nil {
					return "", err
				}
				parts = append(parts, p+" "+version)
			}
			out, err := exec.CommandContext(ctx, cmd.Path, "--version").Output()
			if err != nil {
				return "", err
			}
			runs := name + " " + strings.TrimPrefix(strings.TrimSpace(string(out)), "v")
			return strings.Join(append(parts, runs), ", "), nil
		},
	}
}

func packageVersion(dir, name string) (string, error) {
	data, err := os.ReadFile(filepath.Join(dir, "node_modules", name, "package.json"))
	if err != nil {
		return "", err
	}
	var p struct {
		Version string `json:"version"`
	}
	err = json.Unmarshal(data, &p)
	return p.Version, err
}

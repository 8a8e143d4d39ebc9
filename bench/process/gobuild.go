package process

import (
	"context"
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/gosio/sio/bench/result"
)

const module = "github.com/gosio/sio/bench"

// goProgram is a program of a folder of this module. Its version is that
// of the module library; ours is "(devel)", of the run's commit.
func goProgram(folder, name, title string, kind result.Kind, library string) program {
	return program{
		Server: result.Server{Name: name, Title: title, Kind: kind},
		command: func(ctx context.Context) (*exec.Cmd, error) {
			path, err := build(ctx, folder, name)
			if err != nil {
				return nil, err
			}
			return exec.CommandContext(ctx, path), nil
		},
		version: func(ctx context.Context) (string, error) {
			path, err := build(ctx, folder, name)
			if err != nil {
				return "", err
			}
			info, err := buildinfo.ReadFile(path)
			if err != nil {
				return "", err
			}
			return goVersion(info, library)
		},
	}
}

func goVersion(info *debug.BuildInfo, library string) (string, error) {
	for _, m := range info.Deps {
		if m.Path == library {
			return strings.TrimPrefix(library, "github.com/") + " " + m.Version + ", " + info.GoVersion, nil
		}
	}
	return "", fmt.Errorf("%s is not built with %s", info.Path, library)
}

var built struct {
	sync.Mutex
	dir   string
	paths map[string]bool
}

// build builds a Go program, once, and returns its path.
func build(ctx context.Context, folder, name string) (string, error) {
	built.Lock()
	defer built.Unlock()
	if built.dir == "" {
		dir, err := os.MkdirTemp("", "gosio-bench-")
		if err != nil {
			return "", err
		}
		built.dir, built.paths = dir, map[string]bool{}
	}
	path := filepath.Join(built.dir, folder+"-"+name)
	if built.paths[path] {
		return path, nil
	}
	out, err := exec.CommandContext(ctx, "go", "build", "-o", path, module+"/"+folder+"/"+name).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	built.paths[path] = true
	return path, nil
}

// Clean removes the programs that were built.
func Clean() error {
	built.Lock()
	defer built.Unlock()
	dir := built.dir
	built.dir = ""
	if dir == "" {
		return nil
	}
	return os.RemoveAll(dir)
}

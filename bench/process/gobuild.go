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

// goServer is a server of this module's folder servers. Its version is that
// of the module library; ours is "(devel)", of the run's commit.
func goServer(name, title string, kind result.Kind, library string) server {
	return server{
		Server: result.Server{Name: name, Title: title, Kind: kind},
		command: func(ctx context.Context) (*exec.Cmd, error) {
			path, err := build(ctx, name)
			if err != nil {
				return nil, err
			}
			return exec.CommandContext(ctx, path), nil
		},
		version: func(ctx context.Context) (string, error) {
			path, err := build(ctx, name)
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
	names map[string]bool
}

// build builds a Go server, once, and returns the path of the program.
func build(ctx context.Context, name string) (string, error) {
	built.Lock()
	defer built.Unlock()
	if built.dir == "" {
		dir, err := os.MkdirTemp("", "gosio-bench-")
		if err != nil {
			return "", err
		}
		built.dir, built.names = dir, map[string]bool{}
	}
	path := filepath.Join(built.dir, name)
	if built.names[name] {
		return path, nil
	}
	out, err := exec.CommandContext(ctx, "go", "build", "-o", path, module+"/servers/"+name).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	built.names[name] = true
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

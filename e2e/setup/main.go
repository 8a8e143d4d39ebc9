// Command setup installs what the tests need beside Go and is not there yet:
// a C compiler for the race detector, Node with npm, Chromium (from the
// system's packages, where that is possible) and the npm packages. It does
// nothing, quickly, when all is there.
//
// What cannot be installed is said, and its tests are skipped then; with
// CI=true in the environment it is an error.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/gosio/sio/e2e/tools"
)

func main() {
	root, err := tools.Root()
	if err != nil {
		fail(err)
	}
	var missing []string
	miss := func(err error) {
		if err != nil {
			fmt.Printf("setup: MISSING: %v\n", err)
			missing = append(missing, err.Error())
		}
	}
	miss(system(tools.C, "gcc", "libc6-dev"))
	node := func() error { _, err := tools.Node(); return err }
	chromium := func() error { _, err := tools.Chromium(); return err }
	nodeMissing := system(node, "nodejs", "npm")
	miss(nodeMissing)
	miss(system(chromium, "chromium", "fonts-liberation", "fonts-noto-color-emoji"))
	if nodeMissing == nil {
		miss(packages(root))
	}
	if len(missing) == 0 {
		fmt.Println("setup: all that the tests need is there")
		return
	}
	fmt.Println("setup: tests that need what is missing will be SKIPPED")
	if tools.CI() {
		fail(errors.New("under CI nothing may be skipped"))
	}
}

var updated bool

// system installs packages of the system if check says that something is
// missing, and returns what check says then.
func system(check func() error, names ...string) error {
	missing := check()
	if missing == nil {
		return nil
	}
	if _, err := exec.LookPath("apt-get"); err != nil {
		return fmt.Errorf("%w, and there is no apt-get to install it with", missing)
	}
	if os.Geteuid() != 0 {
		return fmt.Errorf("%w; as root: apt-get install %s", missing, strings.Join(names, " "))
	}
	if !updated {
		if err := run("", "apt-get", "update"); err != nil {
			return fmt.Errorf("%w, and apt-get update failed: %w", missing, err)
		}
		updated = true
	}
	if err := run("", "apt-get", append([]string{"install", "-y", "--no-install-recommends"}, names...)...); err != nil {
		return fmt.Errorf("%w, and apt-get install failed: %w", missing, err)
	}
	return check()
}

// packages installs the npm packages of every folder that has some.
func packages(root string) error {
	dirs, err := tools.Locked(root)
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		if tools.Installed(dir) {
			continue
		}
		if err := run(dir, "npm", "ci", "--omit-lockfile-registry-resolved", "--no-audit", "--no-fund"); err != nil {
			return fmt.Errorf("npm ci in %s: %w", filepath.Base(dir), err)
		}
		if err := tools.MarkInstalled(dir); err != nil {
			return err
		}
	}
	return nil
}

// run runs a command that may take a while. What it prints is shown only if
// it fails.
func run(dir, name string, args ...string) error {
	fmt.Printf("setup: %s %s\n", name, strings.Join(args, " "))
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	out, err := cmd.CombinedOutput()
	if err != nil {
		_, _ = os.Stdout.Write(out)
	}
	return err
}

func fail(err error) {
	fmt.Println("setup:", err)
	os.Exit(1)
}

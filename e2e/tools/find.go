// Package tools finds what the tests need beside Go: Node, the npm packages of
// the official client, and Chromium. The command setup installs them.
package tools

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

const minNode = 18 // the first with fetch

// Node returns the path of Node, and an error if there is none that is recent
// enough, or no npm beside it.
func Node() (string, error) {
	path, err := exec.LookPath("node")
	if err != nil {
		return "", errors.New("node is not installed")
	}
	if _, err := exec.LookPath("npm"); err != nil {
		return "", errors.New("npm is not installed")
	}
	out, err := exec.Command(path, "--version").Output()
	if err != nil {
		return "", errors.New("node --version: " + err.Error())
	}
	version := strings.TrimSpace(string(out))
	major, _, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	if n, err := strconv.Atoi(major); err != nil || n < minNode {
		return "", errors.New("node is " + version + ", and v" + strconv.Itoa(minNode) + " is needed")
	}
	return path, nil
}

// Chromium returns the path of the browser: the environment variable CHROME,
// or the first of the usual names.
func Chromium() (string, error) {
	if path := os.Getenv("CHROME"); path != "" {
		return exec.LookPath(path)
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("Chromium is not installed, and CHROME does not name a browser")
}

// C returns an error if there is no C compiler, which the race detector needs.
func C() error {
	for _, name := range []string{os.Getenv("CC"), "gcc", "clang", "cc"} {
		if _, err := exec.LookPath(name); name != "" && err == nil {
			return nil
		}
	}
	return errors.New("no C compiler is installed")
}

// Root returns the top folder of the repository, from the working directory up.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.work")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("not within the repository: no go.work")
		}
		dir = up
	}
}

// Locked returns the folders below root that have npm packages.
func Locked(root string) ([]string, error) {
	var dirs []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git"):
			return filepath.SkipDir
		case d.Name() == "package-lock.json":
			dirs = append(dirs, filepath.Dir(path))
		}
		return nil
	})
	return dirs, err
}

// Installed reports whether the npm packages of a folder are there, as its
// package-lock.json has them.
func Installed(dir string) bool {
	want, err := lockSum(dir)
	if err != nil {
		return false
	}
	got, err := os.ReadFile(stamp(dir))
	return err == nil && string(got) == want
}

// MarkInstalled says that they are.
func MarkInstalled(dir string) error {
	sum, err := lockSum(dir)
	if err != nil {
		return err
	}
	return os.WriteFile(stamp(dir), []byte(sum), 0o600)
}

func stamp(dir string) string { return filepath.Join(dir, "node_modules", ".locked") }

func lockSum(dir string) (string, error) {
	lock, err := os.ReadFile(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(lock)
	return hex.EncodeToString(sum[:]), nil
}

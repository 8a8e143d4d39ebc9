package process

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// install installs the npm packages of the folder js, unless they are there as
// the lock file has them, and returns that folder.
func install(ctx context.Context) (dir string, err error) {
	for _, name := range []string{"node", "npm"} {
		if _, err := exec.LookPath(name); err != nil {
			return "", fmt.Errorf("%w: %w", ErrMissing, err)
		}
	}
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		return "", fmt.Errorf("where is %s: %w", module, err)
	}
	dir = filepath.Join(strings.TrimSpace(string(out)), "js")

	lock, err := os.Open(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		return "", err
	}
	defer func() { _ = lock.Close() }()
	// npm ci begins with removing the packages, which another process of the
	// bench may be about to use.
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", err
	}
	content, err := io.ReadAll(lock)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(content)
	want := hex.EncodeToString(sum[:])
	stamp := filepath.Join(dir, "node_modules", ".locked") // e2e/setup leaves the same
	if got, err := os.ReadFile(stamp); err == nil && string(got) == want {
		return dir, nil
	}
	npm := exec.CommandContext(ctx, "npm", "ci", "--omit-lockfile-registry-resolved", "--no-audit", "--no-fund")
	npm.Dir = dir
	if out, err := npm.CombinedOutput(); ctx.Err() != nil {
		return "", ctx.Err()
	} else if err != nil {
		return "", fmt.Errorf("%w: npm packages: npm ci: %w\n%s", ErrMissing, err, out)
	}
	return dir, os.WriteFile(stamp, []byte(want), 0o600)
}

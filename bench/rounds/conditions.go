package rounds

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gosio/sio/bench/result"
)

const unknown = "unknown"

// Conditions says where and how a run is made.
func Conditions(rounds, seconds int) result.Conditions {
	return result.Conditions{
		Date:    time.Now().Format(time.DateOnly),
		Commit:  commit(),
		CPU:     field("/proc/cpuinfo", "model name"),
		Cores:   runtime.NumCPU(),
		Memory:  gibibytes(field("/proc/meminfo", "MemTotal")),
		Kernel:  kernel(),
		Go:      runtime.Version(),
		Rounds:  rounds,
		Seconds: seconds,
	}
}

// commit names the commit, and tells whether files differ from it.
func commit() string {
	hash, err := exec.Command("git", "rev-parse", "--short", "HEAD").Output()
	if err != nil {
		return unknown
	}
	name := strings.TrimSpace(string(hash))
	if changed, err := exec.Command("git", "status", "--porcelain").Output(); err != nil || len(changed) > 0 {
		name += " with changes"
	}
	return name
}

// field returns the first value of a key in a file of /proc.
func field(file, key string) string {
	data, err := os.ReadFile(file)
	if err != nil {
		return unknown
	}
	for line := range strings.Lines(string(data)) {
		if k, value, _ := strings.Cut(line, ":"); strings.TrimSpace(k) == key {
			return strings.TrimSpace(value)
		}
	}
	return unknown
}

func gibibytes(kB string) string {
	n, err := strconv.ParseFloat(strings.TrimSuffix(kB, " kB"), 64)
	if err != nil {
		return unknown
	}
	return fmt.Sprintf("%.1f GiB", n/(1<<20))
}

// kernel is what uname has, without the name of the host.
func kernel() string {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return unknown
	}
	text := func(b [65]byte) string { return string(bytes.TrimRight(b[:], "\x00")) }
	return text(u.Sysname) + " " + text(u.Release) + " " + text(u.Machine)
}

package process

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"time"
)

// tick is the unit of times in /proc, USER_HZ: the same on all that Go runs on.
const tick = time.Second / 100

// CPU returns the processor time, user and system, that all threads of the
// program have taken so far.
func (p *Process) CPU() (time.Duration, error) {
	stat, err := p.proc("stat")
	if err != nil {
		return 0, err
	}
	// The second field is the program's name in parentheses, and may have
	// anything in it. utime and stime are the fields 14 and 15.
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 13 {
		return 0, fmt.Errorf("unexpected /proc/PID/stat: %q", stat)
	}
	user, err := strconv.ParseInt(string(fields[11]), 10, 64)
	if err != nil {
		return 0, err
	}
	system, err := strconv.ParseInt(string(fields[12]), 10, 64)
	return time.Duration(user+system) * tick, err
}

// RSS returns the bytes of memory that the program has in use.
func (p *Process) RSS() (int64, error) {
	// Unlike statm, whose counts the kernel keeps per thread and adds up late,
	// this is exact.
	rollup, err := p.proc("smaps_rollup")
	if err != nil {
		return 0, err
	}
	for line := range bytes.Lines(rollup) {
		if kib, ok := bytes.CutPrefix(line, []byte("Rss:")); ok {
			n, err := strconv.ParseInt(string(bytes.TrimSpace(bytes.TrimSuffix(bytes.TrimSpace(kib), []byte("kB")))), 10, 64)
			return n << 10, err
		}
	}
	return 0, fmt.Errorf("no Rss in /proc/PID/smaps_rollup: %q", rollup)
}

func (p *Process) proc(file string) ([]byte, error) {
	return os.ReadFile(fmt.Sprintf("/proc/%d/%s", p.PID(), file))
}

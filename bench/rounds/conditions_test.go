package rounds

import (
	"os"
	"strings"
	"testing"
)

func TestConditions(t *testing.T) {
	c := Conditions(3, 2)
	if c.Rounds != 3 || c.Seconds != 2 || c.Cores < 1 || !strings.HasSuffix(c.Memory, " GiB") || !strings.HasPrefix(c.Kernel, "Linux ") || !strings.HasPrefix(c.Go, "go") || c.Date == "" || c.Commit == "" || c.CPU == "" {
		t.Errorf("%+v", c)
	}
	if host, err := os.Hostname(); err == nil && strings.Contains(c.Kernel, host) {
		t.Errorf("tells the host's name: %s", c.Kernel)
	}
}

func TestGibibytes(t *testing.T) {
	for kB, want := range map[string]string{"8164432 kB": "7.8 GiB", unknown: unknown} {
		if got := gibibytes(kB); got != want {
			t.Errorf("%s: %s", kB, got)
		}
	}
}

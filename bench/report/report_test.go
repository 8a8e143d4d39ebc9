package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gosio/sio/bench/result"
)

func TestReplace(t *testing.T) {
	const begin, end = "<!-- bench:x -->", "<!-- /bench:x -->"
	got, err := replace("a "+begin+" old "+end+" z <!-- bench:y -->", "x", "\nnew\n")
	if want := "a " + begin + "\n\nnew\n\n" + end + " z <!-- bench:y -->"; got != want || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	for _, text := range []string{"", begin, end, end + begin, begin + begin + end, begin + end + end, "<!-- bench:xx --><!-- /bench:xx -->"} {
		if got, err := replace(text, "x", "new"); err == nil {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestMissingMarker(t *testing.T) {
	for _, file := range []string{readmeFile, performanceFile} {
		root := skeleton(t)
		put(t, root, file, "no marker")
		if err := Check(root); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v", file, err)
		}
		if err := Write(root, fixed()); err == nil {
			t.Errorf("%s: written", file)
		}
		if string(get(t, root, file)) != "no marker" {
			t.Errorf("%s was changed", file)
		}
		if _, err := Load(filepath.Join(root, runFile)); err != nil {
			t.Errorf("the run is lost: %v", err)
		}
		if err := os.Remove(filepath.Join(root, file)); err != nil {
			t.Fatal(err)
		}
		if err := Check(root); err == nil {
			t.Errorf("%s is not even there", file)
		}
	}
}

func TestFailure(t *testing.T) {
	good := result.Measure{Ops: 10, CPU: time.Second, RSS: 1 << 20}
	busy, idle := result.Scenario{}, result.Scenario{Idle: true}
	for _, s := range []result.Scenario{busy, idle} {
		if why := failure(s, good); why != "" {
			t.Error(why)
		}
	}
	for name, spoil := range map[string]func(m *result.Measure) result.Scenario{
		"error":     func(m *result.Measure) result.Scenario { m.Error = "x"; return busy },
		"wrong":     func(m *result.Measure) result.Scenario { m.Wrong = 1; return busy },
		"no ops":    func(m *result.Measure) result.Scenario { m.Ops = 0; return busy },
		"no CPU":    func(m *result.Measure) result.Scenario { m.CPU = 0; return busy },
		"no memory": func(m *result.Measure) result.Scenario { m.RSS = -4096; return idle },
	} {
		m := good
		s := spoil(&m)
		if failure(s, m) == "" || !strings.HasPrefix(Outcome(s, m), "FAILED: ") {
			t.Errorf("%s: has a figure", name)
		}
	}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		of   []float64
		want float64
	}{{[]float64{3}, 3}, {[]float64{9, 1}, 5}, {[]float64{9, 1, 2}, 2}, {[]float64{4, 1, 100, 2}, 3}} {
		if got := median(c.of); got != c.want {
			t.Errorf("%v: %v", c.of, got)
		}
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0.00", 1.234: "1.23", 9.994: "9.99", 9.996: "10.0", 99.94: "99.9", 99.96: "100",
		999.4: "999", 1000: "1,000", 123456.7: "123,457", 1234567: "1,234,567",
	} {
		if got := number(v); got != want {
			t.Errorf("%v: %s", v, got)
		}
	}
}

// The bounds are inclusive, and nothing is rounded into them.
func TestGoalsAtTheBound(t *testing.T) {
	for _, c := range []struct {
		ours int64
		want string
	}{{1150, "yes"}, {1151, "no"}} {
		run := result.Run{
			Servers:   []result.Server{{Name: "o", Kind: result.Ours}, {Name: "r", Kind: result.Raw}},
			Scenarios: []result.Scenario{{Name: "s", Goals: []result.Goal{{Against: "r", Ratio: 1.15}}}},
			Measures: []result.Measure{
				{Scenario: "s", Server: "o", Ops: 1, CPU: time.Duration(c.ours)},
				{Scenario: "s", Server: "r", Ops: 1, CPU: 1000},
			},
		}
		row := look(run).goalsTable().rows[0]
		if got := row[len(row)-1]; got != c.want {
			t.Errorf("%d: %v", c.ours, row)
		}
	}
}

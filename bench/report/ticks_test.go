package report

import (
	"strings"
	"testing"

	"github.com/gosio/sio/bench/result"
)

func TestTicks(t *testing.T) {
	for high, want := range map[float64]string{
		19_500:  "0 5,000 10,000 15,000",
		100_000: "0 20,000 40,000 60,000 80,000 100,000",
		370:     "0 50 100 150 200 250 300 350",
		1.5:     "0 0.2 0.4 0.6 0.8 1 1.2 1.4",
		0.45:    "0 0.1 0.2 0.3 0.4",
		9:       "0 1 2 3 4 5 6 7 8 9",
	} {
		var labels []string
		for _, mark := range (ticks{}).Ticks(0, high) {
			labels = append(labels, mark.Label)
		}
		if got := strings.Join(labels, " "); got != want {
			t.Errorf("%v: %s", high, got)
		}
	}
}

// A plot may have only the first of its points, at 0.
func TestOnePoint(t *testing.T) {
	run := fixed()
	run.Points = []result.Point{{Plot: "idle", Server: "sio"}}
	for _, p := range look(run).plots() {
		if _, err := p.draw(); err != nil {
			t.Error(err)
		}
	}
}

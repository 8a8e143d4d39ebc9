package report

import (
	"fmt"
	"slices"
	"time"

	"github.com/gosio/sio/bench/result"
)

// A figure is one of the numbers that a measure has.
type figure func(result.Scenario, result.Measure) float64

// A cell is what one server did in one scenario, over all rounds.
type cell struct {
	scenario result.Scenario
	rounds   []result.Measure
	failed   int
}

func (c *cell) add(m result.Measure) {
	c.rounds = append(c.rounds, m)
	if failure(c.scenario, m) != "" {
		c.failed++
	}
}

// failure returns why a measure has no figure that counts, "" if it has one.
func failure(s result.Scenario, m result.Measure) string {
	switch {
	case m.Error != "":
		return m.Error
	case m.Wrong > 0:
		return fmt.Sprintf("%d answers were wrong", m.Wrong)
	case m.Ops <= 0:
		return "nothing was done"
	case cost(s, m) <= 0:
		return "it cost less than can be measured"
	}
	return ""
}

// median returns the median over the rounds of what a figure is in each. A
// cell with a failed round has none: wrong answers may be cheap ones.
func (c *cell) median(f figure) (float64, bool) {
	if c == nil || c.failed > 0 {
		return 0, false
	}
	return median(c.figures(f)), true
}

func (c *cell) figures(f figure) []float64 {
	figures := make([]float64, len(c.rounds))
	for i, m := range c.rounds {
		figures[i] = f(c.scenario, m)
	}
	return figures
}

// show returns the median as text, or what there is instead.
func (c *cell) show(f figure) string {
	switch {
	case c == nil:
		return "–"
	case c.failed > 0 && c.failed == len(c.rounds):
		return "failed"
	case c.failed > 0:
		return fmt.Sprintf("failed %d of %d", c.failed, len(c.rounds))
	}
	return number(median(c.figures(f)))
}

// ratio returns the ratio of two medians.
func ratio(c, to *cell, f figure) (float64, bool) {
	a, okA := c.median(f)
	b, okB := to.median(f)
	return a / b, okA && okB && b > 0
}

func median(figures []float64) float64 {
	sorted := slices.Sorted(slices.Values(figures))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// cost is what one operation takes of the server's processor, in µs; in an
// idle scenario it is a client's memory in KiB.
func cost(s result.Scenario, m result.Measure) float64 {
	if s.Idle {
		return float64(m.RSS) / 1024
	}
	return micros(m.CPU) / float64(m.Ops)
}

// unit returns the unit of cost.
func unit(s result.Scenario) string {
	if s.Idle {
		return "KiB/" + s.Unit
	}
	return "µs/" + s.Unit
}

func rate(_ result.Scenario, m result.Measure) float64 { return float64(m.Ops) / m.Elapsed.Seconds() }
func p50(_ result.Scenario, m result.Measure) float64  { return micros(m.P50) }
func p99(_ result.Scenario, m result.Measure) float64  { return micros(m.P99) }

// serverCores and loadCores tell how many processor cores were busy.
func serverCores(_ result.Scenario, m result.Measure) float64 {
	return m.CPU.Seconds() / m.Elapsed.Seconds()
}

func loadCores(_ result.Scenario, m result.Measure) float64 {
	return m.LoadCPU.Seconds() / m.Elapsed.Seconds()
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 }

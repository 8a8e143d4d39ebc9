package report

import (
	"fmt"

	"github.com/gosio/sio/bench/result"
)

// goalsTable says of each goal whether it is reached.
func (v *view) goalsTable() *table {
	t := &table{head: []string{"scenario", "goal for", "bound", "measured", "reached"}, text: 2}
	for _, s := range v.Scenarios {
		for _, g := range s.Goals {
			if g.Limit > 0 {
				t.row(v.limit(s, g)...)
			} else {
				t.row(v.bound(s, g)...)
			}
		}
	}
	return t
}

func (v *view) limit(s result.Scenario, g result.Goal) []string {
	ours := v.our(s)
	reached := "not measured"
	if kib, ok := ours.median(cost); ok {
		reached = yes(kib <= g.Limit/1024)
	} else if ours != nil {
		reached = "no"
	}
	return []string{s.Title, "memory", "≤ " + number(g.Limit/1024) + " KiB", ours.show(cost), reached}
}

func (v *view) bound(s result.Scenario, g result.Goal) []string {
	what, of := "CPU", figure(cost)
	switch {
	case g.P99:
		what, of = "p99", p99
	case s.Idle:
		what = "memory"
	}
	row := []string{s.Title, what + " ÷ " + v.title(g.Against), "≤ " + number(g.Ratio)}
	ours, theirs := v.our(s), v.cell(s, g.Against)
	r, ok := ratio(ours, theirs, of)
	switch {
	case ok:
		// Three decimals: 1.154 has not reached 1.15.
		return append(row, fmt.Sprintf("%.3f", r), yes(r <= g.Ratio))
	case ours != nil && ours.failed > 0:
		return append(row, ours.show(of), "no")
	case ours == nil || theirs == nil:
		return append(row, "–", "not measured")
	}
	return append(row, v.title(g.Against)+" "+theirs.show(of), "not measured")
}

func yes(reached bool) string {
	if reached {
		return "yes"
	}
	return "no"
}

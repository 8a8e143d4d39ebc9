package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gosio/sio/bench/result"
)

// costTable has the median cost of each scenario on each server, and our
// ratio to some.
func (v *view) costTable(rivals []result.Server) *table {
	t := &table{head: []string{"scenario", "unit"}, text: 2}
	for _, server := range v.Servers {
		t.head = append(t.head, server.Title)
	}
	for _, server := range rivals {
		t.head = append(t.head, "÷ "+server.Title)
	}
	for _, s := range v.Scenarios {
		row := []string{s.Title, unit(s)}
		for _, server := range v.Servers {
			row = append(row, v.cell(s, server.Name).show(cost))
		}
		for _, server := range rivals {
			if r, ok := ratio(v.our(s), v.cell(s, server.Name), cost); ok {
				row = append(row, number(r))
			} else {
				row = append(row, "–")
			}
		}
		t.row(row...)
	}
	return t
}

// rivals are the servers that goals name.
func (v *view) rivals() []result.Server {
	var rivals []result.Server
	for _, server := range v.Servers {
		if slices.ContainsFunc(v.Scenarios, func(s result.Scenario) bool {
			return slices.ContainsFunc(s.Goals, func(g result.Goal) bool { return g.Against == server.Name })
		}) {
			rivals = append(rivals, server)
		}
	}
	return rivals
}

// Failures has a sentence for each measure without a figure.
func Failures(run result.Run) []string {
	v := look(run)
	var sentences []string
	for _, s := range v.Scenarios {
		for _, server := range v.Servers {
			c := v.cell(s, server.Name)
			if c == nil {
				continue
			}
			for _, m := range c.rounds {
				if why := failure(s, m); why != "" {
					sentences = append(sentences, fmt.Sprintf("Failed: %s, %s, round %d: `%s`", s.Title, server.Title, m.Round, oneLine(why)))
				}
			}
		}
	}
	return sentences
}

// oneLine makes an error fit between two backquotes.
func oneLine(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "`", "'")
}

// spread tells how far the rounds are apart.
func (v *view) spread() string {
	var (
		all   []float64
		worst float64
		where string
	)
	for _, s := range v.Scenarios {
		for _, server := range v.Servers {
			c := v.cell(s, server.Name)
			if c == nil || c.failed > 0 || len(c.rounds) < 2 {
				continue
			}
			costs := c.figures(cost)
			apart := (slices.Max(costs) - slices.Min(costs)) / median(costs)
			all = append(all, apart)
			if apart >= worst {
				worst, where = apart, s.Title+", "+server.Title
			}
		}
	}
	if len(all) == 0 {
		return "Nothing was measured more than once: no spread is known."
	}
	return fmt.Sprintf("Spread over the rounds, (max − min) / median: median %.0f %%, worst %.0f %% (%s).", median(all)*100, worst*100, where)
}

// Outcome tells what a measure came to.
func Outcome(s result.Scenario, m result.Measure) string {
	if why := failure(s, m); why != "" {
		return "FAILED: " + why
	}
	return number(cost(s, m)) + " " + unit(s)
}

// Package report makes tables, sentences and plots out of what a run of the
// bench measured. The same run makes the same report, byte for byte.
package report

import (
	"slices"

	"github.com/gosio/sio/bench/result"
)

// A view is a run with its measures sorted into cells.
type view struct {
	result.Run
	cells map[[2]string]*cell // by the names of scenario and server
}

func look(run result.Run) *view {
	v := &view{Run: run, cells: map[[2]string]*cell{}}
	scenarios := map[string]result.Scenario{}
	for _, s := range run.Scenarios {
		scenarios[s.Name] = s
	}
	for _, m := range run.Measures {
		at := [2]string{m.Scenario, m.Server}
		c := v.cells[at]
		if c == nil {
			c = &cell{scenario: scenarios[m.Scenario]}
			v.cells[at] = c
		}
		c.add(m)
	}
	return v
}

// cell returns what a server did in a scenario, nil if it did not.
func (v *view) cell(s result.Scenario, server string) *cell {
	return v.cells[[2]string{s.Name, server}]
}

// our returns what our server did in a scenario, nil if it did not.
func (v *view) our(s result.Scenario) *cell {
	i := slices.IndexFunc(v.Servers, func(s result.Server) bool { return s.Kind == result.Ours })
	if i < 0 {
		return nil
	}
	return v.cell(s, v.Servers[i].Name)
}

// title returns how tables show a server.
func (v *view) title(server string) string {
	for _, s := range v.Servers {
		if s.Name == server {
			return s.Title
		}
	}
	return server
}

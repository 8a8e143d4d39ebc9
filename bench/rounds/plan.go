// Package rounds has what the comparisons of the bench have in common: what they
// compare, in which order, and under which conditions.
package rounds

import "github.com/gosio/sio/bench/result"

// A Step is one measure of a run.
type Step[S any] struct {
	Round    int // from 1
	Scenario S
	Server   result.Server
}

// Plan returns all steps in their order. The servers take turns within each
// scenario of each round, so that what disturbs the machine for a while
// disturbs all of them; and each round another one begins.
func Plan[S interface {
	Can(server string, kind result.Kind) bool
}](rounds int, scenarios []S, servers []result.Server) []Step[S] {
	var steps []Step[S]
	for round := range rounds {
		for _, scenario := range scenarios {
			for i := range servers {
				server := servers[(round+i)%len(servers)]
				if scenario.Can(server.Name, server.Kind) {
					steps = append(steps, Step[S]{Round: round + 1, Scenario: scenario, Server: server})
				}
			}
		}
	}
	return steps
}

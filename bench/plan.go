package main

import (
	"github.com/gosio/sio/bench/load"
	"github.com/gosio/sio/bench/result"
)

// A step is one measure of the run.
type step struct {
	round    int // from 1
	scenario load.Scenario
	server   result.Server
}

// plan returns all steps in their order. The servers take turns within each
// scenario of each round, so that what disturbs the machine for a while
// disturbs all of them; and each round another one begins.
func plan(rounds int, scenarios []load.Scenario, servers []result.Server) []step {
	var steps []step
	for round := range rounds {
		for _, scenario := range scenarios {
			for i := range servers {
				server := servers[(round+i)%len(servers)]
				if scenario.Can(server.Name, server.Kind) {
					steps = append(steps, step{round: round + 1, scenario: scenario, server: server})
				}
			}
		}
	}
	return steps
}

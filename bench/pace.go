package main

import (
	"fmt"
	"math"
	"slices"

	"github.com/gosio/sio/bench/load"
	"github.com/gosio/sio/bench/result"
)

// The rate of load.Paced is half of the throughput that the slower one of
// these servers had in this scenario of the same round.
const pacer = "echo1"

var pacers = []string{"sio", "gobwas"}

func canPace(scenarios []load.Scenario, servers []result.Server) bool {
	for _, name := range pacers {
		if !slices.ContainsFunc(servers, func(s result.Server) bool { return s.Name == name }) {
			return false
		}
	}
	return slices.ContainsFunc(scenarios, func(s load.Scenario) bool { return s.Name == pacer })
}

// paceRate returns the rate, in events per second, for a round of which the
// pacer is done.
func paceRate(measures []result.Measure, round int) (float64, error) {
	slower := math.Inf(1)
	for _, name := range pacers {
		i := slices.IndexFunc(measures, func(m result.Measure) bool {
			return m.Round == round && m.Scenario == pacer && m.Server == name
		})
		if i < 0 || measures[i].Error != "" || measures[i].Ops == 0 {
			return 0, fmt.Errorf("no rate: %s has no %s in round %d", name, pacer, round)
		}
		slower = min(slower, float64(measures[i].Ops)/measures[i].Elapsed.Seconds())
	}
	return slower / 2, nil
}

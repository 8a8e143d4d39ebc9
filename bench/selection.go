package main

import (
	"errors"
	"log"
	"slices"
	"strings"

	"github.com/gosio/sio/bench/load"
	"github.com/gosio/sio/bench/result"
	"github.com/gosio/sio/bench/rounds"
)

// selectScenarios returns the named scenarios, in the order of the tables.
func selectScenarios(names string, servers []result.Server) ([]load.Scenario, error) {
	scenarios, err := rounds.Select(load.Scenarios, names, "scenario", func(s load.Scenario) string { return s.Name })
	if err != nil {
		return nil, err
	}
	if isPaced := func(s load.Scenario) bool { return s.Run == nil }; slices.ContainsFunc(scenarios, isPaced) && !canPace(scenarios, servers) {
		log.Printf("WITHOUT %s: its rate is taken from %s of %s", load.Paced.Name, pacer, strings.Join(pacers, " and "))
		scenarios = slices.DeleteFunc(scenarios, isPaced)
	}
	if len(scenarios) == 0 {
		return nil, errors.New("no scenario is left")
	}
	return scenarios, nil
}

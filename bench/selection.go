package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"slices"
	"strings"

	"github.com/gosio/sio/bench/load"
	"github.com/gosio/sio/bench/process"
	"github.com/gosio/sio/bench/result"
)

// selectServers returns those of the named servers that can be started, with
// their versions.
func selectServers(ctx context.Context, names string) ([]result.Server, error) {
	known, err := selected(process.Known(), names, "server", func(s result.Server) string { return s.Name })
	if err != nil {
		return nil, err
	}
	var servers []result.Server
	for _, s := range known {
		s.Version, err = process.Version(ctx, s.Name)
		switch {
		case errors.Is(err, process.ErrMissing):
			log.Printf("WITHOUT %s: %v", s.Name, err)
			continue
		case err != nil:
			return nil, fmt.Errorf("%s: %w", s.Name, err)
		}
		servers = append(servers, s)
	}
	if servers == nil {
		return nil, errors.New("no server is left")
	}
	return servers, nil
}

// selectScenarios returns the named scenarios, in the order of the tables.
func selectScenarios(names string, servers []result.Server) ([]load.Scenario, error) {
	scenarios, err := selected(load.Scenarios, names, "scenario", func(s load.Scenario) string { return s.Name })
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

// selected returns the items that the comma-separated names name, in the
// items' order; no names mean all.
func selected[T any](items []T, names, kind string, nameOf func(T) string) ([]T, error) {
	if names == "" {
		return slices.Clone(items), nil
	}
	wanted := map[string]bool{}
	for name := range strings.SplitSeq(names, ",") {
		if !slices.ContainsFunc(items, func(item T) bool { return nameOf(item) == name }) {
			return nil, fmt.Errorf("no %s %q", kind, name)
		}
		wanted[name] = true
	}
	return slices.DeleteFunc(slices.Clone(items), func(item T) bool { return !wanted[nameOf(item)] }), nil
}

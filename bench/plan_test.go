package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gosio/sio/bench/load"
	"github.com/gosio/sio/bench/process"
	"github.com/gosio/sio/bench/result"
	"github.com/gosio/sio/bench/rounds"
)

func scenarios(t *testing.T, names string) []load.Scenario {
	t.Helper()
	s, err := rounds.Select(load.Scenarios, names, "scenario", func(s load.Scenario) string { return s.Name })
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func servers(t *testing.T, names string) []result.Server {
	t.Helper()
	s, err := rounds.Select(process.Known(), names, "server", func(s result.Server) string { return s.Name })
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestPlan(t *testing.T) {
	var got []string
	for _, s := range rounds.Plan(4, scenarios(t, "echo1,rooms"), servers(t, "sio,bun,gobwas")) {
		got = append(got, fmt.Sprint(s.Round, " ", s.Scenario.Name, " ", s.Server.Name))
	}
	want := []string{ // a raw server has no rooms
		"1 echo1 sio", "1 echo1 bun", "1 echo1 gobwas", "1 rooms sio", "1 rooms bun",
		"2 echo1 bun", "2 echo1 gobwas", "2 echo1 sio", "2 rooms bun", "2 rooms sio",
		"3 echo1 gobwas", "3 echo1 sio", "3 echo1 bun", "3 rooms sio", "3 rooms bun",
		"4 echo1 sio", "4 echo1 bun", "4 echo1 gobwas", "4 rooms sio", "4 rooms bun",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}

// The rate comes from the pacer, so that must be done before.
func TestPacerFirst(t *testing.T) {
	done := map[string]bool{}
	for _, s := range rounds.Plan(2, scenarios(t, ""), servers(t, "")) {
		if s.Scenario.Run == nil {
			for _, name := range pacers {
				if !done[fmt.Sprint(s.Round, pacer, name)] {
					t.Errorf("round %d: %s before %s of %s", s.Round, s.Scenario.Name, pacer, name)
				}
			}
		}
		done[fmt.Sprint(s.Round, s.Scenario.Name, s.Server.Name)] = true
	}
	if len(done) < 2*len(load.Scenarios)*3 {
		t.Errorf("only %d steps", len(done))
	}
}

func TestSelected(t *testing.T) {
	if got := scenarios(t, "call,echo16"); len(got) != 2 || got[0].Name != "echo16" || got[1].Name != "call" {
		t.Errorf("%+v", got)
	}
	if got := scenarios(t, ""); len(got) != len(load.Scenarios) {
		t.Errorf("all: %d", len(got))
	}
	for _, names := range []string{"nothing", "echo1,nothing", "echo1,", ","} {
		if got, err := selectScenarios(names, servers(t, "")); err == nil {
			t.Errorf("%q: %+v", names, got)
		}
	}
}

func TestCanPace(t *testing.T) {
	for _, c := range []struct {
		scenarios, servers string
		can                bool
	}{
		{"", "", true},
		{"echo1,pace", "sio,gobwas", true},
		{"pace", "sio,gobwas", false},
		{"", "sio,bun", false},
		{"", "gobwas,bun", false},
	} {
		got, err := selectScenarios(c.scenarios, servers(t, c.servers))
		can := slices.ContainsFunc(got, func(s load.Scenario) bool { return s.Run == nil })
		if can != c.can || (err != nil) != (len(got) == 0) {
			t.Errorf("%+v: %v, %v", c, can, err)
		}
	}
}

func TestPaceRate(t *testing.T) {
	measures := []result.Measure{
		{Server: "sio", Scenario: "echo1", Round: 1, Ops: 1, Elapsed: time.Second},
		{Server: "gobwas", Scenario: "echo1", Round: 1, Ops: 1, Elapsed: time.Second},
		{Server: "sio", Scenario: "echo16", Round: 2, Ops: 10, Elapsed: time.Second},
		{Server: "bun", Scenario: "echo1", Round: 2, Ops: 10, Elapsed: time.Second},
		{Server: "gobwas", Scenario: "echo1", Round: 2, Ops: 300_000, Elapsed: 3 * time.Second},
		{Server: "sio", Scenario: "echo1", Round: 2, Ops: 180_000, Elapsed: 2 * time.Second},
	}
	if rate, err := paceRate(measures, 2); rate != 45_000 || err != nil {
		t.Errorf("sio is slower: %v, %v", rate, err)
	}
	measures[5].Ops = 220_000
	if rate, err := paceRate(measures, 2); rate != 50_000 || err != nil {
		t.Errorf("gobwas is slower: %v, %v", rate, err)
	}
	for name, spoil := range map[string]func(m *result.Measure){
		"failed":    func(m *result.Measure) { m.Error = "x" },
		"nothing":   func(m *result.Measure) { m.Ops = 0 },
		"not there": func(m *result.Measure) { m.Round = 3 },
	} {
		spoiled := slices.Clone(measures)
		spoil(&spoiled[5])
		if rate, err := paceRate(spoiled, 2); err == nil {
			t.Errorf("%s: %v", name, rate)
		}
	}
}

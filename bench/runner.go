package main

import (
	"context"
	"log"
	"time"

	"github.com/gosio/sio/bench/load"
	"github.com/gosio/sio/bench/report"
	"github.com/gosio/sio/bench/result"
	"github.com/gosio/sio/bench/rounds"
)

// A runner measures, and keeps what it measured.
type runner struct {
	run    result.Run
	d      time.Duration // of each measure
	failed bool
}

func newRunner(o options, servers []result.Server, scenarios []load.Scenario) *runner {
	r := &runner{d: time.Duration(o.seconds) * time.Second}
	r.run.Conditions = rounds.Conditions(o.rounds, o.seconds)
	r.run.Servers = servers
	for _, s := range scenarios {
		r.run.Scenarios = append(r.run.Scenarios, s.Scenario)
	}
	return r
}

// rounds takes the steps, each with a fresh process of its server. One that
// fails does not end the run.
func (r *runner) rounds(ctx context.Context, steps []rounds.Step[load.Scenario]) {
	for i, s := range steps {
		m := r.step(ctx, s)
		if ctx.Err() != nil {
			return // the server was killed: this is no measure
		}
		m.Server, m.Scenario, m.Round = s.Server.Name, s.Scenario.Name, s.Round
		r.run.Measures = append(r.run.Measures, m)
		log.Printf("%3d/%d  round %d  %-10s %-8s %s", i+1, len(steps), s.Round, m.Scenario, m.Server, report.Outcome(s.Scenario.Scenario, m))
	}
	r.failed = len(report.Failures(r.run)) > 0
}

func (r *runner) step(ctx context.Context, s rounds.Step[load.Scenario]) (m result.Measure) {
	work := s.Scenario.Run
	if work == nil {
		rate, err := paceRate(r.run.Measures, s.Round)
		if err != nil {
			m.Error = err.Error()
			return m
		}
		work = load.Pace(rate)
	}
	err := with(ctx, s.Server, func(t load.Target) (err error) {
		m, err = work(t, r.d)
		return err
	})
	if err != nil {
		m.Error = err.Error()
	}
	return m
}

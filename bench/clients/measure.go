package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/gosio/sio/bench/process"
	"github.com/gosio/sio/bench/result"
)

// scenario is a kind of work, which the programs of the clients know by its name.
type scenario struct {
	result.Scenario
	polls bool // the raw client cannot do it
}

// Can reports whether a client can do the scenario.
func (s scenario) Can(_ string, kind result.Kind) bool { return kind != result.Raw || !s.polls }

// scenarios are all kinds of work, in the order of the tables.
var scenarios = []scenario{
	{Scenario: result.Scenario{
		Name: "echo16", Title: "echo, 16 in flight", Unit: "event",
		Goals: []result.Goal{{Against: "gobwas", Ratio: 2}},
	}},
	{Scenario: result.Scenario{Name: "echo1", Title: "echo, 1 in flight", Unit: "event"}},
	{Scenario: result.Scenario{Name: "call", Title: "call and ack", Unit: "call"}},
	{Scenario: result.Scenario{Name: "stream", Title: "receive a stream", Unit: "event"}},
	{polls: true, Scenario: result.Scenario{Name: "polling", Title: "echo by polling", Unit: "event"}},
	{Scenario: result.Scenario{Name: "storm", Title: "connect, join, leave", Unit: "connection"}},
	{Scenario: result.Scenario{
		Name: "idle", Title: "idle connection", Unit: "connection", Idle: true,
		Goals: []result.Goal{{Limit: 12 << 10}},
	}},
}

// patience is how long a measure may take beyond its time.
const patience = time.Minute

// grace is how long the last answers may take.
var grace = 10 * time.Second

// measure has a client do a scenario, with a fresh process of a server. How the
// processes end counts too: it may tell why the work failed.
func measure(ctx context.Context, server, client string, s scenario, d time.Duration) (m result.Measure, err error) {
	ctx, cancel := context.WithTimeout(ctx, d+patience)
	defer cancel()
	p, err := process.Start(ctx, server)
	if err != nil {
		return m, err
	}
	defer func() { err = ended(err, "server", p) }()
	c, err := process.StartClient(ctx, client, p.Addr(), s.Name)
	if err != nil {
		return m, err
	}
	defer func() { err = ended(err, "client", c) }()
	if s.Idle {
		m, err = idle(c)
	} else {
		m, err = busy(ctx, p, c, d)
	}
	if err != nil {
		return m, err
	}
	defer time.AfterFunc(grace, cancel).Stop()
	m.Wrong, err = stopped(c)
	return m, err
}

// ended ends a process, and adds how it has ended to an error.
func ended(err error, what string, p *process.Process) error {
	if ended := p.Stop(); ended != nil {
		err = errors.Join(err, fmt.Errorf("the %s ended: %w", what, ended))
	}
	return err
}

// busy measures a client that works: after a third of the time, to warm up.
func busy(ctx context.Context, server, c *process.Process, d time.Duration) (m result.Measure, err error) {
	if err := pause(ctx, d/3); err != nil {
		return m, err
	}
	before, err := look(server, c)
	if err != nil {
		return m, err
	}
	if err := pause(ctx, d); err != nil {
		return m, err
	}
	after, err := look(server, c)
	if err != nil {
		return m, err
	}
	m.Elapsed = after.at.Sub(before.at)
	m.Ops, m.CPU, m.LoadCPU = after.ops-before.ops, after.cpu-before.cpu, after.server-before.server
	if m.Ops == 0 {
		err = errors.New("nothing was done") // nor will be, to wait for
	}
	return m, err
}

// stopped has a client wait for the answers to all that it has asked, and returns how
// many of all answers were wrong.
func stopped(c *process.Process) (wrong int64, err error) {
	answer, err := c.Ask("stop")
	if err != nil {
		return 0, err
	}
	_, wrong, first, err := figures(answer)
	if err == nil && wrong > 0 {
		err = fmt.Errorf("%d answers were wrong, the first one: %s", wrong, first)
	}
	return wrong, err
}

// moment is what has been done, and what it has taken, until then.
type moment struct {
	at          time.Time
	cpu, server time.Duration
	ops         int64
}

func look(server, c *process.Process) (t moment, err error) {
	t.at = time.Now()
	if t.cpu, err = c.CPU(); err != nil {
		return t, err
	}
	if t.server, err = server.CPU(); err != nil {
		return t, err
	}
	answer, err := c.Ask("count")
	if err == nil {
		t.ops, _, _, err = figures(answer)
	}
	return t, err
}

// figures are those of an answer to "count" or "stop".
func figures(answer string) (ops, wrong int64, first string, err error) {
	if n, err := fmt.Sscan(answer, &ops, &wrong); n < 2 {
		return 0, 0, "", fmt.Errorf("unexpected figures %q: %w", answer, err)
	}
	fields := strings.SplitN(answer, " ", 3)
	if len(fields) == 3 {
		first = fields[2]
	}
	return ops, wrong, first, nil
}

const (
	firstIdle = 100 // they pay for what all share
	idleCount = 1000
)

// idle measures the memory that an idle connection costs: what 1,000 add to a process
// that has 100 already, after collecting garbage.
func idle(c *process.Process) (m result.Measure, err error) {
	began := time.Now()
	before, err := settled(c, firstIdle)
	if err != nil {
		return m, err
	}
	after, err := settled(c, idleCount)
	if err != nil {
		return m, err
	}
	return result.Measure{Ops: idleCount, Elapsed: time.Since(began), RSS: (after - before) / idleCount}, nil
}

// settled adds connections and returns the process's memory then.
func settled(c *process.Process, n int) (int64, error) {
	answer, err := c.Ask(fmt.Sprint("add ", n))
	if err != nil {
		return 0, err
	}
	if answer != "added" {
		return 0, fmt.Errorf("add: answered %q", answer)
	}
	if err := c.Settle(); err != nil {
		return 0, err
	}
	return c.RSS()
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

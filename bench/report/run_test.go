package report

import (
	"time"

	"github.com/gosio/sio/bench/result"
)

// fixed is a run in which everything happens that a report must tell: goals
// reached and missed, peers ahead and nearly so, failures, and gaps.
func fixed() result.Run {
	run := result.Run{
		Conditions: result.Conditions{
			Date: "2026-01-02", Commit: "abc1234", CPU: "Some CPU", Cores: 2, Memory: "7.8 GiB",
			Kernel: "Linux 6.1 x86_64", Go: "go1.26.0", Rounds: 3, Seconds: 1,
		},
		Servers: []result.Server{
			{Name: "sio", Title: "gosio", Version: "gosio/sio (devel), go1.26.0", Kind: result.Ours},
			{Name: "node", Title: "socket.io on Node", Version: "socket.io 4.8, node 20", Kind: result.Peer},
			{Name: "bun", Title: "socket.io on Bun", Version: "socket.io 4.8, bun 1.3", Kind: result.Peer},
			{Name: "gobwas", Title: "gobwas/ws", Version: "gobwas/ws v1.4, go1.26.0", Kind: result.Raw},
			{Name: "gws", Title: "gws", Version: "lxzan/gws v1.8, go1.26.0", Kind: result.Raw},
		},
		Scenarios: []result.Scenario{
			{Name: "echo16", Title: "echo, 16 in flight", Unit: "event", Goals: []result.Goal{{Against: "gobwas", Ratio: 2}, {Against: "bun", Ratio: 0.5}}},
			{Name: "pace", Title: "echo, paced", Unit: "event", Goals: []result.Goal{{Against: "gobwas", Ratio: 2, P99: true}}},
			{Name: "cast1000", Title: "broadcast", Unit: "delivery", Goals: []result.Goal{{Against: "gobwas", Ratio: 1.1}, {Against: "node", Ratio: 1}}},
			{Name: "polling", Title: "polling", Unit: "event", Goals: []result.Goal{{Against: "nethttp", Ratio: 1.15}}},
			{Name: "churn", Title: "churn", Unit: "delivery", Goals: []result.Goal{{Against: "bun", Ratio: 1}}},
			{Name: "idle", Title: "idle client", Unit: "client", Idle: true, Goals: []result.Goal{{Limit: 5 << 10}, {Against: "bun", Ratio: 0.5}}},
		},
		Points: []result.Point{
			{Plot: "idle", Server: "sio", X: 0, Y: 10}, {Plot: "idle", Server: "sio", X: 19_500, Y: 100},
			{Plot: "idle", Server: "bun", X: 0, Y: 60}, {Plot: "idle", Server: "bun", X: 19_500, Y: 300},
			{Plot: "castIdle", Server: "sio", X: 0, Y: 2}, {Plot: "castIdle", Server: "sio", X: 10_000, Y: 3},
		},
	}
	// cost is in µs for each of 1,000,000 operations in a second, or a client's bytes.
	add := func(scenario, server string, costs ...int64) {
		for i, c := range costs {
			m := result.Measure{Server: server, Scenario: scenario, Round: i + 1, Ops: 1_000_000, Elapsed: time.Second}
			if scenario == "idle" {
				m.RSS = c
			} else {
				m.CPU = time.Duration(c) * time.Microsecond * 1_000_000 / 100 // hundredths of a µs
				m.LoadCPU = time.Second / 2
				m.P50, m.P99 = time.Duration(c)*time.Microsecond, 10*time.Duration(c)*time.Microsecond
			}
			run.Measures = append(run.Measures, m)
		}
	}
	add("echo16", "sio", 110, 100, 90)
	add("echo16", "node", 1000, 1100, 1200)
	add("echo16", "bun", 180, 200, 190)
	add("echo16", "gobwas", 60, 60, 60)
	add("echo16", "gws", 1000, 990, 1000)
	add("pace", "sio", 300, 310, 290)
	add("pace", "gobwas", 100, 110, 100)
	add("cast1000", "sio", 130, 130, 130)
	add("cast1000", "node", 110, 115, 105)
	add("cast1000", "bun", 100, 104, 100)
	add("cast1000", "gobwas", 114, 113, 113)
	add("polling", "sio", 1000, 1000, 1000)
	add("polling", "node", 1000, 1000, 1000)
	add("polling", "bun", 900, 900, 900)
	add("churn", "sio", 150, 150, 150)
	add("churn", "bun", 140, 140, 140)
	add("idle", "sio", 5200, 5300, 5100)
	add("idle", "node", 30_000, 31_000, 32_000)
	add("idle", "bun", 12_000, 12_000, 12_000)
	for i, m := range run.Measures {
		switch {
		case m.Scenario == "polling" && m.Server == "sio" && m.Round == 2:
			run.Measures[i].Wrong = 7
		case m.Scenario == "churn" && m.Server == "bun":
			run.Measures[i] = result.Measure{Server: "bun", Scenario: "churn", Round: m.Round, Error: "connection `lost`:\n\tEOF"}
		}
	}
	return run
}

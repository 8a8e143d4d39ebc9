package load

import (
	"slices"
	"time"

	"github.com/gosio/sio/bench/result"
)

// A Scenario is a kind of work and how it is measured.
type Scenario struct {
	result.Scenario
	Run func(Target, time.Duration) (result.Measure, error)
	// only names the raw servers that can do it; nil means all.
	only []string
}

// Can reports whether the server can do the scenario. Socket.IO servers can
// do all.
func (s Scenario) Can(server string, kind result.Kind) bool {
	return kind != result.Raw || s.only == nil || slices.Contains(s.only, server)
}

// Paced is the scenario of Pace: echoes at half of the rate at which the
// slower of our server and the raw one does "echo1".
var Paced = result.Scenario{
	Name: "pace", Title: "echo, at half of the peak", Unit: "event",
	Goals: []result.Goal{{Against: "gobwas", Ratio: 2, P99: true}},
}

// Scenarios are all kinds of work, in the order of the tables.
var Scenarios = []Scenario{
	{Run: converse(echo, 100, 16), Scenario: result.Scenario{
		Name: "echo16", Title: "echo, 16 in flight", Unit: "event",
		Goals: []result.Goal{{Against: "gobwas", Ratio: 2}, {Against: "bun", Ratio: 0.5}},
	}},
	{Run: converse(echo, 100, 1), Scenario: result.Scenario{
		Name: "echo1", Title: "echo, 1 in flight", Unit: "event",
		Goals: []result.Goal{{Against: "gobwas", Ratio: 1.15}, {Against: "bun", Ratio: 1}},
	}},
	{Scenario: Paced},
	{Run: converse(call, 100, 16), Scenario: result.Scenario{
		Name: "call", Title: "call and ack", Unit: "call",
		Goals: []result.Goal{{Against: "gobwas", Ratio: 2}, {Against: "bun", Ratio: 0.4}},
	}},
	{Run: castAll(1000), Scenario: result.Scenario{
		Name: "cast1000", Title: "broadcast to 1,000", Unit: "delivery",
		Goals: []result.Goal{{Against: "gobwas", Ratio: 1.1}, {Against: "bun", Ratio: 0.75}},
	}},
	{Run: castAll(10_000), Scenario: result.Scenario{
		Name: "cast10000", Title: "broadcast to 10,000", Unit: "delivery",
	}},
	{Run: binaryEcho, Scenario: result.Scenario{
		Name: "bin64k", Title: "binary echo, 64 KiB", Unit: "event",
		Goals: []result.Goal{{Against: "gobwas", Ratio: 1.25}, {Against: "bun", Ratio: 0.65}},
	}},
	{Run: pollEcho, only: []string{"nethttp"}, Scenario: result.Scenario{
		Name: "polling", Title: "echo by polling", Unit: "event",
		Goals: []result.Goal{{Against: "nethttp", Ratio: 1.15}, {Against: "bun", Ratio: 1}},
	}},
	{Run: storm, Scenario: result.Scenario{
		Name: "storm", Title: "connect, join, leave", Unit: "client",
		Goals: []result.Goal{{Against: "nethttp", Ratio: 1.15}, {Against: "bun", Ratio: 1}},
	}},
	{Run: climb, only: []string{"nethttp"}, Scenario: result.Scenario{
		Name: "upgrade", Title: "polling, then upgrade", Unit: "client",
		Goals: []result.Goal{{Against: "nethttp", Ratio: 1.15}, {Against: "bun", Ratio: 1}},
	}},
	{Run: churn, only: []string{}, Scenario: result.Scenario{
		Name: "churn", Title: "broadcast to 1,000 while 100 leave and join", Unit: "delivery",
	}},
	{Run: manyRooms, only: []string{}, Scenario: result.Scenario{
		Name: "rooms", Title: "broadcast to 10, in 10,000 rooms", Unit: "delivery",
	}},
	{Run: idle, Scenario: result.Scenario{
		Name: "idle", Title: "idle client", Unit: "client", Idle: true,
		Goals: []result.Goal{{Limit: 5 << 10}, {Against: "bun", Ratio: 0.5}},
	}},
}

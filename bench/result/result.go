// Package result holds what a run of the bench measured, before it is made
// into tables: it is the file that a run writes and that the report reads.
package result

import "time"

// Run is one run of the bench: every server did every scenario that it can
// do, once in each round, the servers in turn.
type Run struct {
	Conditions Conditions `json:"conditions"`
	Servers    []Server   `json:"servers"`
	Scenarios  []Scenario `json:"scenarios"`
	Measures   []Measure  `json:"measures"`
	Points     []Point    `json:"points"`
}

// Conditions say where and how a run was made.
type Conditions struct {
	Date    string `json:"date"` // 2006-01-02
	Commit  string `json:"commit"`
	CPU     string `json:"cpu"` // the processor's name
	Cores   int    `json:"cores"`
	Memory  string `json:"memory"`
	Kernel  string `json:"kernel"`
	Go      string `json:"go"`
	Rounds  int    `json:"rounds"`
	Seconds int    `json:"seconds"` // of each measure in a steady scenario
}

// Server is one of the compared servers.
type Server struct {
	Name    string `json:"name"`    // "sio", "node", "bun", "gobwas", "nethttp", "gws", …
	Title   string `json:"title"`   // as tables show it
	Version string `json:"version"` // of the library and of what runs it
	Kind    Kind   `json:"kind"`
}

// Kind says what a server is in the comparison.
type Kind string

const (
	Ours Kind = "ours"
	Peer Kind = "peer" // another Socket.IO server
	Raw  Kind = "raw"  // a WebSocket or HTTP server that parses no Socket.IO: the limit
)

// Scenario is one kind of work.
type Scenario struct {
	Name  string `json:"name"`  // "echo16"
	Title string `json:"title"` // "echo, 16 in flight"
	Unit  string `json:"unit"`  // what one operation is: "event", "call", "delivery", "client"
	// Idle scenarios measure memory per client instead of time per operation.
	Idle  bool   `json:"idle,omitempty"`
	Goals []Goal `json:"goals,omitempty"`
}

// Goal is a promise: our cost per operation (idle: bytes per client) is at
// most Ratio times that of the server Against, or at most Limit (in bytes,
// idle only; Against is empty then).
type Goal struct {
	Against string  `json:"against,omitempty"`
	Ratio   float64 `json:"ratio,omitempty"`
	Limit   float64 `json:"limit,omitempty"`
	// P99 marks a goal for the 99th percentile of latency instead of cost.
	P99 bool `json:"p99,omitempty"`
}

// Measure is what one server did in one scenario of one round.
type Measure struct {
	Server   string        `json:"server"`
	Scenario string        `json:"scenario"`
	Round    int           `json:"round"`
	Ops      int64         `json:"ops"`     // operations whose answer was compared and right
	Wrong    int64         `json:"wrong"`   // answers that were wrong, lost, repeated or out of order
	Elapsed  time.Duration `json:"elapsed"` // of the measured part
	CPU      time.Duration `json:"cpu"`     // of the server, user and system, all threads, over Elapsed
	LoadCPU  time.Duration `json:"loadCPU"` // of the load generator over Elapsed
	P50      time.Duration `json:"p50"`
	P99      time.Duration `json:"p99"`
	RSS      int64         `json:"rss,omitempty"`   // idle scenarios: bytes that one client added
	Error    string        `json:"error,omitempty"` // why there is no figure
}

// Point is one point of a plot.
type Point struct {
	Plot   string  `json:"plot"` // "idle": x idle clients, y RSS in MiB; "castRooms", "castIdle": x rooms or idle clients, y CPU µs per delivery
	Server string  `json:"server"`
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
}

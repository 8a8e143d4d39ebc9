package report

import (
	"strings"

	"github.com/gosio/sio/bench/result"
)

// Terminal returns the report as text.
func Terminal(run result.Run) string {
	v := look(run)
	parts := []string{
		v.conditions(),
		v.serverTable("server").plain(),
		"Server CPU per operation, or memory per idle client; medians; ÷ is ours by theirs\n\n" + v.costTable(v.rivals()).plain(),
		v.notes(),
		"Throughput and latency, medians\n\n" + v.latencyTable().plain(),
		"Goals\n\n" + v.goalsTable().plain(),
		"Where a peer is ahead\n\n" + list(v.ahead()),
	}
	return strings.Join(parts, "\n")
}

// notes belong below the table of costs.
func (v *view) notes() string { return list(append(Failures(v.Run), v.spread())) }

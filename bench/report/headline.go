package report

import (
	"fmt"
	"slices"

	"github.com/gosio/sio/bench/result"
)

// What the README shows of it all.
var (
	headlineScenarios = []string{"echo16", "echo1", "call", "cast1000", "bin64k", "storm", "idle"}
	headlineServers   = []string{"sio", "node", "bun", "gobwas"}
)

func (v *view) headline() string {
	t := &table{head: []string{"", ""}, text: 2}
	var servers []result.Server
	for _, server := range v.Servers {
		if slices.Contains(headlineServers, server.Name) {
			servers = append(servers, server)
			t.head = append(t.head, server.Title)
		}
	}
	for _, s := range v.Scenarios {
		if !slices.Contains(headlineScenarios, s.Name) {
			continue
		}
		row := []string{s.Title, unit(s)}
		for _, server := range servers {
			row = append(row, v.cell(s, server.Name).show(cost))
		}
		t.row(row...)
	}
	limit := ""
	for _, server := range servers {
		if server.Kind == result.Raw {
			limit = " " + server.Title + " parses no Socket.IO: it is the limit."
		}
	}
	c := v.Conditions
	return t.markdown() + fmt.Sprintf("\nThe server's CPU time (user and system) per operation, and the memory of an idle client; medians of %s.%s\n"+
		"%s, %d cores, %s, %s. Differences under 20 %% are none.\n",
		rounds(c.Rounds), limit, c.CPU, c.Cores, c.Go, c.Date)
}

func rounds(n int) string {
	if n == 1 {
		return "1 round"
	}
	return fmt.Sprintf("%d rounds", n)
}

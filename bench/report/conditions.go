package report

import (
	"fmt"
	"strings"

	"github.com/gosio/sio/bench/result"
)

func (v *view) conditions() string {
	c := v.Conditions
	return fmt.Sprintf("%s, commit %s. %s, %d cores, %s of memory, %s, %s. %s; %d s for each measure of each round.\n",
		c.Date, c.Commit, c.CPU, c.Cores, c.Memory, c.Kernel, c.Go, rounds(c.Rounds), c.Seconds)
}

// serverTable tells what was compared; kind is what the servers are.
func (v *view) serverTable(kind string) *table {
	kinds := map[result.Kind]string{result.Ours: "ours", result.Peer: "peer", result.Raw: "limit"}
	t := &table{head: []string{kind, "", "versions"}, text: 3}
	for _, s := range v.Servers {
		// Ours is built from the working tree, which Go calls "(devel)".
		t.row(s.Title, kinds[s.Kind], strings.Replace(s.Version, "(devel)", v.Conditions.Commit, 1))
	}
	return t
}

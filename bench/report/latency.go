package report

// latencyTable has the throughput and the latency of what took time.
func (v *view) latencyTable() *table {
	t := &table{head: []string{"scenario", "server", "operations/s", "p50 µs", "p99 µs", "server cores", "load cores"}, text: 2}
	for _, s := range v.Scenarios {
		if s.Idle {
			continue
		}
		title := s.Title
		for _, server := range v.Servers {
			c := v.cell(s, server.Name)
			if c == nil {
				continue
			}
			row := []string{title, server.Title, c.show(rate)}
			if c.failed == 0 {
				row = append(row, c.show(p50), c.show(p99), c.show(serverCores), c.show(loadCores))
			} else {
				row = append(row, "", "", "", "")
			}
			t.row(row...)
			title = "" // once for all its servers
		}
	}
	return t
}

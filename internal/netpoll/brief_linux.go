package netpoll

import "runtime"

// Polls says that there are pollers on this system.
const Polls = true

// Shared is the Poller of all connections of the process that belong to no
// server. Its loops come with the connections, one for each until there is one
// for each processor, and end with the last connection. It is not to be closed.
var Shared = &Poller{brief: true}

// join counts a connection and returns the loop for it, or nil if there can be
// none. p.mu is held.
func (p *Poller) join() *loop {
	if len(p.loops) <= p.conns && len(p.loops) < runtime.GOMAXPROCS(0) {
		if l, err := newLoop(); err == nil {
			l.brief = p
			p.loops = append(p.loops, l)
			p.next = len(p.loops) - 2 // so that the new one is taken
			go l.run()
		}
	}
	if len(p.loops) == 0 {
		return nil
	}
	p.conns++
	p.next++
	return p.loops[p.next%len(p.loops)]
}

// leave takes back what join has counted, when a connection's descriptor is
// closed, or was never had.
func (l *loop) leave() {
	p := l.brief
	if p == nil {
		return
	}
	p.mu.Lock()
	p.conns--
	var idle []*loop
	if p.conns == 0 {
		idle, p.loops = p.loops, nil
	}
	p.mu.Unlock()
	if idle != nil {
		// The caller may be one of these loops, and the file of a loop cannot be
		// closed by the loop: Close waits for it to come back from RawConn.Read.
		go end(idle)
	}
}

func end(loops []*loop) {
	for _, l := range loops {
		_ = l.file.Close()
	}
}

package badlink

// Kind is what can happen to a Link. All connections that there are suffer it, but the last two
// kinds, which are those of the link itself.
type Kind int

const (
	Reset   Kind = iota // broken, for both ends to see
	Close               // closed in order
	Hole                // nothing comes through any more, and neither end is told
	Deaf                // nothing comes from the client any more
	Mute                // nothing comes to the client any more
	Refuse              // reset, and the next one to three that the client makes are reset at once
	Late                // reset for the client when it next sends something, which reaches the server later
	Lag                 // what comes through is late, for a while
	Crumble             // every byte comes alone, for a while
	kinds
)

// Kinds returns all of them.
func Kinds() []Kind {
	all := make([]Kind, kinds)
	for k := range all {
		all[k] = Kind(k)
	}
	return all
}

func (k Kind) String() string {
	return [kinds]string{"reset", "close", "hole", "deaf", "mute", "refuse", "late", "lag", "crumble"}[k]
}

// Silent reports whether only a heartbeat or a timeout can notice.
func (k Kind) Silent() bool { return k == Hole || k == Deaf || k == Mute }

const (
	lagged   = 20  // pieces that a Lag delays
	crumbled = 600 // bytes that a Crumble takes apart
	refused  = 3   // connections that a Refuse takes at most
)

// strike has things happen.
func (l *Link) strike(what []Kind) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, k := range what {
		l.struck[k]++
		switch k {
		case Refuse:
			l.refusing += 1 + l.random.IntN(refused)
		case Lag:
			l.lag += lagged
		case Crumble:
			l.crumbs += crumbled
		}
		for p := range l.pairs {
			p.suffer(k)
		}
	}
}

// suffer has something happen to a pair. Link.mu is held.
func (p *pair) suffer(k Kind) {
	switch k {
	case Reset, Refuse:
		p.reset()
	case Close:
		p.close()
	case Hole:
		p.up.state, p.down.state = lost, lost
	case Deaf:
		p.up.state = lost
	case Mute:
		p.down.state = lost
	case Late:
		if p.up.state == passes {
			p.up.state = late
		}
	}
}

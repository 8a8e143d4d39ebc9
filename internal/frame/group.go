package frame

// Group is what must leave together: a message and the attachments that
// follow it. It is passed by value; the references are those of its frames.
type Group struct {
	First *Frame
	Rest  []*Frame // nil for a message without attachments
}

// Retain adds n references to every frame.
func (g Group) Retain(n int) {
	g.First.Retain(n)
	for _, f := range g.Rest {
		f.Retain(n)
	}
}

// Release gives up one reference of every frame.
func (g Group) Release() {
	g.First.Release()
	for _, f := range g.Rest {
		f.Release()
	}
}

// Own copies what is borrowed.
func (g Group) Own() {
	g.First.Own()
	for _, f := range g.Rest {
		f.Own()
	}
}

// Len returns the payload bytes of all frames.
func (g Group) Len() int {
	n := g.First.Len()
	for _, f := range g.Rest {
		n += f.Len()
	}
	return n
}

package client

import "slices"

// sockets are those of a Manager, in the order in which they were made. Whoever goes over
// them may remove some.
type sockets struct {
	byName map[string]*Socket
	all    []*Socket
}

func (t *sockets) add(s *Socket) {
	if t.byName == nil {
		t.byName = make(map[string]*Socket)
	}
	t.byName[s.name] = s
	t.all = append(slices.Clip(t.all), s)
}

func (t *sockets) remove(s *Socket) {
	if t.byName[s.name] != s {
		return
	}
	delete(t.byName, s.name)
	t.all = slices.DeleteFunc(slices.Clone(t.all), func(other *Socket) bool { return other == s })
}

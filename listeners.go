package sio

import (
	"maps"
	"slices"
	"sync/atomic"
)

// kept is a function that was registered, and that can be told from others.
type kept[F any] struct {
	fn F
	id int
}

// once is the state of a listener for a single event.
type once struct {
	done atomic.Bool
	off  func()
}

// first reports whether the listener is to be called, and removes it then.
func (o *once) first() bool {
	if o.done.Swap(true) {
		return false
	}
	o.off()
	return true
}

func (l listener) justOnce() listener {
	l.once = new(once)
	return l
}

// updater changes the hooks of a Namespace or Socket.
type updater func(change func(*hooks))

// listen adds a listener, and returns what removes it.
func listen(update updater, name string, l listener) (off func()) {
	off = func() {
		update(func(h *hooks) { h.unlisten(name, l.id) })
	}
	if l.once != nil {
		l.once.off = off
	}
	update(func(h *hooks) {
		h.latest++
		l.id = h.latest
		h.listen(name, l)
	})
	return off
}

// keep adds a function to one of the lists of hooks, and returns what removes it.
func keep[F any](update updater, list func(*hooks) *[]kept[F], fn F) (off func()) {
	var id int
	update(func(h *hooks) {
		h.latest++
		id = h.latest
		l := list(h)
		*l = append(slices.Clip(*l), kept[F]{fn, id})
	})
	return func() {
		update(func(h *hooks) {
			l := list(h)
			*l = without(*l, func(k kept[F]) bool { return k.id == id })
		})
	}
}

// without returns a list without the elements for which remove is true. Those
// who read the old one see no change.
func without[E any](list []E, remove func(E) bool) []E {
	if !slices.ContainsFunc(list, remove) {
		return list
	}
	list = slices.DeleteFunc(slices.Clone(list), remove)
	if len(list) == 0 {
		return nil
	}
	return list
}

func (h *hooks) listen(name string, l listener) {
	l.name = name
	events := maps.Clone(h.events)
	if events == nil {
		events = make(map[string][]listener)
	}
	events[name] = append(slices.Clip(events[name]), l)
	h.events = events
}

func (h *hooks) unlisten(name string, id int) {
	list := without(h.events[name], func(l listener) bool { return l.id == id })
	if len(list) == len(h.events[name]) {
		return
	}
	events := maps.Clone(h.events)
	if list == nil {
		delete(events, name)
	} else {
		events[name] = list
	}
	h.events = events
}

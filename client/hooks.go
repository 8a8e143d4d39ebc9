package client

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// hooks are the functions that were registered with a Socket.
type hooks struct {
	connect      list[func()]
	connectError list[func(error)]
	disconnect   list[func(Reason, error)]
	state        list[func(State)]
	catchAll     list[catchAll]
	outgoing     list[func(*Message)]
	interceptors list[Interceptor]
	events       events
}

// list has functions that come and go. Reading takes no lock. The zero value is empty.
type list[F any] struct {
	mu  sync.Mutex
	fns atomic.Pointer[[]*F]
}

// add appends a function, and returns what removes it.
func (l *list[F]) add(fn F) (off func()) {
	own := &fn
	l.update(func(fns []*F) []*F { return append(fns, own) })
	return func() {
		l.update(func(fns []*F) []*F { return slices.DeleteFunc(fns, func(f *F) bool { return f == own }) })
	}
}

func (l *list[F]) update(change func([]*F) []*F) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fns := change(slices.Clone(l.all()))
	l.fns.Store(&fns)
}

func (l *list[F]) all() []*F {
	if fns := l.fns.Load(); fns != nil {
		return *fns
	}
	return nil
}

func (l *list[F]) any() bool { return len(l.all()) > 0 }

// events are the listeners by the names of events. The zero value is empty.
type events struct {
	mu     sync.Mutex
	byName atomic.Pointer[map[string][]*listener]
}

// listen adds a listener, and returns what removes it.
func (e *events) listen(name string, l *listener) (off func()) {
	l.name = name
	off = func() {
		e.update(name, func(list []*listener) []*listener {
			return slices.DeleteFunc(list, func(other *listener) bool { return other == l })
		})
	}
	l.off = off
	e.update(name, func(list []*listener) []*listener { return append(list, l) })
	return off
}

func (e *events) update(name string, change func([]*listener) []*listener) {
	e.mu.Lock()
	defer e.mu.Unlock()
	byName := make(map[string][]*listener)
	if old := e.byName.Load(); old != nil {
		maps.Copy(byName, *old)
	}
	if list := change(slices.Clone(byName[name])); len(list) > 0 {
		byName[name] = list
	} else {
		delete(byName, name)
	}
	e.byName.Store(&byName)
}

func (e *events) of(name []byte) []*listener {
	if byName := e.byName.Load(); byName != nil {
		return (*byName)[string(name)]
	}
	return nil
}

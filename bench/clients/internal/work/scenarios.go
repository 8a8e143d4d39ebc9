package work

import (
	"sync"
	"sync/atomic"
)

// asker is a client that has so many questions open all the time.
type asker struct {
	b      *Bench
	count  *Counter
	client Client
	texts  [ring]string

	open, sent, got int
}

func (w *worker) askers(polling bool) []*asker {
	askers := make([]*asker, Clients)
	for i := range askers {
		askers[i] = &asker{b: w.b, count: w.b.Counter(), texts: Texts(i)}
	}
	for i, c := range w.all(Clients, func(i int) Options { return Options{Polling: polling, Event: askers[i].take} }) {
		askers[i].client = c
	}
	return askers
}

// echo has clients emit events that the server emits back: each is answered before
// another one is asked instead, in order.
func (w *worker) echo(open int, polling bool) {
	askers := w.askers(polling)
	w.b.Asks(Clients)
	for _, a := range askers {
		a.open = open
		a.next()
	}
}

func (a *asker) next() {
	text := a.texts[a.sent%ring]
	a.sent++ // before the answer can come
	a.client.Echo(text)
}

func (a *asker) take(text string) {
	a.b.Expect(text, a.texts[a.got%ring])
	a.got++
	a.count.Add()
	if a.got == 1 { // the others are asked here, where answers are taken, and nowhere else
		a.b.Asks(a.open - 1)
		for range a.open - 1 {
			a.next()
		}
	}
	if !a.b.Done() {
		a.next()
	}
}

// call has clients call: each answer is that of its question.
func (w *worker) call() {
	w.b.Asks(Clients * InFlight)
	for _, a := range w.askers(false) {
		for i := range InFlight {
			mine := a.texts[i*ring/InFlight:][:ring/InFlight]
			asked := 0
			a.client.Call(func() (string, bool) {
				if a.b.Done() {
					return "", false
				}
				asked++
				return mine[asked%len(mine)], true
			}, func(text string) {
				a.b.Expect(text, mine[asked%len(mine)])
				a.count.Add()
			})
		}
	}
}

// stream has one client ask for as many broadcasts to all as the others have
// questions open, and for the next when all clients have them.
func (w *worker) stream() {
	texts := Texts(0)
	var (
		mu     sync.Mutex // should answers be wrong
		caster Client
		left   atomic.Int64 // clients that have not got all
		sent   int
	)
	cast := func() {
		mu.Lock()
		defer mu.Unlock()
		left.Store(Clients)
		for range InFlight {
			caster.Cast(texts[sent%ring])
			sent++
		}
	}
	counters := make([]*Counter, Clients)
	for i := range counters {
		counters[i] = w.b.Counter()
	}
	all := w.all(Clients, func(i int) Options {
		got := 0
		return Options{Event: func(text string) {
			w.b.Expect(text, texts[got%ring])
			counters[i].Add()
			if got++; got%InFlight == 0 && left.Add(-1) == 0 && !w.b.Done() {
				cast()
			}
		}}
	})
	caster = all[0]
	w.b.Asks(1)
	cast()
}

// storm has clients connect, join the main namespace, and leave.
func (w *worker) storm() {
	w.b.Asks(AtOnce)
	for range AtOnce {
		count := w.b.Counter()
		go func() {
			for !w.b.Done() {
				w.connect(Options{Event: func(text string) { w.b.Wrong(text, "nothing") }}).Close()
				count.Add()
			}
		}()
	}
}

package work

import (
	"log"
	"sync"
)

// A Library is what is measured: it connects a client, which has joined the main
// namespace when this returns.
type Library func(o Options) (Client, error)

// Options of a client.
type Options struct {
	URL     string
	Polling bool              // instead of a WebSocket
	Event   func(text string) // is called with the text of each "echo" and "cast", in order
}

// A Client is a client of a library. What fails ends the program.
type Client interface {
	// Echo emits the event "echo".
	Echo(text string)
	// Cast emits "cast", with an empty text before this one.
	Cast(text string)
	// Call keeps one call open, of the event "call" with what ask returns, until that
	// is false. It does not wait.
	Call(ask func() (text string, ok bool), answer func(text string))
	// Close says good-bye and closes the connection.
	Close()
}

const (
	Clients  = 100
	InFlight = 16
	AtOnce   = 32 // so many connect at a time
)

// Main is the program of a library's client.
func Main(connect Library) {
	b := Begin()
	w := &worker{b: b, connect: func(o Options) Client {
		o.URL = "http://" + b.Addr
		c, err := connect(o)
		if err != nil {
			log.Fatalf("connect: %v", err)
		}
		return c
	}}
	switch b.Scenario {
	case "echo16":
		w.echo(InFlight, false)
	case "echo1":
		w.echo(1, false)
	case "polling":
		w.echo(1, true)
	case "call":
		w.call()
	case "stream":
		w.stream()
	case "storm":
		w.storm()
	case "idle":
	default:
		log.Fatalf("no scenario %q", b.Scenario)
	}
	b.Serve(w.add)
}

type worker struct {
	b       *Bench
	connect func(Options) Client
	idle    []Client
}

// all connects n Clients, with options of their own.
func (w *worker) all(n int, options func(i int) Options) []Client {
	all := make([]Client, n)
	Each(n, func(i int) { all[i] = w.connect(options(i)) })
	return all
}

// Each calls f with the numbers from 0 to n-1, for some of them at a time.
func Each(n int, f func(i int)) {
	var wg sync.WaitGroup
	for first := range min(n, AtOnce) {
		wg.Go(func() {
			for i := first; i < n; i += AtOnce {
				f(i)
			}
		})
	}
	wg.Wait()
}

// add connects clients that do nothing.
func (w *worker) add(n int) {
	w.idle = append(w.idle, w.all(n, func(int) Options {
		return Options{Event: func(text string) { w.b.Wrong(text, "nothing") }}
	})...)
}

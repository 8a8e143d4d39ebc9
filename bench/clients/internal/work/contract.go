// Package work is what all Go clients of the bench do, and how they answer the
// bench: the library that is measured is all in which they differ.
package work

import (
	"bufio"
	"fmt"
	"log"
	"os"
	"runtime/debug"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// A Bench is what a client's program shares with the bench, which starts it with
// the server's address and the name of the scenario as its arguments.
type Bench struct {
	Addr, Scenario string

	stopping atomic.Bool
	open     atomic.Int64  // questions that are asked again and again, until stopping
	answered chan struct{} // gets a value when none is open any more
	counters []*Counter

	mu    sync.Mutex
	wrong int
	first string // that was wrong
}

// Begin returns the Bench of this process.
func Begin() *Bench {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("arguments: the server's address, and a scenario")
	}
	return &Bench{Addr: os.Args[1], Scenario: os.Args[2], answered: make(chan struct{}, 1)}
}

// A Counter counts the operations of one connection: what has been answered, and rightly.
type Counter struct {
	n atomic.Int64
	_ [56]byte // for nobody else's sake
}

// Add counts an operation.
func (c *Counter) Add() { c.n.Add(1) }

// Counter returns a new one. It is for the time before Serve.
func (b *Bench) Counter() *Counter {
	c := new(Counter)
	b.counters = append(b.counters, c)
	return c
}

// Asks says that so many questions will be asked again and again. Each is ended
// by Done.
func (b *Bench) Asks(n int) { b.open.Add(int64(n)) }

// Done reports whether nothing is to be asked any more, and then ends a question
// of Asks.
func (b *Bench) Done() bool {
	if !b.stopping.Load() {
		return false
	}
	switch n := b.open.Add(-1); {
	case n == 0:
		b.answered <- struct{}{}
	case n < 0:
		b.Wrong("an answer more", "nothing")
	}
	return true
}

// Wrong tells of an answer that is another one than was wanted.
func (b *Bench) Wrong(got, want string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.wrong++; b.wrong == 1 {
		b.first = fmt.Sprintf("%.120q instead of %.120q", got, want)
	}
}

// Expect compares an answer.
func (b *Bench) Expect(got, want string) {
	if got != want {
		b.Wrong(got, want)
	}
}

// Serve answers commands until standard input ends, and then ends the program; the
// clients work already. If the environment variable CPUPROFILE names a file, it gets the profile of that time.
//
//	count   how many operations there were, how many answers were wrong, and the first of those
//	stop    the same, when all questions are answered that are open
//	add N   N more idle clients
//	settle  collects garbage
func (b *Bench) Serve(add func(n int)) {
	profile()
	fmt.Println("working")
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		command, argument, _ := strings.Cut(lines.Text(), " ")
		switch command {
		case "count":
			fmt.Println(b.figures())
		case "stop":
			b.stopping.Store(true)
			if b.open.Load() > 0 {
				<-b.answered
			}
			fmt.Println(b.figures())
		case "add":
			n, err := strconv.Atoi(argument)
			if err != nil {
				log.Fatal(err)
			}
			add(n)
			fmt.Println("added")
		case "settle":
			debug.FreeOSMemory()
			debug.FreeOSMemory() // what finalizers and pools held after the first
			fmt.Println("settled")
		}
	}
	pprof.StopCPUProfile()
	os.Exit(0)
}

func (b *Bench) figures() string {
	ops := int64(0)
	for _, c := range b.counters {
		ops += c.n.Load()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.TrimSpace(fmt.Sprint(ops, b.wrong, " ", b.first))
}

func profile() {
	path := os.Getenv("CPUPROFILE")
	if path == "" {
		return
	}
	f, err := os.Create(path)
	if err != nil {
		log.Fatal(err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		log.Fatal(err)
	}
}

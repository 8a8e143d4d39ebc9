// Command bench compares our server with its peers and with raw servers: each
// does the same work, in a process of its own, and the processor time that it
// takes is measured from outside. From the root of the repository:
//
//	go run ./bench                                    all, to the terminal
//	go run ./bench -write                             all, into the documents, with plots
//	go run ./bench -servers sio,bun -scenarios echo1  some
//	go run ./bench -add mine=./server                 with another Socket.IO server
//	go run ./bench -from docs/performance/run.json    the report of a saved run
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/gosio/sio/bench/process"
	"github.com/gosio/sio/bench/report"
	"github.com/gosio/sio/bench/result"
	"github.com/gosio/sio/bench/rounds"
)

type options struct {
	rounds, seconds    int
	servers, scenarios string // comma-separated; "" means all
	write              bool
	from               string
}

// errFailed says that the run is complete, but not all of it succeeded.
var errFailed = errors.New("not everything succeeded, see above")

func main() {
	log.SetFlags(0)
	log.SetPrefix("bench: ")
	var o options
	flag.IntVar(&o.rounds, "rounds", 3, "how often each server does each scenario")
	flag.IntVar(&o.seconds, "seconds", 3, "how long each measure takes")
	flag.StringVar(&o.servers, "servers", "", "comma-separated `names` (default all)")
	flag.StringVar(&o.scenarios, "scenarios", "", "comma-separated `names` (default all)")
	flag.BoolVar(&o.write, "write", false, "measure plots too, and update docs/performance.md, docs/performance/ and README.md")
	flag.StringVar(&o.from, "from", "", "measure nothing: make the report of the run in this `file`")
	flag.Func("add", "another server, as `name=command`", func(s string) error {
		name, command, _ := strings.Cut(s, "=")
		return process.Add(name, command)
	})
	flag.Parse()
	if flag.NArg() > 0 {
		log.Fatalf("unexpected argument %q", flag.Arg(0))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends it at once
	err := bench(ctx, o)
	if cleaned := process.Clean(); err == nil {
		err = cleaned
	}
	if err != nil {
		log.Fatal(err)
	}
}

func bench(ctx context.Context, o options) error {
	if o.write {
		if err := report.Check("."); err != nil {
			return fmt.Errorf("-write, in the root of the repository: %w", err)
		}
	}
	run, err := measured(ctx, o)
	if err != nil && !errors.Is(err, errFailed) {
		return err
	}
	fmt.Print(report.Terminal(run))
	if ctx.Err() != nil {
		return errors.New("interrupted: the report has only what was measured until then")
	}
	if o.write {
		if err := report.Write(".", run); err != nil {
			return err
		}
	}
	return err
}

// measured makes a run, or loads it.
func measured(ctx context.Context, o options) (result.Run, error) {
	if o.from != "" {
		return report.Load(o.from)
	}
	if o.rounds < 1 || o.seconds < 1 {
		return result.Run{}, errors.New("-rounds and -seconds must be at least 1")
	}
	servers, err := rounds.Servers(ctx, process.Known(), o.servers, "server", process.Version)
	if err != nil {
		return result.Run{}, err
	}
	scenarios, err := selectScenarios(o.scenarios, servers)
	if err != nil {
		return result.Run{}, err
	}
	r := newRunner(o, servers, scenarios)
	r.rounds(ctx, rounds.Plan(o.rounds, scenarios, servers))
	if o.write {
		r.plots(ctx)
	}
	if r.failed {
		err = errFailed
	}
	return r.run, err
}

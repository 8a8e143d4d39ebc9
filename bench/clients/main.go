// Command clients compares our Go client with its peers and with a raw WebSocket client:
// each does the same work, in a process of its own, with our server in another one, and
// the processor time that it takes is measured from outside. From the root of the repository:
//
//	go run ./bench/clients                                    all, to the terminal
//	go run ./bench/clients -write                             all, into docs/performance.md
//	go run ./bench/clients -clients sio,bun -scenarios echo1  some
//	go run ./bench/clients -from docs/performance/clients.json  the report of a saved run
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/gosio/sio/bench/process"
	"github.com/gosio/sio/bench/report"
	"github.com/gosio/sio/bench/result"
	"github.com/gosio/sio/bench/rounds"
)

type options struct {
	rounds, seconds    int
	clients, scenarios string // comma-separated; "" means all
	write              bool
	from               string
}

// errFailed says that the run is complete, but not all of it succeeded.
var errFailed = errors.New("not everything succeeded, see above")

func main() {
	log.SetFlags(0)
	log.SetPrefix("clients: ")
	var o options
	flag.IntVar(&o.rounds, "rounds", 3, "how often each client does each scenario")
	flag.IntVar(&o.seconds, "seconds", 3, "how long each measure takes")
	flag.StringVar(&o.clients, "clients", "", "comma-separated `names` (default all)")
	flag.StringVar(&o.scenarios, "scenarios", "", "comma-separated `names` (default all)")
	flag.BoolVar(&o.write, "write", false, "update docs/performance.md and docs/performance/")
	flag.StringVar(&o.from, "from", "", "measure nothing: make the report of the run in this `file`")
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
		if err := report.CheckClients("."); err != nil {
			return fmt.Errorf("-write, in the root of the repository: %w", err)
		}
	}
	run, err := measured(ctx, o)
	if err != nil && !errors.Is(err, errFailed) {
		return err
	}
	fmt.Print(report.ClientsTerminal(run))
	if ctx.Err() != nil {
		return errors.New("interrupted: the report has only what was measured until then")
	}
	if o.write {
		if err := report.WriteClients(".", run); err != nil {
			return err
		}
	}
	return err
}

// measured makes a run, or loads it.
func measured(ctx context.Context, o options) (run result.Run, err error) {
	if o.from != "" {
		return report.Load(o.from)
	}
	if o.rounds < 1 || o.seconds < 1 {
		return run, errors.New("-rounds and -seconds must be at least 1")
	}
	clients, err := rounds.Servers(ctx, process.Clients(), o.clients, "client", process.ClientVersion)
	if err != nil {
		return run, err
	}
	selected, err := rounds.Select(scenarios, o.scenarios, "scenario", func(s scenario) string { return s.Name })
	if err != nil {
		return run, err
	}
	run.Conditions, run.Servers = rounds.Conditions(o.rounds, o.seconds), clients
	for _, s := range selected {
		run.Scenarios = append(run.Scenarios, s.Scenario)
	}
	steps := rounds.Plan(o.rounds, selected, clients)
	for i, s := range steps {
		m, err := measure(ctx, "sio", s.Server.Name, s.Scenario, time.Duration(o.seconds)*time.Second)
		if ctx.Err() != nil {
			break // the client was killed: this is no measure
		}
		if err != nil {
			m.Error = err.Error()
		}
		m.Server, m.Scenario, m.Round = s.Server.Name, s.Scenario.Name, s.Round
		run.Measures = append(run.Measures, m)
		log.Printf("%3d/%d  round %d  %-8s %-8s %s", i+1, len(steps), s.Round, m.Scenario, m.Server, report.Outcome(s.Scenario.Scenario, m))
	}
	if len(report.Failures(run)) > 0 {
		return run, errFailed
	}
	return run, nil
}

package e2e_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gosio/sio/client"
	"github.com/gosio/sio/e2e/badlink"
)

// So much happens to a link, and to so many events over it.
const (
	chaosIncidents = 200
	chaosEvents    = 10_000
	chaosCalls     = 3_000
)

// TestGoClientChaos has the Go client behind a link that breaks in all ways, 200 times, over each
// transport and with either server: with retries it sends 10,000 events at least once and in order,
// with deduplication exactly once; with recovery it gets 10,000 exactly once; calls end,
// and with their own answer. In the end nothing is left.
func TestGoClientChaos(t *testing.T) {
	seed := rand.Uint64()
	if s := os.Getenv("SIO_CHAOS_SEED"); s != "" {
		var err error
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("SIO_CHAOS_SEED=%d", seed)
	left := leaks(t)
	servers := map[string]func(*testing.T, chaosOptions) chaosServer{"official": startOfficialChaos, "ours": startOurChaos}
	runs := map[string]struct {
		options chaosOptions
		run     func(*chaos)
	}{
		"retries":  {chaosOptions{}, (*chaos).retries},
		"once":     {chaosOptions{deduplicate: true}, (*chaos).once},
		"recovery": {chaosOptions{recovery: true, down: chaosEvents}, (*chaos).recovery},
		"calls":    {chaosOptions{}, (*chaos).calls},
	}
	var running sync.WaitGroup // together, as they mostly wait
	for server, start := range servers {
		for name, r := range runs {
			if server == "official" && r.options.deduplicate {
				continue
			}
			for _, mode := range modes {
				running.Go(func() {
					t.Run(server+" "+name+" "+mode, func(t *testing.T) {
						c := newChaos(t, start(t, r.options), mode, seed)
						c.official = server == "official"
						r.run(c)
					})
				})
			}
		}
	}
	running.Wait()
	left()
}

// chaos is a client, a server, and a bad link between them.
type chaos struct {
	*testing.T
	server   chaosServer
	official bool
	link     *badlink.Link
	random   *rand.Rand
	deck     []badlink.Kind // what is still to happen
	cfg      client.Config
	alive    *time.Timer // that of within

	connects atomic.Int64
}

func newChaos(t *testing.T, server chaosServer, mode string, seed uint64) *chaos {
	link, err := badlink.Listen(server.addr(), seed)
	if err != nil {
		t.Fatal(err)
	}
	c := &chaos{T: t, server: server, link: link, random: rand.New(rand.NewPCG(seed, 1))}
	for kind, times := range map[badlink.Kind]int{
		badlink.Reset: 40, badlink.Close: 20, badlink.Hole: 10, badlink.Deaf: 10, badlink.Mute: 10,
		badlink.Refuse: 30, badlink.Late: 30, badlink.Lag: 30, badlink.Crumble: 20,
	} {
		c.deck = append(c.deck, slices.Repeat([]badlink.Kind{kind}, times)...)
	}
	slices.Sort(c.deck)
	c.random.Shuffle(len(c.deck), func(i, j int) { c.deck[i], c.deck[j] = c.deck[j], c.deck[i] })
	transport := &http.Transport{DisableCompression: true}
	c.cfg = client.Config{
		Transports: []string{mode}, ReconnectionDelay: time.Millisecond, ReconnectionDelayMax: 10 * time.Millisecond,
		ConnectTimeout: 500 * time.Millisecond, AckTimeout: 500 * time.Millisecond, MaxBuffer: 8 << 10,
		HTTPClient: &http.Client{Transport: transport}, OnError: func(err error) { t.Error(err) },
	}
	if mode == "upgrade" {
		c.cfg.Transports = nil
	}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		link.Close()
	})
	return c
}

// dial makes a client that is closed by the end, and counts its connections.
func (c *chaos) dial(setup func(*client.Socket)) *client.Socket {
	c.Helper()
	s, err := client.New("http://"+c.link.Addr()+"?who=me", &c.cfg)
	if err != nil {
		c.Fatal(err)
	}
	c.Cleanup(s.Close)
	s.OnConnect(func() { c.connects.Add(1) })
	setup(s)
	s.Connect()
	return s
}

// storm returns a function that is told of what has been done, from 0 on and in order, of so
// many things: in the course of that all incidents happen. Some follow the one before soon, while
// the client is still connecting.
func (c *chaos) storm(things int) (reached func(n int)) {
	times := make([]int, chaosIncidents)
	for i := range times {
		times[i] = c.random.IntN(things * 95 / 100)
	}
	slices.Sort(times)
	for i := range times {
		if i > 0 && c.random.IntN(4) == 0 {
			times[i] = times[i-1]
		}
	}
	return func(n int) {
		c.alive.Reset(patience)
		for len(times) > 0 && n >= times[0] {
			c.link.Strike(c.deck[0], c.random.IntN(400))
			c.deck, times = c.deck[1:], times[1:]
		}
	}
}

// weathered checks that what was to happen has.
func (c *chaos) weathered() {
	c.Helper()
	struck, total := c.link.Struck(), 0
	for _, k := range badlink.Kinds() {
		if struck[k] < 10 {
			c.Errorf("%v happened %d times only", k, struck[k])
		}
		total += struck[k]
	}
	if connects := c.connects.Load(); total != chaosIncidents || connects < chaosIncidents/4 {
		c.Errorf("%d incidents, and the client connected %d times", total, connects)
	}
	c.Logf("%v, %d connections, the client joined %d times", struck, c.link.Made(), c.connects.Load())
}

// errHangs is the cause of contexts of within.
var errHangs = errors.New("nothing happens any more")

// within returns a context that ends when nothing new has been done for a while.
func (c *chaos) within() (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(context.Background())
	c.alive = time.AfterFunc(patience, func() { cancel(errHangs) })
	return ctx, func() {
		c.alive.Stop()
		cancel(nil)
	}
}

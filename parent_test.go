package sio_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/siotest"
)

var dynamic = regexp.MustCompile(`^/dynamic-\d+$`)

// enter joins a namespace over a connection that there is.
func (p *peer) enter(namespace string) (id string) {
	p.t.Helper()
	p.send("40" + namespace + ",")
	return p.granted(namespace)
}

// barred checks that there is no such namespace for the client.
func (p *peer) barred(namespace string) {
	p.t.Helper()
	p.send("40" + namespace + ",")
	p.expect("44" + namespace + `,{"message":"Invalid namespace"}`)
}

// children are the names of a parent's namespaces.
func children(p *sio.ParentNamespace) (names []string) {
	for n := range p.Children() {
		names = append(names, n.Name())
	}
	slices.Sort(names)
	return names
}

// expectChildren waits until a parent has those children, and no others.
func expectChildren(t *testing.T, p *sio.ParentNamespace, want ...string) {
	t.Helper()
	eventually(t, fmt.Sprintf("the children are %q", want), func() bool { return slices.Equal(children(p), want) })
}

func TestOfRegexp(t *testing.T) {
	overTransports(t, func(t *testing.T, transport string) {
		f := serve(t, nil)
		parent := f.OfRegexp(dynamic)
		joined := make(chan *sio.Socket, 10)
		parent.OnConnect(func(s *sio.Socket) { joined <- s })
		p := f.dial(transport)
		id := p.enter("/dynamic-101")
		s := get(t, joined)
		if s.ID() != id || s.Namespace().Name() != "/dynamic-101" || s.Namespace().Server() != f.Server || parent.Server() != f.Server {
			t.Errorf("socket %s of %s", s.ID(), s.Namespace().Name())
		}
		p.enter("/dynamic-7")
		for _, name := range []string{"/dynamic-", "/dynamic-1x", "/x/dynamic-1", "/other", "/dynamic-" + strings.Repeat("1", 1024)} {
			p.barred(name)
		}
		expectChildren(t, parent, "/dynamic-101", "/dynamic-7")
		if err := s.Emit("hello"); err != nil {
			t.Error(err)
		}
		p.expect(`42/dynamic-101,["hello"]`)
	})
}

func TestOfFunc(t *testing.T) {
	overTransports(t, func(t *testing.T, transport string) {
		f := serve(t, nil)
		type request struct {
			name  string
			token any
			query string
		}
		asked := make(chan request, 10)
		parent := f.OfFunc(func(_ context.Context, name string, h sio.Handshake) bool {
			token := h.Auth()["token"]
			asked <- request{name, token, h.Query().Get("EIO")}
			if name == "/panics" {
				panic("asked")
			}
			return token == "abc"
		})
		p := f.dial(transport)
		p.send(`40/secret,{"token":"abc"}`)
		p.granted("/secret")
		p.send(`40/other,{"token":"xyz"}`)
		p.expect(`44/other,{"message":"Invalid namespace"}`)
		p.barred("/more")
		p.barred("/panics")
		expectPanic(t, f.reported(), "", "asked")
		for _, want := range []request{{"/secret", "abc", "4"}, {"/other", "xyz", "4"}, {"/more", nil, "4"}, {"/panics", nil, "4"}} {
			if got := get(t, asked); got != want {
				t.Errorf("asked %v, want %v", got, want)
			}
		}
		// Others are asked for, too, though the namespace is there.
		q := f.dial(transport)
		q.barred("/secret")
		q.send(`40/secret,{"token":"abc"}`)
		q.granted("/secret")
		expectChildren(t, parent, "/secret")
	})
}

// A function that waits holds up nobody, and is told when the client goes.
func TestOfFuncThatWaits(t *testing.T) {
	f := serve(t, nil)
	begun, gone := make(chan string, 10), make(chan error, 10)
	f.OfFunc(func(ctx context.Context, name string, _ sio.Handshake) bool {
		if name != "/slow" {
			return true
		}
		begun <- name
		<-ctx.Done()
		gone <- context.Cause(ctx)
		return true
	})
	p := f.join("websocket")
	p.send("40/slow,")
	get(t, begun)
	p.fenced()
	p.enter("/quick")
	p.close()
	var end *sio.DisconnectError
	if err := get(t, gone); !errors.As(err, &end) || end.Reason != sio.TransportClose {
		t.Errorf("cause %v", err)
	}

	q := f.join("websocket")
	q.send("40/slow,")
	get(t, begun)
	q.send(`42/slow,["too early"]`)
	q.expectClosed()
	get(t, gone)

	r := f.join("websocket")
	r.send("40/slow,")
	get(t, begun)
	r.send("40/slow,") // again
	r.expectClosed()
	get(t, gone)
	shutdown(t, f)
}

// Namespaces that a function is asked about count for MaxNamespaces.
func TestOfFuncIsBounded(t *testing.T) {
	f := serve(t, &sio.Config{MaxNamespaces: 2})
	release := make(chan struct{})
	f.OfFunc(func(context.Context, string, sio.Handshake) bool { <-release; return true })
	p := f.dial("websocket")
	p.send("40/a,", "40/b,", "40/c,")
	p.expect(`44/c,{"message":"Too many namespaces"}`)
	close(release)
	first, second := p.receive(), p.receive()
	if !strings.HasPrefix(min(first, second), "40/a,") || !strings.HasPrefix(max(first, second), "40/b,") {
		t.Errorf("joined by %s and %s", first, second)
	}
}

func TestParentsInOrder(t *testing.T) {
	f := serve(t, nil)
	var n sequence
	named := func(what string, allow bool) {
		f.OfFunc(func(context.Context, string, sio.Handshake) bool { n.add(what); return allow })
	}
	first := f.OfRegexp(regexp.MustCompile("^/first$"))
	named("a", false)
	named("b", false)
	second := f.OfRegexp(regexp.MustCompile("^/(first|second)$"))
	named("c", true)
	f.Of("/static")
	p := f.dial("websocket")
	for _, test := range []struct{ name, asked string }{
		{"/static", ""}, {"/first", ""}, {"/second", "a b"}, {"/third", "a b c"}, {"/second", ""},
	} {
		if test.name == "/second" && test.asked == "" {
			p = f.dial("websocket") // whose namespace is there already
		}
		p.enter(test.name)
		n.expect(t, test.asked)
	}
	expectChildren(t, first, "/first")
	expectChildren(t, second, "/second")
}

func TestParentHooks(t *testing.T) {
	f := serve(t, nil)
	var n sequence
	parent := f.OfRegexp(dynamic)
	note := func(what string) func(context.Context, *sio.Socket, *sio.Message) error {
		return func(context.Context, *sio.Socket, *sio.Message) error { n.add(what); return nil }
	}
	parent.On("x", note("parent"))
	parent.Use(func(_ context.Context, s *sio.Socket) error {
		n.add("use")
		if s.Handshake().Auth()["refuse"] == true {
			return errors.New("no")
		}
		return nil
	})
	p := f.dial("websocket")
	f.Of("/dynamic-1").On("x", note("child"))
	p.enter("/dynamic-1")
	q := f.dial("polling")
	q.enter("/dynamic-2")
	n.expect(t, "use use")
	// What comes later is for those that there are, too.
	off := parent.On("x", note("later"))
	parent.Once("x", note("once"))
	parent.OnAny(func(_ context.Context, _ *sio.Socket, m *sio.Message) {
		if m.Event() == "x" {
			n.add("any")
		}
	})
	offIntercept := parent.Intercept(func(_ context.Context, _ *sio.Socket, m *sio.Message, next func() error) error {
		if m.Event() == "x" {
			n.add("around")
		}
		return next()
	})
	sync := func(p *peer, namespace string) {
		p.send("42" + namespace + `,1["sync"]`)
		p.expect("43" + namespace + ",1[]")
	}
	parent.On("sync", func(_ context.Context, _ *sio.Socket, m *sio.Message) error { return m.Ack() })
	p.send(`42/dynamic-1,["x"]`)
	sync(p, "/dynamic-1")
	n.expect(t, "any around parent later once child")
	q.send(`42/dynamic-2,["x"]`)
	sync(q, "/dynamic-2")
	n.expect(t, "any around parent later")
	off()
	p.send(`42/dynamic-1,["x"]`)
	sync(p, "/dynamic-1")
	n.expect(t, "any around parent child")
	offIntercept()
	p.send(`40/dynamic-3,{"refuse":true}`)
	p.expect(`44/dynamic-3,{"message":"no"}`)
	n.expect(t, "use")

	ended := make(chan sio.Reason, 2)
	parent.OnDisconnect(func(_ *sio.Socket, reason sio.Reason) { ended <- reason })
	parent.OnDisconnecting(func(_ *sio.Socket, reason sio.Reason) { ended <- reason })
	p.send("41/dynamic-1,")
	for range 2 {
		if reason := get(t, ended); reason != sio.ClientNamespaceDisconnect {
			t.Errorf("reason %s", reason)
		}
	}
}

func TestParentRoomEvents(t *testing.T) {
	f := serve(t, nil)
	parent := f.OfRegexp(dynamic)
	told := make(chan string, 10)
	p := f.dial("websocket")
	p.enter("/dynamic-1")
	parent.OnCreateRoom(func(room string) { told <- room })
	id := p.enter("/dynamic-2")
	if room := get(t, told); room != id {
		t.Errorf("room %s", room)
	}
	for s := range parent.Sockets() {
		s.Join("x")
	}
	for range 2 {
		if room := get(t, told); room != "x" {
			t.Errorf("room %s", room)
		}
	}
}

func TestParentEmit(t *testing.T) {
	f := serve(t, nil)
	parent := f.OfRegexp(dynamic)
	sockets := make(chan *sio.Socket, 10)
	parent.OnConnect(func(s *sio.Socket) { sockets <- s })
	peers := []*peer{f.dial("websocket"), f.dial("polling")}
	var list []*sio.Socket
	for i, p := range peers {
		p.enter("/dynamic-" + number(i))
		list = append(list, get(t, sockets))
	}
	stranger := f.join("websocket")
	list[0].Join("a")
	for _, test := range []struct {
		name string
		emit func(string, ...any) error
		to   []int
	}{
		{"all", parent.Emit, []int{0, 1}},
		{"room", parent.To("a").Emit, []int{0}},
		{"except", parent.Except("a").Emit, []int{1}},
		{"local", parent.Local().Emit, []int{0, 1}},
		{"volatile", parent.Volatile().To("a").Emit, []int{0}},
		{"uncompressed", parent.Compress(false).Emit, []int{0, 1}},
		{"nobody", parent.To("b").Emit, nil},
	} {
		if err := test.emit(test.name, 1); err != nil {
			t.Error(err)
		}
		for _, i := range test.to {
			peers[i].expect("42/dynamic-" + number(i) + `,["` + test.name + `",1]`)
		}
	}
	stranger.fenced()
	if err := parent.Emit("x", func() {}); err == nil {
		t.Error("encoded a function")
	}
	if err := f.OfRegexp(dynamic).Emit("connect"); !errors.Is(err, sio.ErrReservedEvent) {
		t.Errorf("reserved: %v", err)
	}
	if n := len(slices.Collect(parent.Sockets())); n != 2 {
		t.Errorf("%d sockets", n)
	}

	result := gather(parent, t.Context(), "ask")
	want := make(map[string]any)
	for i, p := range peers {
		namespace := "/dynamic-" + number(i)
		id, ok := strings.CutPrefix(strings.TrimSuffix(p.receive(), `["ask"]`), "42"+namespace+",")
		if !ok {
			t.Fatal("not asked")
		}
		p.send("43" + namespace + "," + id + `["` + number(i) + `"]`)
		want[list[i].ID()] = number(i)
	}
	if g := get(t, result); g.err != nil || !maps.Equal(g.answers, want) {
		t.Errorf("%v", g)
	}
	parent.To("a").Join("b")
	parent.To("b").Disconnect()
	peers[0].expect("41/dynamic-0,")
}

func TestOfMakesAChild(t *testing.T) {
	f := serve(t, nil)
	parent := f.OfRegexp(dynamic)
	f.OfFunc(func(context.Context, string, sio.Handshake) bool { return true })
	var n sequence
	parent.OnConnect(func(*sio.Socket) { n.add("parent") })
	child := f.Of("dynamic-5")
	child.OnConnect(func(*sio.Socket) { n.add("child") })
	if f.Of("/dynamic-5") != child {
		t.Error("made twice")
	}
	f.Of("/plain")
	expectChildren(t, parent, "/dynamic-5")
	p := f.join("websocket")
	p.enter("/dynamic-5")
	p.enter("/plain")
	p.fenced()
	n.expect(t, "parent child")
}

// Many clients that ask for a namespace at the same time get the same.
func TestChildIsMadeOnce(t *testing.T) {
	for name, of := range map[string]func(*sio.Server) *sio.ParentNamespace{
		"expression": func(s *sio.Server) *sio.ParentNamespace { return s.OfRegexp(dynamic) },
		"function": func(s *sio.Server) *sio.ParentNamespace {
			return s.OfFunc(func(context.Context, string, sio.Handshake) bool { return true })
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := serve(t, nil)
			parent := of(f.Server)
			var made atomic.Int32
			f.OnNewNamespace(func(*sio.Namespace) { made.Add(1) })
			const clients = 10
			peers := make([]*peer, clients)
			for i := range peers {
				peers[i] = f.dial("websocket")
			}
			for round := range 20 {
				namespace := "/dynamic-" + number(round)
				var wg sync.WaitGroup
				for _, p := range peers {
					wg.Go(func() { _ = p.write("40" + namespace + ",") })
				}
				wg.Wait()
				for _, p := range peers {
					p.granted(namespace)
				}
				if err := parent.Emit("x"); err != nil {
					t.Fatal(err)
				}
				for _, p := range peers {
					p.expect("42" + namespace + `,["x"]`)
					p.send("41" + namespace + ",")
				}
				expectChildren(t, parent)
			}
			if n := made.Load(); n != 20 {
				t.Errorf("%d namespaces were made", n)
			}
		})
	}
}

func TestOnNewNamespace(t *testing.T) {
	f := serve(t, nil)
	f.Of("/before")
	var n sequence
	release := make(chan struct{})
	f.OnNewNamespace(func(ns *sio.Namespace) {
		n.add(ns.Name())
		switch ns.Name() {
		case "/dynamic-1":
			<-release
			ns.Use(func(context.Context, *sio.Socket) error { n.add("use"); return nil })
		case "/panics":
			panic("new")
		case "/again":
			f.Of("/again") // is it, and waits for nothing
		}
	})
	f.OnNewNamespace(func(ns *sio.Namespace) { n.add("second") })
	f.Of("/static")
	f.Of("/static")
	f.Of("/again")
	n.expect(t, "/static second /again second")
	f.OfRegexp(regexp.MustCompile("^/(dynamic-1|panics)$"))
	p, q := f.join("websocket"), f.join("polling")
	p.send("40/dynamic-1,")
	q.send("40/dynamic-1,")
	p.fenced() // others do not wait
	q.fenced()
	close(release)
	p.granted("/dynamic-1")
	q.granted("/dynamic-1")
	n.expect(t, "/dynamic-1 second use use")
	p.enter("/panics")
	expectPanic(t, f.reported(), "", "new")
}

func TestNamespacesIterator(t *testing.T) {
	f := serve(t, nil)
	f.OfRegexp(dynamic)
	f.Of("/a")
	f.join("websocket").enter("/dynamic-1")
	var names []string
	for n := range f.Namespaces() {
		names = append(names, n.Name())
		f.Of("/b") // which may be made meanwhile
	}
	slices.Sort(names)
	if want := []string{"/", "/a", "/dynamic-1"}; !slices.Equal(names, want) {
		t.Errorf("namespaces %q", names)
	}
}

func TestCleanup(t *testing.T) {
	f := serve(t, nil)
	parent := f.OfRegexp(dynamic)
	parent.Use(func(_ context.Context, s *sio.Socket) error {
		if s.Handshake().Auth()["refuse"] == true {
			return errors.New("no")
		}
		return nil
	})
	f.Of("/plain")
	p, q := f.dial("websocket"), f.dial("websocket")
	p.enter("/plain")
	p.enter("/dynamic-1")
	q.enter("/dynamic-1")
	q.enter("/dynamic-2")
	p.send("41/dynamic-1,")
	p.send("41/plain,")
	p.enter("/plain") // is never removed
	expectChildren(t, parent, "/dynamic-1", "/dynamic-2")
	// One that is refused takes away none that others are in.
	p.send(`40/dynamic-2,{"refuse":true}`)
	p.expect(`44/dynamic-2,{"message":"no"}`)
	p.send(`40/dynamic-3,{"refuse":true}`)
	p.expect(`44/dynamic-3,{"message":"no"}`)
	expectChildren(t, parent, "/dynamic-1", "/dynamic-2")
	q.close()
	expectChildren(t, parent)
	p.enter("/dynamic-1") // comes back
	expectChildren(t, parent, "/dynamic-1")

	// What the application has got stays.
	f.Of("/dynamic-4")
	p.enter("/dynamic-4")
	p.send("41/dynamic-1,", "41/dynamic-4,")
	expectChildren(t, parent, "/dynamic-4")
}

func TestKeepEmptyNamespaces(t *testing.T) {
	f := serve(t, &sio.Config{KeepEmptyNamespaces: true})
	parent := f.OfRegexp(dynamic)
	ended := make(chan bool, 1)
	parent.OnDisconnect(func(*sio.Socket, sio.Reason) { ended <- true })
	p := f.join("websocket")
	p.enter("/dynamic-1")
	p.send("41/dynamic-1,")
	get(t, ended)
	p.enter("/dynamic-1")
	p.send("41/dynamic-1,")
	get(t, ended)
	p.fenced()
	expectChildren(t, parent, "/dynamic-1")
}

// With recovery a namespace stays as long as somebody can come back.
func TestCleanupWithRecovery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		io := sio.NewServer(&sio.Config{Recovery: &sio.Recovery{MaxDisconnection: time.Minute}})
		parent := io.OfRegexp(dynamic)
		srv := siotest.NewServer(t, io)
		c := srv.Dial(t, &siotest.Options{Namespace: "/dynamic-1"})
		c.Close()
		synctest.Wait()
		time.Sleep(time.Minute - time.Second)
		if len(children(parent)) != 1 {
			t.Error("gone too early")
		}
		c = srv.Dial(t, &siotest.Options{Namespace: "/dynamic-1"})
		time.Sleep(time.Minute) // with somebody in it
		if len(children(parent)) != 1 {
			t.Error("gone though somebody is in it")
		}
		c.Close()
		synctest.Wait()
		time.Sleep(time.Minute + time.Second)
		if names := children(parent); len(names) != 0 {
			t.Errorf("%q are left", names)
		}
	})
}

// Clients that come and go at random leave a namespace that all of them agree on.
func TestComingAndGoing(t *testing.T) {
	f := serve(t, nil)
	parent := f.OfRegexp(dynamic)
	var wg sync.WaitGroup
	for range 8 {
		p := f.dial("websocket")
		wg.Go(func() {
			for range 50 {
				if p.write("40/dynamic-1,") != nil {
					return
				}
				if packet, err := p.next(); err != nil || !strings.HasPrefix(packet, "40/dynamic-1,") {
					t.Errorf("%q, %v", packet, err)
					return
				}
				if p.write("41/dynamic-1,") != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	expectChildren(t, parent)
	p, q := f.dial("websocket"), f.dial("websocket")
	p.enter("/dynamic-1")
	q.enter("/dynamic-1")
	for n := range parent.Children() {
		if n.Len() != 2 {
			t.Errorf("%d sockets", n.Len())
		}
	}
}

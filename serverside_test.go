package sio_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/adapter"
)

// bus joins the adapters of one namespace on several servers.
type bus struct{ nodes []*node }

// node is an adapter of a cluster, as far as servers talk to each other.
type node struct {
	*adapter.Memory
	bus    *bus
	silent bool // it answers nothing
	handle func(context.Context, []any) (any, error)
}

var _ adapter.Cluster = (*node)(nil)

func (b *bus) join() *node {
	n := &node{Memory: adapter.NewMemory(), bus: b}
	b.nodes = append(b.nodes, n)
	return n
}

func (n *node) HandleServerSide(fn func(context.Context, []any) (any, error)) { n.handle = fn }

func (n *node) ServerSideEmit(event []any) error {
	_, _, err := n.ServerSideEmitWithAck(context.Background(), event)
	return err
}

func (n *node) ServerSideEmitWithAck(ctx context.Context, event []any) (answers []any, missing int, err error) {
	if slices.Contains(event, any("broken")) {
		return nil, 0, errors.New("the bus is broken")
	}
	for _, other := range n.bus.nodes {
		if other == n {
			continue
		}
		if other.silent {
			missing++
			continue
		}
		answer, _ := other.handle(ctx, event)
		answers = append(answers, answer)
	}
	if missing > 0 {
		<-ctx.Done()
	}
	return answers, missing, nil
}

func TestServerSideEmit(t *testing.T) {
	buses := map[string]*bus{"/": {}, "/other": {}}
	cfg := func() *sio.Config {
		return &sio.Config{AckTimeout: 10 * time.Millisecond, Adapter: func(name string) adapter.Adapter { return buses[name].join() }}
	}
	a, b, c := serve(t, cfg()), serve(t, cfg()), serve(t, cfg())
	other := []*sio.Namespace{a.Of("/other"), b.Of("/other"), c.Of("/other")}
	var n sequence
	listen := func(on interface {
		OnServerSide(string, func(context.Context, []any) (any, error)) func()
	}, who string, err error) (off func()) {
		return on.OnServerSide("x", func(_ context.Context, args []any) (any, error) {
			n.add(fmt.Sprint(who, args))
			return who, err
		})
	}
	listen(a, "a", nil)
	listen(b, "b", nil)
	off := listen(b, "b again", nil)
	listen(c.Of("/"), "c", nil)
	listen(other[1], "other", nil)

	if err := a.ServerSideEmit("x", 1, "two"); err != nil {
		t.Fatal(err)
	}
	n.expect(t, "b[1 two] b again[1 two] c[1 two]")
	off()
	if err := other[0].ServerSideEmit("x"); err != nil {
		t.Fatal(err)
	}
	n.expect(t, "other[]")
	if err := a.ServerSideEmit("unheard"); err != nil {
		t.Error(err)
	}
	answers, err := b.ServerSideEmitWithAck(t.Context(), "x")
	if err != nil || !slices.Equal(answers, []any{"a", "c"}) {
		t.Errorf("answers %v, %v", answers, err)
	}
	n.expect(t, "a[] c[]")

	buses["/"].nodes[2].silent = true
	answers, err = a.ServerSideEmitWithAck(t.Context(), "x")
	var partial *sio.PartialAckError
	if !errors.As(err, &partial) || partial.Answered != 1 || partial.Missing != 1 || !errors.Is(err, sio.ErrTimeout) || !slices.Equal(answers, []any{"b"}) {
		t.Errorf("answers %v, %v", answers, err)
	}
	buses["/"].nodes[2].silent = false
	if err := a.ServerSideEmit("broken"); err == nil {
		t.Error("the error was lost")
	}

	b.OnServerSide("fails", func(context.Context, []any) (any, error) { return nil, errors.New("handler") })
	b.OnServerSide("panics", func(context.Context, []any) (any, error) { panic("server") })
	_ = a.ServerSideEmit("fails")
	if e := b.reported(); e.Event != "fails" || e.Err.Error() != "handler" {
		t.Errorf("reported %v", e)
	}
	_ = a.ServerSideEmit("panics")
	expectPanic(t, b.reported(), "panics", "server")

	for _, name := range []string{"connect", "connection", "new_namespace"} {
		if err := a.ServerSideEmit(name); !errors.Is(err, sio.ErrReservedEvent) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := a.ServerSideEmitWithAck(t.Context(), name); !errors.Is(err, sio.ErrReservedEvent) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestServerSideEmitAlone(t *testing.T) {
	f := serve(t, nil)
	f.OnServerSide("x", func(context.Context, []any) (any, error) {
		t.Error("the server heard itself")
		return nil, nil
	})
	if err := f.ServerSideEmit("x"); err != nil {
		t.Error(err)
	}
	if answers, err := f.ServerSideEmitWithAck(t.Context(), "x"); err != nil || len(answers) != 0 {
		t.Errorf("%v, %v", answers, err)
	}
	if err := f.ServerSideEmit("connect"); !errors.Is(err, sio.ErrReservedEvent) {
		t.Error(err)
	}
}

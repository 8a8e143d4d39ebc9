package sio_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio"
	"github.com/gosio/sio/siotest"
)

// gathered is what a loop over acknowledgements yielded.
type gathered struct {
	answers map[string]any // by socket
	err     error          // the last thing
}

// gather runs the loop, and returns a channel with what it yielded.
func gather(to sio.AckEmitter, ctx context.Context, name string, args ...any) <-chan gathered {
	result := make(chan gathered, 1)
	go func() {
		g := gathered{answers: make(map[string]any)}
		for answer, err := range to.EmitWithAck(ctx, name, args...) {
			if err != nil {
				g.err = err
				continue
			}
			values, _ := answer.Args()
			g.answers[answer.ID] = values[0]
		}
		result <- g
	}()
	return result
}

// request takes the next event of a peer, and returns the id to acknowledge with.
func (p *peer) request(want string) (id string) {
	p.t.Helper()
	packet := p.receive()
	head, ok := strings.CutSuffix(packet, want)
	if id, numbered := strings.CutPrefix(head, "42"); ok && numbered && id != "" {
		return id
	}
	p.fail("got %s, want 42…%s", packet, want)
	return ""
}

func TestBroadcastWithAck(t *testing.T) {
	f := serve(t, nil)
	peers, sockets := crowd(t, f, 4)
	for _, s := range sockets[:3] {
		s.Join("room")
	}
	for _, test := range []struct {
		to   sio.AckEmitter
		want []int
	}{
		{f, []int{0, 1, 2, 3}},
		{f.Of("/"), []int{0, 1, 2, 3}},
		{f.To("room"), []int{0, 1, 2}},
		{f.Except("room"), []int{3}},
		{sockets[1].To("room"), []int{0, 2}},
		{f.To("nobody"), nil},
	} {
		result := gather(test.to, t.Context(), "how many?", 7)
		want := make(map[string]any)
		for _, i := range slices.Backward(test.want) {
			id := peers[i].request(`["how many?",7]`)
			peers[i].send("43"+id+`["`+number(i)+`"]`, "43"+id+`["again"]`)
			want[sockets[i].ID()] = number(i)
		}
		if g := get(t, result); g.err != nil || !maps.Equal(g.answers, want) {
			t.Errorf("got %v, %v; want %v", g.answers, g.err, want)
		}
		for _, p := range peers {
			p.fenced()
		}
	}
}

// The answers are yielded as they come, not at the end.
func TestAnswersAreYieldedAsTheyCome(t *testing.T) {
	f := serve(t, nil)
	peers, sockets := crowd(t, f, 3)
	ids := make(chan string)
	go func() {
		defer close(ids)
		for answer, err := range f.EmitWithAck(t.Context(), "x") {
			if err != nil {
				t.Error(err)
			}
			ids <- answer.ID
		}
	}()
	for _, i := range []int{2, 0, 1} {
		peers[i].send("43" + peers[i].request(`["x"]`) + "[]")
		if id := get(t, ids); id != sockets[i].ID() {
			t.Errorf("%s answered, and not %s", id, sockets[i].ID())
		}
	}
	await(t, ids)
}

// Nobody waits for those who have gone.
func TestBroadcastWithAckToThoseWhoGo(t *testing.T) {
	f := serve(t, nil)
	peers, sockets := crowd(t, f, 3)
	result := gather(f, t.Context(), "x")
	peers[0].send("41")
	peers[1].send("43" + peers[1].request(`["x"]`) + "[1]")
	peers[2].request(`["x"]`)
	peers[2].close()
	g := get(t, result)
	var partial *sio.PartialAckError
	if !errors.As(g.err, &partial) || partial.Answered != 1 || partial.Missing != 2 || !errors.Is(g.err, sio.ErrDisconnected) {
		t.Errorf("error %v", g.err)
	}
	if len(g.answers) != 1 || g.answers[sockets[1].ID()] != 1.0 {
		t.Errorf("answers %v", g.answers)
	}
}

func TestBroadcastWithAckEnds(t *testing.T) {
	f := serve(t, nil)
	peers, _ := crowd(t, f, 2)
	cause := errors.New("lost interest")
	ctx, cancel := context.WithCancelCause(t.Context())
	result := gather(f, ctx, "x")
	peers[0].request(`["x"]`)
	peers[1].send("43" + peers[1].request(`["x"]`) + "[1]")
	peers[1].fenced()
	cancel(cause)
	g := get(t, result)
	var partial *sio.PartialAckError
	if !errors.As(g.err, &partial) || partial.Answered != 1 || partial.Missing != 1 || !errors.Is(g.err, cause) || len(g.answers) != 1 {
		t.Errorf("%v, %v", g.answers, g.err)
	}
	if want := "lost interest: 1 of 2 acknowledgements are missing"; g.err.Error() != want {
		t.Errorf("error %q", g.err)
	}

	for range f.EmitWithAck(t.Context(), "bad", func() {}) {
	}
	if g := get(t, gather(f, t.Context(), "bad", func() {})); g.err == nil || len(g.answers) != 0 {
		t.Errorf("encoded a function: %v", g)
	}
	if g := get(t, gather(f, t.Context(), "disconnect")); !errors.Is(g.err, sio.ErrReservedEvent) {
		t.Errorf("reserved: %v", g.err)
	}
}

// A loop that is broken off leaves nothing that waits, and late answers do no harm.
func TestBroadcastWithAckBrokenOff(t *testing.T) {
	f := serve(t, &sio.Config{MaxPendingAcks: 1})
	peers, _ := crowd(t, f, 2)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range f.EmitWithAck(t.Context(), "x") {
			break
		}
	}()
	late := peers[0].request(`["x"]`)
	peers[1].send("43" + peers[1].request(`["x"]`) + "[]")
	await(t, done)
	peers[0].send("43" + late + "[]")
	result := gather(f, t.Context(), "y") // for which there is room again
	for _, p := range peers {
		p.send("43" + p.request(`["y"]`) + "[1]")
	}
	if g := get(t, result); g.err != nil || len(g.answers) != 2 {
		t.Errorf("%v", g)
	}
}

func TestMaxPendingAcks(t *testing.T) {
	f := serve(t, &sio.Config{MaxPendingAcks: 2})
	peers, sockets := crowd(t, f, 2)
	var wg sync.WaitGroup
	defer wg.Wait()
	for range 2 {
		wg.Go(func() { _, _ = sockets[0].EmitWithAck(t.Context(), "x") })
		defer peers[0].send("43" + peers[0].request(`["x"]`) + "[]")
	}
	if _, err := sockets[0].EmitWithAck(t.Context(), "x"); err != sio.ErrTooManyAcks {
		t.Errorf("error %v", err)
	}
	result := gather(f, t.Context(), "y")
	peers[1].send("43" + peers[1].request(`["y"]`) + "[1]")
	g := get(t, result)
	var partial *sio.PartialAckError
	if !errors.As(g.err, &partial) || partial.Missing != 1 || !errors.Is(g.err, sio.ErrTooManyAcks) {
		t.Errorf("error %v", g.err)
	}
	peers[0].fenced() // it was not asked
}

func TestCallAll(t *testing.T) {
	f := serve(t, nil)
	peers, sockets := crowd(t, f, 3)
	type result struct {
		replies []sio.Reply[int]
		err     error
	}
	results := make(chan result, 1)
	go func() {
		replies, err := sio.CallAll(t.Context(), f, buy, order{"tea", 2})
		results <- result{replies, err}
	}()
	for i, answer := range []string{"[5]", `[{"error":{"message":"no"}}]`, `["text"]`} {
		peers[i].send("43" + peers[i].request(`["buy",{"item":"tea","n":2}]`) + answer)
		peers[i].fenced()
	}
	r := get(t, results)
	if r.err != nil || len(r.replies) != 3 {
		t.Fatalf("%v, %v", r.replies, r.err)
	}
	var refused *sio.Error
	for i, reply := range r.replies {
		if reply.ID != sockets[i].ID() {
			t.Errorf("%d. reply is of %s", i, reply.ID)
		}
	}
	if r.replies[0].Value != 5 || r.replies[0].Err != nil {
		t.Errorf("%v", r.replies[0])
	}
	if !errors.As(r.replies[1].Err, &refused) || refused.Message != "no" {
		t.Errorf("%v", r.replies[1])
	}
	if r.replies[2].Err == nil || errors.As(r.replies[2].Err, &refused) {
		t.Errorf("%v", r.replies[2])
	}
}

// Many broadcasts and calls at once find their own answers.
func TestGatheringsTogether(t *testing.T) {
	f := serve(t, nil)
	const n, rounds = 4, 50
	peers, sockets := crowd(t, f, n)
	errs := make(chan error, 2*rounds)
	for i := range rounds {
		go func() {
			replies, err := sio.CallAll[int](t.Context(), f, "all", i)
			for _, r := range replies {
				if r.Value != i || r.Err != nil {
					err = fmt.Errorf("%d: reply %v", i, r)
				}
			}
			if err == nil && len(replies) != n {
				err = fmt.Errorf("%d replies", len(replies))
			}
			errs <- err
		}()
		go func() {
			v, err := sio.Call[int](t.Context(), sockets[i%n], "one", i)
			if err == nil && v != i {
				err = fmt.Errorf("%d answered with %d", i, v)
			}
			errs <- err
		}()
	}
	for i, p := range peers {
		go func() {
			calls := rounds
			for k := range rounds {
				if k%n == i {
					calls++
				}
			}
			for range calls {
				packet, err := p.next()
				if err != nil {
					return
				}
				id, rest, _ := strings.Cut(strings.TrimPrefix(packet, "42"), "[")
				_, value, _ := strings.Cut(rest, ",")
				_ = p.write("43" + id + "[" + value)
			}
		}()
	}
	for range 2 * rounds {
		if err := get(t, errs); err != nil {
			t.Error(err)
		}
	}
}

// AckTimeout is for who gives no deadline.
func TestAckTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		io := sio.NewServer(&sio.Config{AckTimeout: 3 * time.Second})
		sockets := make(chan *sio.Socket, 2)
		io.OnConnect(func(s *sio.Socket) { sockets <- s })
		srv := siotest.NewServer(t, io)
		answers, silent := srv.Dial(t, nil), srv.Dial(t, nil)
		<-sockets
		s := <-sockets

		start := time.Now()
		_, err := s.EmitWithAck(t.Context(), "x")
		if d := time.Since(start); err != sio.ErrTimeout || d != 3*time.Second {
			t.Errorf("%v after %v", err, d)
		}
		silent.Expect("x")

		start = time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err = s.EmitWithAck(ctx, "x")
		if d := time.Since(start); err != sio.ErrTimeout || d != time.Minute {
			t.Errorf("with a deadline: %v after %v", err, d)
		}
		silent.Expect("x")

		start = time.Now()
		result := gather(io, t.Context(), "y")
		answers.Expect("y").Ack(1)
		silent.Expect("y")
		g := <-result
		if d := time.Since(start); !errors.Is(g.err, sio.ErrTimeout) || len(g.answers) != 1 || d != 3*time.Second {
			t.Errorf("broadcast: %v after %v", g, d)
		}
	})
}

// A volatile event may be lost, and then nobody acknowledges it.
func TestVolatileBroadcastWithAck(t *testing.T) {
	f := serve(t, nil)
	peers, sockets := crowd(t, f, 2)
	result := gather(f.To(sockets[1].ID()).Volatile(), t.Context(), "x")
	peers[1].send("43" + peers[1].request(`["x"]`) + "[1]")
	if g := get(t, result); g.err != nil || len(g.answers) != 1 {
		t.Errorf("%v", g)
	}
}

package adapter_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gosio/sio/adapter"
	"github.com/gosio/sio/internal/frame"
)

// owner is a socket that gives its session up when it is told to.
type owner struct {
	r       adapter.Recovery
	s       *adapter.Session
	stays   bool // does not give it up
	evicted int
}

func (o *owner) Evict() {
	if o.evicted++; !o.stays {
		o.r.Leave(o.s)
		o.r.Release(o.s, o, adapter.Keep)
	}
}

var limits = adapter.RecoveryLimits{
	MaxDisconnection: time.Minute, MaxAge: 2 * time.Minute, MaxBytes: 1 << 20, MaxSessions: 10, MaxReplay: 1 << 20,
}

// join makes a session with its first owner.
func join(t *testing.T, r adapter.Recovery, pid string, rooms ...string) (*adapter.Session, *owner) {
	t.Helper()
	o := &owner{r: r}
	o.s = adapter.NewSession("id of "+pid, pid, o)
	o.s.Rooms = rooms
	if !r.Join(o.s, o, func(missed []frame.Group) bool { return len(missed) == 0 }) {
		t.Fatal("not joined")
	}
	return o.s, o
}

// part makes the owner lose its connection.
func (o *owner) part() {
	o.r.Leave(o.s)
	o.r.Release(o.s, o, adapter.Keep)
}

// keep appends an event, and returns its offset. Who gets it is told its place.
func keep(t *testing.T, r adapter.Recovery, target adapter.Target, text string, to ...*adapter.Session) (offset string) {
	t.Helper()
	f := frame.New(8)
	packet, err := json.Marshal([]string{text, r.Placeholder(), text, r.Placeholder()})
	if err != nil {
		t.Fatal(err)
	}
	f.B = append(f.B, packet...)
	f.Seal(false, true)
	r.Append(target, frame.Group{First: f}, func() {
		for _, s := range to {
			s.Meant(f.Place)
		}
		var args []string
		if err := json.Unmarshal(f.Payload(), &args); err != nil || args[1] != r.Placeholder() {
			t.Errorf("%s: %v", f.Payload(), err)
		}
		offset = args[3]
	})
	f.Release()
	if offset == r.Placeholder() || len(offset) != len(r.Placeholder()) {
		t.Errorf("offset %s", offset)
	}
	return offset
}

// rejoin takes a session and joins it, and returns what it missed, or "no".
func rejoin(r adapter.Recovery, pid string, offset *string) (missed string, o *owner) {
	o = &owner{r: r}
	if o.s = r.Take(context.Background(), pid, offset, o); o.s == nil {
		return "no", nil
	}
	var texts []string
	if !r.Join(o.s, o, func(missed []frame.Group) bool {
		for _, g := range missed {
			var args []string
			_ = json.Unmarshal(g.First.Payload(), &args)
			texts = append(texts, args[0])
			g.Release()
		}
		return true
	}) {
		return "no", nil
	}
	return strings.Join(texts, " "), o
}

func check(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRecoveryTargets(t *testing.T) {
	r := adapter.NewMemoryRecovery(limits)
	_, o := join(t, r, "p", "id", "red", "blue")
	o.part()
	rooms := func(names ...string) adapter.Target { return adapter.Target{Rooms: names} }
	keep(t, r, adapter.Target{}, "all")
	keep(t, r, rooms("red"), "red")
	keep(t, r, rooms("green"), "green")
	keep(t, r, rooms("green", "blue"), "either")
	keep(t, r, rooms("id"), "own")
	keep(t, r, adapter.Target{Except: []string{"green"}}, "but green")
	keep(t, r, adapter.Target{Except: []string{"id"}}, "others")
	keep(t, r, adapter.Target{Rooms: []string{"red"}, Except: []string{"blue"}}, "red but blue")
	missed, _ := rejoin(r, "p", nil)
	check(t, missed, "all red either own but green")
}

func TestRecoveryTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := adapter.NewMemoryRecovery(limits)
		s, o := join(t, r, "p")
		seen := keep(t, r, adapter.Target{}, "a", s)
		time.Sleep(10 * time.Minute) // forgets "a", but nothing was missed
		o.part()
		keep(t, r, adapter.Target{}, "b")
		time.Sleep(time.Minute - 1)
		missed, o := rejoin(r, "p", &seen)
		check(t, missed, "b")

		// Noticed late: the event is older than MaxDisconnection.
		keep(t, r, adapter.Target{}, "c", s)
		time.Sleep(time.Minute)
		o.part()
		time.Sleep(time.Minute - 1)
		missed, o = rejoin(r, "p", &seen)
		check(t, missed, "no") // as "b" has been forgotten meanwhile

		_ = o
		s, o = join(t, r, "q")
		seen = keep(t, r, adapter.Target{}, "d", s)
		keep(t, r, adapter.Target{}, "e", s)
		time.Sleep(time.Minute)
		o.part()
		time.Sleep(time.Minute - 1)
		missed, o = rejoin(r, "q", &seen)
		check(t, missed, "e")

		o.part()
		time.Sleep(time.Minute)
		if missed, _ = rejoin(r, "q", &seen); missed != "no" || s.Alive() {
			t.Error("the session has not expired")
		}
		time.Sleep(10 * time.Minute) // no timer is left: the bubble would not end
	})
}

// What was missed is missed still if the connection is lost before it arrives.
func TestRecoveryRepeatsWhatWasMissed(t *testing.T) {
	r := adapter.NewMemoryRecovery(limits)
	s, o := join(t, r, "p")
	seen := keep(t, r, adapter.Target{}, "a", s)
	o.part()
	keep(t, r, adapter.Target{}, "b")
	for range 3 {
		missed, o := rejoin(r, "p", &seen)
		check(t, missed, "b")
		o.part()
	}
}

func TestRecoveryReturnsSessions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := adapter.NewMemoryRecovery(limits)
		_, o := join(t, r, "p")
		o.part()
		keep(t, r, adapter.Target{}, "a")
		time.Sleep(30 * time.Second)
		o = &owner{r: r}
		s := r.Take(t.Context(), "p", nil, o)
		if r.Join(s, o, func(missed []frame.Group) bool { missed[0].Release(); return false }) {
			t.Error("joined")
		}
		r.Release(s, o, adapter.Return)
		r.Release(s, o, adapter.Drop) // it is not its owner any more
		missed, o := rejoin(r, "p", nil)
		check(t, missed, "a")
		o.part()

		s = r.Take(t.Context(), "p", nil, o)
		time.Sleep(2 * time.Minute)
		r.Release(s, o, adapter.Return) // expired while it was taken
		missed, _ = rejoin(r, "p", nil)
		check(t, missed, "no")
	})
}

func TestRecoveryEvicts(t *testing.T) {
	r := adapter.NewMemoryRecovery(limits)
	_, o := join(t, r, "p")
	missed, second := rejoin(r, "p", nil)
	check(t, missed, "")
	if o.evicted != 1 {
		t.Errorf("evicted %d times", o.evicted)
	}
	if r.Join(o.s, o, func([]frame.Group) bool { return true }) {
		t.Error("joined after it was evicted")
	}
	second.stays = true
	missed, _ = rejoin(r, "p", nil)
	check(t, missed, "no")
	if second.evicted != 1 || !second.s.Alive() {
		t.Error("the session was taken from an owner that keeps it")
	}
}

func TestRecoveryMaxReplay(t *testing.T) {
	l := limits
	l.MaxReplay = 1000
	r := adapter.NewMemoryRecovery(l)
	for _, test := range []struct {
		n    int
		want string
	}{{5, strings.TrimSpace(strings.Repeat("xxxx ", 5))}, {20, "no"}} {
		_, o := join(t, r, "p")
		o.part()
		for range test.n {
			keep(t, r, adapter.Target{}, "xxxx")
		}
		missed, _ := rejoin(r, "p", nil)
		check(t, missed, test.want)
	}
}

func TestRecoveryMaxSessions(t *testing.T) {
	r := adapter.NewMemoryRecovery(limits)
	var sessions []*adapter.Session
	for i := range 15 {
		s, o := join(t, r, string(rune('a'+i)))
		o.part()
		sessions = append(sessions, s)
	}
	if i := slices.IndexFunc(sessions, (*adapter.Session).Alive); i != 5 {
		t.Errorf("the first that is kept is number %d", i)
	}
}

// The log gives messages back when they are too many.
func TestRecoveryMaxBytes(t *testing.T) {
	l := limits
	l.MaxBytes = 10_000
	r := adapter.NewMemoryRecovery(l)
	frames := make([]*frame.Frame, 0, 100)
	for range 100 {
		f := frame.New(100)
		f.B = append(f.B, r.Placeholder()...)
		f.Seal(false, true)
		r.Append(adapter.Target{}, frame.Group{First: f}, func() {})
		frames = append(frames, f)
	}
	released := 0
	for _, f := range frames {
		f.Release()
		if f.Place == 0 { // that was the last reference
			released++
		}
	}
	if released < 60 || released > 70 {
		t.Errorf("%d of 100 were forgotten", released)
	}
}

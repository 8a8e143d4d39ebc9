package sio_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/gosio/sio"
)

// crowd joins n clients by turns over each transport, one of them upgraded.
func crowd(t *testing.T, f *fixture, n int) ([]*peer, []*sio.Socket) {
	t.Helper()
	sockets := f.sockets()
	peers := make([]*peer, n)
	list := make([]*sio.Socket, n)
	for i := range n {
		peers[i] = f.join(transports[i%2])
		if i == 2 {
			peers[i].upgrade()
		}
		list[i] = get(t, sockets)
	}
	return peers, list
}

func TestRooms(t *testing.T) {
	f := serve(t, nil)
	_, sockets := crowd(t, f, 1)
	s := sockets[0]
	rooms := func(want ...string) {
		t.Helper()
		if got := s.Rooms(); !slices.Equal(got, append([]string{s.ID()}, want...)) {
			t.Errorf("rooms %q, want %q", got, want)
		}
	}
	rooms()
	s.Join("b", "a")
	s.Join("a")
	s.Join()
	rooms("a", "b")
	s.Leave("unknown")
	s.Leave("a")
	s.Leave("a")
	rooms("b")
	gone := make(chan struct{})
	s.OnDisconnect(func(sio.Reason) { close(gone) })
	s.Disconnect()
	await(t, gone)
	if got := s.Rooms(); len(got) != 0 {
		t.Errorf("rooms after the end: %q", got)
	}
	s.Join("late")
	s.Leave("late")
	if got := s.Rooms(); len(got) != 0 {
		t.Errorf("joined after the end: %q", got)
	}
	for s := range f.To("late", "b").Sockets() {
		t.Errorf("%s is in a room after its end", s.ID())
	}
}

func TestBroadcasts(t *testing.T) {
	f := serve(t, nil)
	peers, s := crowd(t, f, 4)
	elsewhere := f.dial("websocket")
	f.Of("/other")
	elsewhere.send("40/other,")
	elsewhere.granted("/other")
	s[0].Join("a")
	s[1].Join("a", "b")
	s[2].Join("b", "c")
	// s[3] is in no room but its own
	all := []int{0, 1, 2, 3}
	for i, test := range []struct {
		name string
		emit func(name string, args ...any) error
		to   []int
	}{
		{"server", f.Emit, all},
		{"namespace", f.Of("/").Emit, all},
		{"room", f.To("a").Emit, []int{0, 1}},
		{"rooms, each once", f.To("a", "b").Emit, []int{0, 1, 2}},
		{"rooms in steps", f.To("a").To("c").Emit, []int{0, 1, 2}},
		{"room twice", f.To("a", "a").To("a").Emit, []int{0, 1}},
		{"empty room", f.To("nobody").Emit, nil},
		{"no room", f.To().Emit, all},
		{"id", f.To(s[3].ID()).Emit, []int{3}},
		{"ids and room", f.To(s[3].ID(), s[0].ID(), "a").Emit, []int{0, 1, 3}},
		{"except room", f.Except("a").Emit, []int{2, 3}},
		{"except rooms", f.Except("a").Except("c").Emit, []int{3}},
		{"except id", f.Except(s[0].ID()).Emit, []int{1, 2, 3}},
		{"except nobody", f.Except("nobody").Emit, all},
		{"room except room", f.To("a").Except("b").Emit, []int{0}},
		{"except wins", f.To("a").Except("a").Emit, nil},
		{"others", s[0].Broadcast().Emit, []int{1, 2, 3}},
		{"others in room", s[0].To("a").Emit, []int{1}},
		{"own id", s[0].To(s[0].ID()).Emit, nil},
		{"others except", s[0].Except("b").Emit, []int{3}},
		{"others in room except", s[3].To("b").Except("c").Emit, []int{1}},
		{"local", f.Local().Emit, all},
		{"local room", f.To("a").Local().Emit, []int{0, 1}},
		{"uncompressed", f.To("a").Compress(false).Emit, []int{0, 1}},
	} {
		if err := test.emit("ev", i, test.name); err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		for j, p := range peers {
			if slices.Contains(test.to, j) {
				p.expect(fmt.Sprintf(`42["ev",%d,%q]`, i, test.name))
			}
			p.fenced()
		}
	}
	elsewhere.send(`42/other,["x"]`, "41/other,", "40/other,") // and nothing came in between
	elsewhere.granted("/other")
}

func TestBroadcastBinary(t *testing.T) {
	f := serve(t, nil)
	peers, _ := crowd(t, f, 4)
	if err := f.Emit("bin", []byte{1}, "x", []byte{2}); err != nil {
		t.Fatal(err)
	}
	for _, p := range peers {
		p.expect(`452-["bin",{"_placeholder":true,"num":0},"x",{"_placeholder":true,"num":1}]`, "bAQ==", "bAg==")
		p.fenced()
	}
}

// Refining a Broadcast leaves the one it came from as it was, also when both
// grow from the same one.
func TestBroadcastIsAValue(t *testing.T) {
	f := serve(t, nil)
	peers, s := crowd(t, f, 3)
	for i, room := range []string{"a", "b", "c"} {
		s[i].Join(room)
	}
	base := f.To("a")
	b, c := base.To("b"), base.To("c")
	long := f.To("x", "y", "z").To("a")
	longB, longC := long.To("b"), long.To("c")
	exceptB, exceptC := f.Except("x", "y").Except("b"), f.Except("x", "y").Except("c")
	none, quiet := base.Except("a"), base.Volatile().Local().Compress(false)
	for name, test := range map[string]struct {
		b  sio.Broadcast
		to []int
	}{
		"base": {base, []int{0}}, "b": {b, []int{0, 1}}, "c": {c, []int{0, 2}},
		"longB": {longB, []int{0, 1}}, "longC": {longC, []int{0, 2}}, "long": {long, []int{0}},
		"exceptB": {exceptB, []int{0, 2}}, "exceptC": {exceptC, []int{0, 1}},
		"none": {none, nil}, "base again": {base, []int{0}},
	} {
		for range 2 { // using it does not change it either
			_ = test.b.Emit("ev", name)
			for j, p := range peers {
				if slices.Contains(test.to, j) {
					p.expect(fmt.Sprintf(`42["ev",%q]`, name))
				}
				p.fenced()
			}
		}
	}
	_ = quiet
}

func TestSocketsOfABroadcast(t *testing.T) {
	f := serve(t, nil)
	_, s := crowd(t, f, 4)
	s[0].Join("a")
	s[1].Join("a", "b")
	for _, test := range []struct {
		b    sio.Broadcast
		want []int
	}{
		{f.To("a"), []int{0, 1}},
		{f.To("a", "b"), []int{0, 1}},
		{f.Except("b"), []int{0, 2, 3}},
		{s[0].Broadcast(), []int{1, 2, 3}},
		{f.To("nobody"), nil},
	} {
		var got []string
		for socket := range test.b.Sockets() {
			got = append(got, socket.ID())
			socket.Join("changed meanwhile")
			socket.Leave("a")
		}
		for _, socket := range s {
			socket.Leave("changed meanwhile")
		}
		s[0].Join("a")
		s[1].Join("a")
		var want []string
		for _, i := range test.want {
			want = append(want, s[i].ID())
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	n := 0
	for range f.Of("/").Sockets() {
		if n++; n == 2 {
			break
		}
	}
	if n != 2 {
		t.Errorf("%d sockets", n)
	}
}

// A volatile message is lost for a client that polls and has no request
// pending, and nothing else is.
func TestVolatileWhilePolling(t *testing.T) {
	f := serve(t, nil)
	sockets := f.sockets()
	p := f.join("polling")
	s := get(t, sockets)
	c := p.rest(s)
	if err := s.Volatile().Emit("lost"); err != nil {
		t.Error(err)
	}
	if err := s.Volatile().Emit("lost", []byte{1}); err != nil {
		t.Error(err)
	}
	_ = f.Volatile().Emit("lost")
	_ = f.To(s.ID()).Volatile().Emit("lost")
	_ = s.Emit("kept", []byte{1})
	_ = s.Volatile().Emit("lost")
	if n := s.Queued(); n == 0 {
		t.Error("nothing waits")
	}
	payload, err := c.request("GET", "")
	if want := "451-[\"kept\",{\"_placeholder\":true,\"num\":0}]\x1ebAQ=="; err != nil || payload != want {
		t.Errorf("poll answered with %q, %v", payload, err)
	}
	if n := s.Queued(); n != 0 {
		t.Errorf("%d bytes wait", n)
	}
	// With a request pending it arrives.
	answer := make(chan string, 1)
	go func() { payload, _ := c.request("GET", ""); answer <- payload }()
	eventually(t, "the poll is pending", func() bool {
		_ = s.Volatile().Emit("now")
		return len(answer) > 0
	})
	if got := <-answer; got != `42["now"]` {
		t.Errorf("got %q", got)
	}
	c.close()
	p.gone(nil)
}

func TestVolatileOverWebSocket(t *testing.T) {
	f := serve(t, nil)
	sockets := f.sockets()
	p := f.join("websocket")
	s := get(t, sockets)
	p.fenced() // what came before has left
	_ = s.Volatile().Emit("a")
	p.expect(`42["a"]`)
	_ = f.Volatile().Emit("b", []byte{1})
	p.expect(`451-["b",{"_placeholder":true,"num":0}]`, "bAQ==")
}

func TestRoomEvents(t *testing.T) {
	f := serve(t, nil)
	told := make(chan string, 100)
	tell := func(what string) func(room, id string) {
		return func(room, id string) { told <- what + " " + room + " " + id }
	}
	expect := func(want ...string) {
		t.Helper()
		for _, w := range want {
			if got := get(t, told); got != w {
				t.Errorf("got %q, want %q", got, w)
			}
		}
	}
	n := f.Of("/")
	n.OnCreateRoom(func(room string) { told <- "create " + room })
	n.OnDeleteRoom(func(room string) { told <- "delete " + room })
	off := n.OnJoinRoom(tell("join"))
	n.OnLeaveRoom(tell("leave"))
	peers, s := crowd(t, f, 2)
	a, b := s[0].ID(), s[1].ID()
	expect("create "+a, "join "+a+" "+a, "create "+b, "join "+b+" "+b)
	s[0].Join("x", "x")
	s[1].Join("x")
	s[1].Join("x")
	s[0].Leave("x", "y")
	s[0].Leave("x")
	expect("create x", "join x "+a, "join x "+b, "leave x "+a)
	s[1].Join("y")
	expect("create y", "join y "+b)
	off()
	s[0].Join(b) // the room of somebody else
	peers[1].close()
	left := []string{get(t, told), get(t, told), get(t, told), get(t, told), get(t, told)}
	slices.Sort(left)
	want := []string{"delete x", "delete y", "leave " + b + " " + b, "leave x " + b, "leave y " + b}
	if slices.Sort(want); !slices.Equal(left, want) {
		t.Errorf("got %q, want %q", left, want)
	}
	n.OnJoinRoom(func(room, _ string) {
		if room == "z" {
			panic("room")
		}
		s[0].Leave(room) // which may be done here
	})
	s[0].Join("z")
	expectPanic(t, f.reported(), "", "room")
	s[0].Join("w")
	expect("create z", "create w", "leave w "+a, "delete w")
}

func TestBulkOperations(t *testing.T) {
	f := serve(t, nil)
	peers, s := crowd(t, f, 4)
	rooms := func(want ...string) {
		t.Helper()
		for i, w := range want {
			var got []string
			for _, room := range s[i].Rooms() {
				if room != s[i].ID() {
					got = append(got, room)
				}
			}
			if fmt.Sprint(got) != w {
				t.Errorf("socket %d is in %v, want %s", i, got, w)
			}
		}
	}
	f.Join("all", "a")
	f.To(s[0].ID(), s[1].ID()).Join("x", "y")
	rooms("[a all x y]", "[a all x y]", "[a all]", "[a all]")
	f.Of("/").Join("b")
	f.Of("/").Leave("all")
	f.Leave("a", "unknown")
	f.To("x").Except(s[1].ID()).Leave("x", "b")
	s[2].Broadcast().Join("z")
	rooms("[y z]", "[b x y z]", "[b]", "[b z]")
	if n := len(slices.Collect(f.Sockets())); n != 4 {
		t.Errorf("%d sockets", n)
	}

	f.To("x").Disconnect()
	peers[1].expect("41")
	f.To(s[0].ID()).Close()
	peers[0].expect("41")
	peers[0].expectClosed()
	for _, p := range peers[1:] {
		p.send("40/other,") // there is none, but the connection is
		p.expect(`44/other,{"message":"Invalid namespace"}`)
	}
	f.Disconnect()
	peers[2].expect("41")
	peers[3].expect("41")
	if f.Of("/").Len() != 0 {
		t.Error("sockets are left")
	}
}

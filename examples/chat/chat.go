package main

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/gosio/sio"
	"github.com/gosio/sio/event"
)

const (
	maxName    = 24   // characters of a person's or room's name
	maxText    = 2000 // characters of a message
	maxHistory = 100  // messages that a room remembers
	maxRooms   = 50
)

// lasting are the rooms that stay when nobody is in them.
var lasting = []string{"lobby", "music", "random"}

// chat is everything that is known about all rooms. Its lock is held while
// events are emitted, which never waits; so all see the same order.
type chat struct {
	io *sio.Server

	mu     sync.Mutex
	rooms  map[string]*room
	people map[string]person // by socket id
	lastID int
}

type room struct {
	history []Message
}

type person struct {
	name, key, room string
}

func newChat(io *sio.Server) *chat {
	c := &chat{io: io, rooms: make(map[string]*room), people: make(map[string]person)}
	for _, name := range lasting {
		c.rooms[name] = &room{}
	}
	sio.Handle(io, Enter, c.enter)
	sio.Handle(io, List, c.roomList)
	sio.Handle(io, Say, c.say)
	sio.On(io, Typing, c.typing)
	io.OnDisconnect(c.disconnected)
	return c
}

func (c *chat) enter(_ context.Context, s *sio.Socket, e Entry) (Room, error) {
	e.Name, e.Room = clean(e.Name), clean(e.Room)
	if e.Name == "" || e.Room == "" {
		return Room{}, &sio.Error{Message: "A name and a room need a letter at least."}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.people {
		if strings.EqualFold(p.name, e.Name) && p.key != e.Key {
			return Room{}, &sio.Error{Message: "Somebody else has this name at the moment."}
		}
	}
	if c.rooms[e.Room] == nil && len(c.rooms) >= maxRooms {
		return Room{}, &sio.Error{Message: "There are too many rooms already."}
	}
	now := person{name: e.Name, key: e.Key, room: e.Room}
	moved := c.people[s.ID()] != now
	if moved {
		c.depart(s)
	}
	if c.rooms[e.Room] == nil {
		c.rooms[e.Room] = &room{}
	}
	isNew := !slices.Contains(c.names(e.Room), e.Name)
	c.people[s.ID()] = now
	s.Join(e.Room)
	if isNew { // no page of theirs was here before
		c.add(Message{Room: e.Room, Text: e.Name + " came in"})
	}
	c.announce(e.Room)
	it := Room{Name: e.Room, You: e.Name, History: slices.Clone(c.rooms[e.Room].history)}
	if moved {
		_ = sio.Emit(s, Entered, it)
	}
	return it, nil
}

func (c *chat) say(_ context.Context, s *sio.Socket, text string) (Message, error) {
	text = strings.TrimSpace(text)
	if text == "" || utf8.RuneCountInString(text) > maxText {
		return Message{}, &sio.Error{Message: "A message has 1 to 2000 characters."}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	p, ok := c.people[s.ID()]
	if !ok {
		return Message{}, &sio.Error{Message: "Come in first."}
	}
	return c.add(Message{Room: p.room, Name: p.name, Text: text}), nil
}

func (c *chat) typing(_ context.Context, s *sio.Socket, on bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, ok := c.people[s.ID()]
	if !ok {
		return nil
	}
	return sio.Emit(s.To(p.room).Volatile(), TypingNow, Typist{Name: p.name, On: on})
}

func (c *chat) roomList(context.Context, *sio.Socket, event.None) ([]RoomInfo, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.list(), nil
}

func (c *chat) disconnected(s *sio.Socket, _ sio.Reason) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.depart(s)
}

// depart takes a socket out of its room. c.mu is held, as in all that follows.
func (c *chat) depart(s *sio.Socket) {
	p, ok := c.people[s.ID()]
	if !ok {
		return
	}
	delete(c.people, s.ID())
	s.Leave(p.room)
	names := c.names(p.room)
	if len(names) == 0 && !slices.Contains(lasting, p.room) {
		delete(c.rooms, p.room)
	} else if !slices.Contains(names, p.name) { // no second page of theirs
		c.add(Message{Room: p.room, Text: p.name + " left"})
	}
	c.announce(p.room)
}

// add tells a message to everybody in the room, and remembers it.
func (c *chat) add(m Message) Message {
	c.lastID++
	m.ID, m.Time = c.lastID, time.Now().UnixMilli()
	r := c.rooms[m.Room]
	if len(r.history) == maxHistory {
		r.history = slices.Delete(r.history, 0, 1)
	}
	r.history = append(r.history, m)
	_ = sio.Emit(c.io.To(m.Room), Said, m)
	if m.Name != "" {
		_ = sio.Emit(c.io.Except(m.Room), Activity, m.Room)
	}
	return m
}

// announce tells everybody who is where.
func (c *chat) announce(room string) {
	_ = sio.Emit(c.io.To(room), People, c.names(room))
	_ = sio.Emit(c.io, Rooms, c.list())
}

// list returns all rooms, by name.
func (c *chat) list() []RoomInfo {
	list := []RoomInfo{}
	for name := range c.rooms {
		list = append(list, RoomInfo{Name: name, People: len(c.names(name))})
	}
	slices.SortFunc(list, func(a, b RoomInfo) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// names returns who is in a room, each once.
func (c *chat) names(room string) []string {
	names := []string{}
	for _, p := range c.people {
		if p.room == room {
			names = append(names, p.name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// clean makes a name of what somebody typed: one line of a sensible length.
func clean(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > maxName {
		s = strings.TrimSpace(string(r[:maxName]))
	}
	return s
}

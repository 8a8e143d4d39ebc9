package main

import "github.com/gosio/sio/event"

// What the page asks the server. Each is acknowledged, with the result or with
// {"error": {"message": …}}.
const (
	// Enter takes a person into a room, out of the one they were in.
	Enter event.Call[Entry, Room] = "enter"
	// List asks which rooms there are.
	List event.Call[event.None, []RoomInfo] = "list"
	// Say says something in the room.
	Say event.Call[string, Message] = "say"
)

// What the page tells the server.
const (
	// Typing says whether the person is typing.
	Typing event.Name[bool] = "typing"
)

// What the server tells the pages in a room.
const (
	// Said is a new message.
	Said event.Name[Message] = "said"
	// People is who is here, sent whenever that changes.
	People event.Name[[]string] = "people"
	// TypingNow is somebody else who begins or stops typing.
	TypingNow event.Name[Typist] = "typing now"
)

// What the server tells all tabs of a person, who share a connection.
const (
	// Entered is the room that they are in now, as one of them went there.
	Entered event.Name[Room] = "entered"
)

// What the server tells all pages.
const (
	// Rooms is the list of rooms, sent whenever it changes.
	Rooms event.Name[[]RoomInfo] = "rooms"
	// Activity is the name of a room, not the page's own, with a new message.
	Activity event.Name[string] = "activity"
)

// Entry is who wants to come into which room.
type Entry struct {
	Name string `json:"name"`
	Room string `json:"room"`
	// Key is a secret that the page made up. It lets a person come back, or
	// open a second page, under a name that nobody else can take meanwhile.
	Key string `json:"key"`
}

// Room is what somebody who comes in gets to see.
type Room struct {
	Name    string    `json:"name"`
	You     string    `json:"you"` // the name under which one came in
	History []Message `json:"history"`
}

// RoomInfo is a room in the list of rooms.
type RoomInfo struct {
	Name   string `json:"name"`
	People int    `json:"people"`
}

// Message is something said in a room. IDs grow; Time is in milliseconds since
// the epoch. An empty Name is the server's: somebody came or went.
type Message struct {
	ID   int    `json:"id"`
	Room string `json:"room"`
	Name string `json:"name"`
	Text string `json:"text"`
	Time int64  `json:"time"`
}

// Typist is somebody who is typing, or no longer.
type Typist struct {
	Name string `json:"name"`
	On   bool   `json:"on"`
}

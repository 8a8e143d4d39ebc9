// Package board is what the server and the pages share: the events that they exchange, and
// the drawing that both keep.
package board

import "github.com/gosio/sio/event"

// What a page asks the server.
const (
	// Join makes the page one of those that draw. The answer is the drawing so far.
	Join event.Call[event.None, Joined] = "join"
)

// What a page tells the server.
const (
	// Draw is a piece of a line: what was drawn since the last frame.
	Draw event.Name[Line] = "draw"
	// Wipe empties the board.
	Wipe event.Name[event.None] = "wipe"
	// Point is where the pointer is. It is volatile, as the next one comes soon.
	Point event.Name[Spot] = "point"
)

// What the server tells the pages that have joined.
const (
	// Drawn is a piece of a line, also one of the page itself.
	Drawn event.Name[Drawing] = "drawn"
	// Wiped says that the board is empty.
	Wiped event.Name[Wiping] = "wiped"
	// People is how many are here.
	People event.Name[int] = "people"
	// Pointed is where somebody else's pointer is.
	Pointed event.Name[Cursor] = "pointed"
	// Left is who has gone.
	Left event.Name[int] = "left"
)

// Joined is what somebody who comes in gets to see.
type Joined struct {
	You   int    `json:"you"`  // the number of the page
	Step  int    `json:"step"` // the latest one that Lines has
	Lines []Line `json:"lines"`
}

// Drawing is a line that was added to the board. Steps are counted, so that a page knows
// which ones it has got with Joined.
type Drawing struct {
	Step int  `json:"step"`
	By   int  `json:"by"`
	Line Line `json:"line"`
}

// Wiping is a step, too.
type Wiping struct {
	Step int `json:"step"`
}

// Spot is a place on the board; Away is none.
type Spot struct {
	X    int  `json:"x"`
	Y    int  `json:"y"`
	Away bool `json:"away,omitempty"`
}

// Cursor is where somebody's pointer is.
type Cursor struct {
	Who  int  `json:"who"`
	Spot Spot `json:"spot"`
}

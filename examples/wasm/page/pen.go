//go:build js

package main

import (
	"log"
	"slices"
	"syscall/js"

	"github.com/gosio/sio/client"
	"github.com/gosio/sio/examples/wasm/board"
)

// pen is what a mouse, a finger or a stylus does. What it does between two frames is sent
// together.
type pen struct {
	page   *page
	frames *frames

	pointer int   // that draws; -1 if none does
	points  []int // of its line: the last one that was sent, and those that were not yet
	sent    bool  // there is one that was sent
	spot    board.Spot
	moved   bool // spot was not sent yet
}

func newPen(p *page) {
	n := &pen{page: p, pointer: -1}
	n.frames = newFrames(n.send)
	on(p.canvas.element, "pointerdown", n.down)
	on(p.canvas.element, "pointermove", n.move)
	on(p.canvas.element, "pointerup", n.up)
	on(p.canvas.element, "pointercancel", n.up)
	on(p.canvas.element, "pointerleave", n.leave)
}

func (n *pen) down(event js.Value) {
	if n.pointer != -1 || event.Get("button").Int() != 0 {
		return
	}
	n.pointer = event.Get("pointerId").Int()
	n.page.canvas.element.Call("setPointerCapture", n.pointer)
	n.points, n.sent = nil, false
	n.add(event)
}

func (n *pen) move(event js.Value) {
	if !event.Get("isPrimary").Bool() {
		return
	}
	n.spot.X, n.spot.Y = n.page.canvas.place(event)
	n.spot.Away, n.moved = false, true
	n.frames.ask()
	if event.Get("pointerId").Int() != n.pointer {
		return
	}
	between := event.Call("getCoalescedEvents") // all that has happened since the last event
	for i := range between.Length() {
		n.add(between.Index(i))
	}
}

func (n *pen) up(event js.Value) {
	if event.Get("pointerId").Int() != n.pointer {
		return
	}
	n.send()
	n.pointer, n.points = -1, nil
}

func (n *pen) leave(event js.Value) {
	if event.Get("isPrimary").Bool() {
		n.spot.Away, n.moved = true, true
		n.frames.ask()
	}
}

// add adds a point to the line.
func (n *pen) add(event js.Value) {
	x, y := n.page.canvas.place(event)
	if last := len(n.points) - 2; last >= 0 && n.points[last] == x && n.points[last+1] == y {
		return
	}
	n.points = append(n.points, x, y)
	if len(n.points) == 2*board.MaxPiece {
		n.send()
	}
	n.frames.ask()
}

// send sends what there is.
func (n *pen) send() {
	if n.moved {
		n.moved = false
		n.point()
	}
	if len(n.points) == 0 || n.sent && len(n.points) == 2 {
		return
	}
	n.page.draw(board.Line{Color: n.page.tools.color, Width: n.page.tools.width, Points: n.points})
	n.points, n.sent = slices.Clone(n.points[len(n.points)-2:]), true
}

// point tells where the pointer is. That may be lost, but for its end.
func (n *pen) point() {
	var to client.Emitter = n.page.socket.Volatile()
	if n.spot.Away {
		to = n.page.socket
	}
	if err := client.Emit(to, board.Point, n.spot); err != nil {
		log.Print(err)
	}
}

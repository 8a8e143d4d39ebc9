//go:build js

package main

import (
	"fmt"
	"strings"
	"syscall/js"

	"github.com/gosio/sio/examples/wasm/board"
)

// canvas is where the lines are.
type canvas struct{ element, context js.Value }

func newCanvas() canvas {
	c := canvas{element: find("canvas")}
	c.context = c.element.Call("getContext", "2d")
	c.fit()
	return c
}

// fit gives the canvas as many pixels as the screen has, which empties it.
func (c canvas) fit() {
	pixels := int(c.element.Get("clientWidth").Float() * window.Get("devicePixelRatio").Float())
	c.element.Set("width", pixels)
	c.element.Set("height", pixels)
	scale := float64(pixels) / board.Side
	c.context.Call("setTransform", scale, 0, 0, scale, 0, 0)
	c.context.Set("lineCap", "round")
	c.context.Set("lineJoin", "round")
}

func (c canvas) clear() { c.context.Call("clearRect", 0, 0, board.Side, board.Side) }

func (c canvas) draw(l board.Line) {
	var path strings.Builder
	fmt.Fprintf(&path, "M%d %dl.01 0", l.Points[0], l.Points[1]) // a dot, if it is all
	for i := 2; i+1 < len(l.Points); i += 2 {
		fmt.Fprintf(&path, "L%d %d", l.Points[i], l.Points[i+1])
	}
	c.context.Set("strokeStyle", board.Palette[l.Color])
	c.context.Set("lineWidth", board.Widths[l.Width])
	c.context.Call("stroke", window.Get("Path2D").New(path.String()))
}

// place returns where on the board an event of a pointer is.
func (c canvas) place(event js.Value) (x, y int) {
	box := c.element.Call("getBoundingClientRect")
	along := func(at, from, length string) int {
		part := (event.Get(at).Float() - box.Get(from).Float()) / box.Get(length).Float()
		return max(0, min(int(part*board.Side+.5), board.Side))
	}
	return along("clientX", "left", "width"), along("clientY", "top", "height")
}

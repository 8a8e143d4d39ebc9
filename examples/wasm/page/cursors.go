//go:build js

package main

import (
	"fmt"
	"syscall/js"

	"github.com/gosio/sio/examples/wasm/board"
)

// cursors are the pointers of the others.
type cursors struct {
	box js.Value
	of  map[int]js.Value
}

func newCursors() cursors { return cursors{box: find("#cursors"), of: make(map[int]js.Value)} }

func (c cursors) move(to board.Cursor) {
	if to.Spot.Away {
		c.remove(to.Who)
		return
	}
	it, ok := c.of[to.Who]
	if !ok {
		it = find("#cursor").Get("content").Get("firstElementChild").Call("cloneNode", true)
		it.Get("style").Set("fill", board.Palette[to.Who%len(board.Palette)])
		c.box.Call("append", it)
		c.of[to.Who] = it
	}
	it.Get("style").Set("left", percent(to.Spot.X))
	it.Get("style").Set("top", percent(to.Spot.Y))
}

func percent(at int) string { return fmt.Sprintf("%.1f%%", float64(at)*100/board.Side) }

func (c cursors) remove(who int) {
	if it, ok := c.of[who]; ok {
		it.Call("remove")
		delete(c.of, who)
	}
}

func (c cursors) clear() {
	for who := range c.of {
		c.remove(who)
	}
}

//go:build js

package main

import (
	"fmt"
	"syscall/js"

	"github.com/gosio/sio/examples/wasm/board"
)

// tools are the buttons for colour and width, and what is chosen.
type tools struct {
	color, width   int
	colors, widths []js.Value
}

func newTools() *tools {
	t := &tools{}
	for i, color := range board.Palette {
		t.colors = append(t.colors, button("#colors", "--color", color, fmt.Sprint("Colour ", i+1), func() { t.chooseColor(i) }))
	}
	for i, width := range board.Widths {
		t.widths = append(t.widths, button("#widths", "--size", fmt.Sprintf("%dpx", 4+width), fmt.Sprint("Width ", i+1), func() { t.chooseWidth(i) }))
	}
	t.chooseColor(0)
	t.chooseWidth(1)
	return t
}

// button makes one of a group.
func button(group, property, value, name string, do func()) js.Value {
	b := document.Call("createElement", "button")
	b.Set("type", "button")
	b.Call("setAttribute", "role", "radio")
	b.Call("setAttribute", "aria-label", name)
	b.Get("style").Call("setProperty", property, value)
	on(b, "click", func(js.Value) { do() })
	find(group).Call("append", b)
	return b
}

func (t *tools) chooseColor(i int) { t.color = choose(t.colors, i) }

func (t *tools) chooseWidth(i int) { t.width = choose(t.widths, i) }

func choose(group []js.Value, chosen int) int {
	for i, b := range group {
		b.Call("setAttribute", "aria-checked", fmt.Sprint(i == chosen))
	}
	return chosen
}

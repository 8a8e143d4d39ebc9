//go:build js

package main

import "syscall/js"

var (
	window   = js.Global()
	document = window.Get("document")
)

// find returns the first element that a selector names.
func find(selector string) js.Value { return document.Call("querySelector", selector) }

// on has a function called for each event, which must not wait.
func on(target js.Value, event string, do func(event js.Value)) {
	target.Call("addEventListener", event, js.FuncOf(func(_ js.Value, args []js.Value) any {
		do(args[0])
		return nil
	}))
}

// show puts a value into the data of the body, where style sheets see it.
func show(name string, value any) { document.Get("body").Get("dataset").Set(name, value) }

// frames calls a function once in the next frame, however often it is asked to.
type frames struct {
	asked bool
	fn    js.Func
}

func newFrames(do func()) *frames {
	f := &frames{}
	f.fn = js.FuncOf(func(js.Value, []js.Value) any {
		f.asked = false
		do()
		return nil
	})
	return f
}

func (f *frames) ask() {
	if !f.asked {
		f.asked = true
		window.Call("requestAnimationFrame", f.fn)
	}
}

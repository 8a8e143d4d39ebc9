//go:build js

// Command page is what runs in the browser: it draws what comes from the server, and tells
// it what is drawn here.
package main

import (
	"context"
	"log"
	"sync"
	"syscall/js"

	"github.com/gosio/sio/client"
	"github.com/gosio/sio/event"
	"github.com/gosio/sio/examples/wasm/board"
)

// page is everything. Its lock is never held while something waits: that would stop
// the browser.
type page struct {
	socket  *client.Socket
	canvas  canvas
	cursors cursors
	tools   *tools

	mu    sync.Mutex
	you   int // the number that the server has given this page; 0 before it has
	step  int // the latest that is in sheet
	sheet *board.Sheet
	mine  []board.Line // drawn here, and the server has not told of them yet
}

func main() {
	p := &page{canvas: newCanvas(), cursors: newCursors(), tools: newTools(), sheet: board.NewSheet(nil)}
	socket, err := client.New("", &client.Config{Setup: p.listen}) // "" is the page's own server
	if err != nil {
		log.Fatal(err)
	}
	p.socket = socket
	newPen(p)
	on(window, "resize", p.resized)
	on(find("#wipe"), "click", p.wipe)
	socket.Connect()
	select {} // the browser calls, and the server
}

// listen says what becomes of what the server tells. These functions are called one at a
// time, in order, and may wait: that holds back the next ones only.
func (p *page) listen(s *client.Socket) {
	s.OnState(p.showState)
	s.OnConnect(p.join)
	client.On(s, board.Drawn, p.drawn)
	client.On(s, board.Wiped, p.wiped)
	client.On(s, board.People, func(_ context.Context, n int) error {
		show("people", n)
		find("#people span").Set("textContent", n)
		return nil
	})
	client.On(s, board.Pointed, func(_ context.Context, c board.Cursor) error {
		p.cursors.move(c)
		return nil
	})
	client.On(s, board.Left, func(_ context.Context, who int) error {
		p.cursors.remove(who)
		return nil
	})
}

// showState shows whether there is a connection.
func (p *page) showState(state client.State) {
	p.mu.Lock()
	defer p.mu.Unlock()
	name, text := "connecting", "Connecting…"
	switch {
	case state == client.Connected:
		name, text = "connected", "Connected"
	case p.you != 0:
		name, text = "lost", "Offline, drawing is kept"
	}
	show("state", name)
	find("#state").Set("textContent", text)
}

// join asks for the drawing, each time that there is a new connection. What was drawn
// meanwhile has been sent before. Steps that come before the answer wait until it is here.
func (p *page) join() {
	p.mu.Lock()
	p.mine = nil
	p.mu.Unlock()
	it, err := client.Call(p.socket.Context(), p.socket, board.Join, event.None{})
	if err != nil {
		return // the connection is lost again
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.you == 0 {
		p.tools.chooseColor(it.You % len(board.Palette))
	}
	p.you, p.step, p.sheet = it.You, it.Step, board.NewSheet(it.Lines)
	p.cursors.clear()
	p.redraw()
}

// draw draws a line here, and tells the server, at once or when there is a connection
// again.
func (p *page) draw(l board.Line) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := client.Emit(p.socket, board.Draw, l); err != nil {
		log.Print(err) // more than the client keeps
		return
	}
	p.mine = append(p.mine, l)
	p.canvas.draw(l)
	p.count()
}

// drawn is a line that the server has taken: only now all see it in the same order.
func (p *page) drawn(_ context.Context, d board.Drawing) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if d.Step <= p.step {
		return nil
	}
	p.step = d.Step
	if d.By == p.you && len(p.mine) > 0 {
		p.mine = p.mine[1:]
	}
	p.sheet.Add(d.Line)
	p.canvas.draw(d.Line)
	p.count()
	return nil
}

func (p *page) wipe(js.Value) {
	if err := client.Emit(p.socket, board.Wipe, event.None{}); err != nil {
		log.Print(err)
	}
}

func (p *page) wiped(_ context.Context, w board.Wiping) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if w.Step <= p.step {
		return nil
	}
	p.step, p.sheet = w.Step, board.NewSheet(nil)
	p.redraw()
	return nil
}

func (p *page) resized(js.Value) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.canvas.fit()
	p.redraw()
}

// redraw draws everything anew. p.mu is held.
func (p *page) redraw() {
	p.canvas.clear()
	for _, l := range p.sheet.Lines {
		p.canvas.draw(l)
	}
	for _, l := range p.mine {
		p.canvas.draw(l)
	}
	p.count()
}

// count shows how many lines there are to who looks into the page, as a test does.
func (p *page) count() {
	show("lines", len(p.sheet.Lines))
	show("waiting", len(p.mine))
}

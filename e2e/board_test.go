package e2e_test

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// artist is somebody at the page of examples/wasm.
type artist struct {
	*page
	finger bool // draws with a finger, not with a mouse
}

// at is a place on the board, whose sides are 1000 long.
type at struct{ x, y float64 }

// curve returns places on the way between two, on a wave of this height.
func curve(from, to at, height float64) []at {
	var places []at
	for i := range 25 {
		part := float64(i) / 24
		places = append(places, at{
			from.x + (to.x-from.x)*part,
			from.y + (to.y-from.y)*part + height*math.Sin(part*2*math.Pi),
		})
	}
	return places
}

func (a artist) open(url string) {
	a.t.Helper()
	a.do(chromedp.Navigate(url))
	a.until(`document.body.dataset.state === "connected"`)
}

// place returns where a place of the board is in the window.
func (a artist) place(p at) (x, y float64) {
	a.t.Helper()
	box := get(a.page, chromedp.Evaluate[[]float64](`(box => [box.left, box.top, box.width])(document.querySelector("canvas").getBoundingClientRect())`))
	return box[0] + p.x*box[2]/1000, box[1] + p.y*box[2]/1000
}

// draws draws a line through places.
func (a artist) draws(places ...at) {
	a.t.Helper()
	for i, p := range places {
		x, y := a.place(p)
		if a.finger {
			kind := input.DispatchTouchEventTypeTouchMove
			if i == 0 {
				kind = input.DispatchTouchEventTypeTouchStart
			}
			a.touch(kind, &input.TouchPoint{X: x, Y: y})
			continue
		}
		if i == 0 {
			a.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y))
			a.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMousePressed, x, y, chromedp.ButtonLeft, chromedp.ClickCount(1)))
		}
		a.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y, chromedp.ButtonLeft))
		if i == len(places)-1 {
			a.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseReleased, x, y, chromedp.ButtonLeft, chromedp.ClickCount(1)))
		}
	}
	if a.finger {
		a.touch(input.DispatchTouchEventTypeTouchEnd)
	}
}

func (a artist) touch(kind input.DispatchTouchEventType, points ...*input.TouchPoint) {
	a.t.Helper()
	if points == nil {
		points = []*input.TouchPoint{}
	}
	get(a.page, func(ctx context.Context, t *chromedp.Target) (cdp.Empty, error) {
		return cdp.Call(ctx, t, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: points})
	})
}

// chooses chooses a colour and a width by their numbers.
func (a artist) chooses(color, width int) {
	a.t.Helper()
	a.do(chromedp.Click(chromedp.CSS(fmt.Sprintf("#colors :nth-child(%d)", color))),
		chromedp.Click(chromedp.CSS(fmt.Sprintf("#widths :nth-child(%d)", width))))
}

// sees waits until the canvas has a colour at a place; "" is none.
func (a artist) sees(p at, color string) {
	a.t.Helper()
	a.until(fmt.Sprintf(`(canvas => {
		const scale = canvas.width / 1000
		const [red, green, blue, opaque] = canvas.getContext("2d").getImageData(%f * scale, %f * scale, 1, 1).data
		return (opaque < 255 ? "" : "#" + [red, green, blue].map(it => it.toString(16).padStart(2, "0")).join("")) === %q
	})(document.querySelector("canvas"))`, p.x, p.y, color))
}

// counts waits until so many people are shown.
func (a artist) counts(people int) {
	a.t.Helper()
	a.until(fmt.Sprintf(`document.querySelector("#people span").textContent === "%d"`, people))
}

// The colours of the palette, as the page counts them from 1 on.
const (
	ink, red, orange, yellow, green, cyan, blue, pink = 1, 2, 3, 4, 5, 6, 7, 8

	redInk, orangeInk, blueInk = "#e5484d", "#f2820d", "#4f5bd5"
)

// TestBoard plays examples/wasm: a Go program in three pages, two on a desktop and one on
// a phone.
func TestBoard(t *testing.T) {
	t.Parallel()
	browser := startChromium(t)
	path := build(t, "wasm")
	server := start(t, path, "127.0.0.1:0")
	anna := artist{browser.page(t, desktop), false}
	bert := artist{browser.page(t, phone), true}

	anna.open(server.URL)
	anna.counts(1)
	bert.open(server.URL)
	bert.counts(2)
	anna.counts(2)

	t.Log("each sees what the other draws, in the colour that came with the number")
	anna.draws(curve(at{100, 200}, at{900, 200}, 0)...)
	anna.sees(at{500, 200}, redInk)
	bert.sees(at{500, 200}, redInk)
	bert.sees(at{102, 200}, redInk)
	bert.sees(at{898, 200}, redInk)
	bert.until(`document.querySelectorAll("#cursors svg").length === 1`) // where Anna's mouse is
	bert.draws(curve(at{100, 800}, at{900, 800}, 0)...)
	bert.sees(at{500, 800}, orangeInk)
	anna.sees(at{500, 800}, orangeInk)
	anna.sees(at{500, 500}, "")

	t.Log("somebody who comes late gets the picture")
	draw(anna, bert)
	carla := artist{browser.page(t, desktop), false}
	carla.open(server.URL)
	carla.counts(3)
	anna.counts(3)
	for _, a := range []artist{anna, bert, carla} { // what each has is the same
		a.sees(at{500, 200}, redInk)
		a.sees(at{500, 800}, orangeInk)
		a.until(`document.body.dataset.waiting === "0" && document.body.dataset.lines > 20`)
	}
	anna.screenshot("board desktop")
	bert.screenshot("board phone")
	carla.screenshot("board late desktop")

	t.Log("one clears it for all")
	carla.do(chromedp.Click(chromedp.CSS("#wipe")))
	for _, a := range []artist{anna, bert, carla} {
		a.sees(at{500, 200}, "")
		a.until(`document.body.dataset.lines === "0"`)
	}

	t.Log("what is drawn without a connection arrives when the server is back")
	if err := server.interrupt(t); err != nil {
		t.Errorf("the program ended with %v", err)
	}
	for _, a := range []artist{anna, bert, carla} {
		a.until(`document.body.dataset.state === "lost"`)
	}
	anna.chooses(blue, 3)
	anna.draws(curve(at{200, 300}, at{800, 300}, 0)...)
	anna.sees(at{500, 300}, blueInk)
	bert.chooses(orange, 3)
	bert.draws(curve(at{200, 600}, at{800, 600}, 0)...)
	anna.screenshot("board offline desktop")
	bert.screenshot("board offline phone")
	start(t, path, "127.0.0.1:"+server.Port)
	for _, a := range []artist{anna, bert, carla} {
		a.until(`document.body.dataset.state === "connected"`)
		a.sees(at{500, 300}, blueInk)
		a.sees(at{500, 600}, orangeInk)
		a.counts(3)
	}
	carla.close()
	anna.counts(2)
}

// draw has two draw something for the pictures.
func draw(anna, bert artist) {
	anna.chooses(blue, 3)
	anna.draws(curve(at{80, 420}, at{920, 420}, 60)...)
	anna.chooses(cyan, 2)
	anna.draws(curve(at{80, 470}, at{920, 470}, 60)...)
	anna.chooses(green, 2)
	anna.draws(curve(at{80, 520}, at{920, 520}, 60)...)
	bert.chooses(pink, 3)
	bert.draws(curve(at{150, 900}, at{850, 650}, 80)...)
	bert.chooses(yellow, 3)
	bert.draws(at{800, 80}, at{840, 100}, at{830, 140}, at{790, 140}, at{780, 100}, at{800, 80})
	bert.chooses(ink, 1)
	bert.draws(curve(at{150, 100}, at{600, 100}, -40)...)
}

// TestBoardWithoutProgram shows why the page of examples/wasm does not start, if its program
// cannot be built.
func TestBoardWithoutProgram(t *testing.T) {
	path := build(t, "wasm")
	t.Setenv("GOFLAGS", "-mod=nonsense")
	server := start(t, path, "127.0.0.1:0")
	p := startChromium(t).page(t, phone)
	p.do(chromedp.Navigate(server.URL))
	p.until(`document.body.dataset.state === "failed" && document.querySelector("#failure").innerText.includes("nonsense")`)
	p.screenshot("board failure phone")
}

package e2e_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// chatter is somebody at the page of examples/chat.
type chatter struct {
	*page
	sendKey bool // sends with the Enter key, not with the button
}

func (c chatter) enter(url, name, room string) {
	c.t.Helper()
	c.do(chromedp.Navigate(url), chromedp.WaitVisible(chromedp.CSS("#enter")))
	c.do(
		chromedp.SetValue(chromedp.CSS("#enter [name=name]"), name),
		chromedp.SetValue(chromedp.CSS("#enter [name=room]"), room),
	)
	c.until(`document.querySelector("#known-rooms option")`) // connected, that is
	c.do(chromedp.Click(chromedp.CSS("#enter button")))
}

func (c chatter) types(text string) {
	c.t.Helper()
	c.do(chromedp.SendKeys(chromedp.CSS("#say textarea"), text))
}

func (c chatter) clear() {
	c.t.Helper()
	c.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#say textarea").value = ""`))
}

func (c chatter) says(text string) {
	c.t.Helper()
	c.types(text)
	if c.sendKey { // the browser's own would come with a character that the page cannot prevent here
		c.do(chromedp.Evaluate[chromedp.Void](`void document.querySelector("#say textarea").dispatchEvent(
			new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }))`))
	} else {
		c.do(chromedp.Click(chromedp.CSS("#say button")))
	}
	c.until(`document.querySelector("#say textarea").value === ""`)
}

// openMenu opens the list of rooms on a phone, and waits until it is in its place.
func (c chatter) openMenu() {
	c.t.Helper()
	c.do(chromedp.Click(chromedp.CSS("#menu")))
	c.until(`document.querySelector("#side").getBoundingClientRect().left === 0`)
}

// sees waits for the last message.
func (c chatter) sees(text string) {
	c.t.Helper()
	c.until(`[...document.querySelectorAll("#messages .text")].at(-1)?.textContent === ` + strconv.Quote(text))
}

// here waits until the list of people is that.
func (c chatter) here(names string) {
	c.t.Helper()
	c.until(`[...document.querySelectorAll("#people li")].map(li => li.lastChild.textContent).join() === ` + strconv.Quote(names))
}

// said returns the texts of all messages.
func (c chatter) said() string {
	c.t.Helper()
	return get(c.page, chromedp.Evaluate[string](`[...document.querySelectorAll("#messages .text")].map(it => it.textContent).join("|")`))
}

// TestChat plays examples/chat, with one page on a desktop and one on a phone.
func TestChat(t *testing.T) {
	t.Parallel()
	browser := startChromium(t)
	path := build(t, "chat")
	server := start(t, path, "127.0.0.1:0")
	anna := chatter{browser.page(t, desktop), true}
	bert := chatter{browser.page(t, phone), false}

	anna.enter(server.URL, "Anna", "lobby")
	anna.here("Anna")
	anna.says("Good morning! Is anybody here?")
	anna.sees("Good morning! Is anybody here?")

	t.Log("history, and who is here")
	bert.enter(server.URL, "Bert", "lobby")
	bert.sees("Good morning! Is anybody here?")
	bert.here("Anna,Bert")
	anna.here("Anna,Bert")

	t.Log("who is typing")
	const typing = `document.querySelector("#typing").textContent === "Bert is typing…"`
	for deadline := time.Now().Add(patience); !anna.soon(typing, time.Second); bert.types("H") { // a hint that may be lost
		if time.Now().After(deadline) {
			t.Fatal("Anna never sees that Bert is typing")
		}
	}
	bert.clear()
	bert.says("Hello Anna, I am on my phone")
	anna.sees("Hello Anna, I am on my phone")
	bert.sees("Hello Anna, I am on my phone")
	anna.until(`document.querySelector("#typing").textContent === ""`)
	anna.says("How nice 😀 Look at this: 3 < 5 && 5 > 3")
	bert.sees("How nice 😀 Look at this: 3 < 5 && 5 > 3")
	bert.types("I")
	anna.soon(typing, time.Second) // for the picture only
	anna.screenshot("chat desktop")
	bert.screenshot("chat phone")
	bert.clear()

	t.Log("what people write is text")
	bert.says(`<img src=x onerror="alert(1)"><script>alert(2)</script>`)
	anna.sees(`<img src=x onerror="alert(1)"><script>alert(2)</script>`)
	anna.until(`document.querySelectorAll("#messages img, #messages script").length === 0`)

	t.Log("a name is taken")
	other := chatter{browser.page(t, phone), false}
	other.enter(server.URL, "anna", "lobby")
	other.until(`document.querySelector("#notice").textContent.startsWith("Somebody else has this name")`)
	other.screenshot("chat entrance phone")

	t.Log("another room, and news from the first")
	bert.openMenu()
	bert.do(chromedp.Click(chromedp.CSS(`#rooms [data-room=music]`)))
	bert.here("Bert")
	anna.here("Anna")
	bert.until(`document.querySelector("#title").textContent === "music"`)
	if got := bert.said(); got != "" {
		t.Errorf("the other room has %q", got)
	}
	before := anna.said()
	anna.says("Where did you go?")
	bert.until(`document.querySelector("#rooms [data-room=lobby]").classList.contains("news")`)
	if got := bert.said(); got != "" {
		t.Errorf("Bert, in another room, sees %q", got)
	}
	bert.openMenu()
	bert.screenshot("chat rooms phone")

	t.Log("a second tab is the same person, in the same room")
	tab := chatter{bert.tab(desktop), true}
	tab.do(chromedp.Navigate(server.URL))
	tab.until(`document.querySelector("#title").textContent === "music"`)
	tab.here("Bert")
	tab.says("Two tabs, one Bert")
	tab.sees("Two tabs, one Bert")
	bert.sees("Two tabs, one Bert")
	tab.until(`document.querySelector("#count").textContent === "only you" && document.querySelectorAll("#messages .mine").length === 1`)
	bert.until(`document.querySelectorAll("#messages .mine").length === 1`)
	tab.screenshot("chat second tab desktop")
	tab.do(chromedp.Click(chromedp.CSS(`#rooms [data-room=random]`)))
	bert.until(`document.querySelector("#title").textContent === "random"`)
	bert.screenshot("chat first tab phone")
	tab.close()
	bert.here("Bert")

	t.Log("somebody who comes late sees all in order")
	carla := chatter{browser.page(t, desktop), true}
	carla.enter(server.URL, "  Carla ", "lobby")
	carla.here("Anna,Carla")
	if got := carla.said(); got != before+"|Where did you go?" {
		t.Errorf("Carla sees %q", got)
	}

	t.Log("who reads further up stays there")
	for i := range 25 {
		carla.says("message " + strconv.Itoa(i))
	}
	anna.sees("message 24")
	anna.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#scroll").scrollTop = 0`))
	anna.until(`document.querySelector("#scroll").scrollTop === 0`)
	carla.says("the newest")
	anna.until(`document.querySelector("#unread").textContent === "1 new message ↓" && !document.querySelector("#unread").hidden`)
	anna.do(chromedp.Click(chromedp.CSS("#unread")))
	anna.until(`document.querySelector("#unread").hidden`)

	t.Log("after a restart of the server all come back")
	if err := server.interrupt(t); err != nil {
		t.Errorf("the program ended with %v", err)
	}
	anna.until(`!document.querySelector("#offline").hidden`)
	start(t, path, "127.0.0.1:"+server.Port)
	for _, c := range []chatter{anna, carla} { // the new server remembers nothing that was said
		c.until(`document.querySelector("#offline").hidden && !document.querySelector("#messages .text")`)
		c.here("Anna,Carla")
	}
	carla.says("here we are again")
	anna.sees("here we are again")
}

// All that touches the page. What people write only ever becomes text nodes.
import { scrollToEnd, watchScroll } from "./scroll.js"

const $ = id => document.getElementById(id)
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" })
const day = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" })
const groupWithin = 5 * 60 * 1000 // messages of one person within this time stand together

let last // the newest message shown
let rooms = []
let current = ""
const news = new Set() // rooms with something new in them
let unseen = 0 // messages that came while the page was hidden

watchScroll($("scroll"), $("unread"))

/* What the person does */

export function onEnter(fn) {
  submit("enter", ({ elements }) => fn(elements.name.value, elements.room.value))
}

export function onRoom(fn) {
  const go = room => {
    openMenu(false)
    if (room !== current) fn(room)
  }
  $("rooms").addEventListener("click", event => {
    const button = event.target.closest("button")
    if (button) go(button.dataset.room)
  })
  submit("new-room", form => {
    if (form.elements.room.value.trim()) go(form.elements.room.value)
    form.reset()
  })
}

// onSay calls fn with the text of a message. If fn does not accept it, it
// comes back, unless something else is being typed already.
export function onSay(fn) {
  const { text } = $("say").elements
  const set = value => {
    text.value = value
    fit(text)
  }
  submit("say", async () => {
    const said = text.value
    if (!said.trim()) return
    set("")
    text.focus()
    if (!await fn(said) && !text.value) set(said)
  })
  text.addEventListener("keydown", event => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return
    event.preventDefault()
    $("say").requestSubmit()
  })
}

// onTyping calls fn with whether something is being typed, at every change.
export function onTyping(fn) {
  const { text } = $("say").elements
  text.addEventListener("input", () => {
    fit(text)
    fn(text.value.trim() !== "")
  })
}

/* What the server tells */

export function showEntrance({ name, room }) {
  const { elements } = $("enter")
  if (name) elements.name.value = name
  if (room) elements.room.value = room
  $("enter").hidden = false
  $("chat").hidden = true
}

export function showRoom({ name, you, history }) {
  $("enter").hidden = true
  $("chat").hidden = false
  $("notice").hidden = true
  const changed = name !== current
  current = name
  news.delete(name)
  $("title").textContent = name
  $("messages").replaceChildren()
  last = undefined
  for (const message of history) append(message, you)
  showRooms(rooms, name)
  scrollToEnd()
  if (changed && matchMedia("(hover: hover)").matches) $("say").elements.text.focus() // no keyboard pops up on a phone
}

export function addMessage(message, me) {
  if (last && message.id <= last.id) return // it was in the history already
  append(message, me)
  if (document.hidden && message.name) document.title = `(${++unseen}) Chat`
}

export function showPeople(people) {
  $("count").textContent = people.length === 1 ? "only you" : `${people.length} here`
  $("people").replaceChildren(...people.map(name => element("li", {}, face(name), element("span", {}, name))))
}

export function showRooms(list, room) {
  rooms = list
  $("known-rooms").replaceChildren(...list.map(({ name }) => element("option", { value: name })))
  $("rooms").replaceChildren(...list.map(({ name, people }) => {
    const button = element("button", { type: "button", className: news.has(name) ? "news" : "" },
      element("span", {}, name), element("span", { className: "size" }, people ? String(people) : ""))
    button.dataset.room = name
    if (name === room) button.setAttribute("aria-current", "true")
    return element("li", {}, button)
  }))
  $("menu").classList.toggle("news", list.some(({ name }) => news.has(name)))
}

export function showActivity(room) {
  if (room === current) return
  news.add(room)
  showRooms(rooms, current)
}

export function showTyping(names) {
  $("typing").textContent =
    names.length === 0 ? "" :
    names.length === 1 ? `${names[0]} is typing…` :
    names.length === 2 ? `${names[0]} and ${names[1]} are typing…` : "Several people are typing…"
}

export function showOnline(online) {
  $("offline").hidden = online
  $("say").querySelector("button").disabled = !online
}

let noticeTimer
export function notice(text) {
  clearTimeout(noticeTimer)
  $("notice").textContent = text
  $("notice").hidden = false
  noticeTimer = setTimeout(() => { $("notice").hidden = true }, 4000)
}

/* How it looks */

function append(message, me) {
  const { name, text, time } = message
  const date = new Date(time)
  if (!last || new Date(last.time).toDateString() !== date.toDateString()) {
    $("messages").append(element("li", { className: "note" }, day.format(date)))
  }
  const more = last?.name && last.name === name && time - last.time < groupWithin
  last = message
  if (!name) {
    $("messages").append(element("li", { className: "note", title: clock.format(date) }, text))
    return
  }
  const when = element("time", { dateTime: date.toISOString() }, clock.format(date))
  $("messages").append(element("li", { className: (name === me ? "mine" : "") + (more ? " more" : "") },
    face(name),
    element("div", { className: "by" }, element("b", {}, name), when),
    element("div", { className: "text", title: clock.format(date) }, text)))
}

function face(name) {
  const initials = name.split(" ").slice(0, 2).map(word => [...word][0]).join("").toUpperCase()
  const it = element("span", { className: "face", ariaHidden: "true" }, initials)
  let hue = 0
  for (const character of name) hue = (hue * 31 + character.codePointAt(0)) % 360
  it.style.setProperty("--hue", hue)
  return it
}

function element(tag, properties, ...children) {
  const it = Object.assign(document.createElement(tag), properties)
  it.append(...children)
  return it
}

function submit(id, fn) {
  $(id).addEventListener("submit", event => {
    event.preventDefault()
    fn(event.target)
  })
}

function fit(text) {
  text.style.height = "auto"
  text.style.height = `${text.scrollHeight + 2}px`
}

function openMenu(open) {
  $("chat").classList.toggle("open", open)
  $("menu").setAttribute("aria-expanded", String(open))
}

$("menu").addEventListener("click", () => openMenu(!$("chat").classList.contains("open")))
$("shade").addEventListener("click", () => openMenu(false))
document.addEventListener("keydown", event => { if (event.key === "Escape") openMenu(false) })
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return
  unseen = 0
  document.title = "Chat"
})

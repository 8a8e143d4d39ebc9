// What the page and the server say to each other. view.js shows it. All tabs
// of a browser share one connection, and one person: the server sees one client.
import { io } from "/socket.io/socket.io.shared.min.js"
import { Typists } from "./typing.js"
import * as view from "./view.js"

const socket = io()

// Who I am. The key lets me, and nobody else, come back under my name.
const me = { name: recall("name"), room: recall("room"), key: recall("key") || newKey() }
let inside = false // the server has let me into the room
let early // what is said while the answer to "enter" is on its way
const typists = new Typists(names => view.showTyping(names))

// Every connection begins outside: after a break the room must be entered
// again, and its history replaces what is shown.
socket.on("connect", () => {
  view.showOnline(true)
  if (me.name && me.room) enter(me.name, me.room)
  else ask("list").then(rooms => view.showRooms(rooms, me.room), error => view.notice(error.message))
})
socket.on("disconnect", () => {
  inside = false
  view.showOnline(false)
})

// Another tab went to another room: this one follows.
socket.on("entered", it => early || show(it))
socket.on("said", message => {
  if (early) return early.push(message)
  typists.set(message.name, false)
  view.addMessage(message, me.name)
})
socket.on("people", people => view.showPeople(people))
socket.on("typing now", ({ name, on }) => typists.set(name, on))
socket.on("rooms", rooms => view.showRooms(rooms, me.room))
socket.on("activity", room => view.showActivity(room))

view.onEnter((name, room) => enter(name, room))
view.onRoom(room => enter(me.name, room))
view.onSay(say)

async function enter(name, room) {
  if (early) return
  early = []
  try {
    show(await ask("enter", { name, room, key: me.key }))
  } catch (error) {
    if (!inside) view.showEntrance(me)
    view.notice(error.message)
  }
  for (const message of early) if (message.room === me.room) view.addMessage(message, me.name)
  early = undefined
}

function show(room) {
  me.name = room.you
  me.room = room.name
  for (const key in me) localStorage.setItem(`chat.${key}`, me[key])
  inside = true
  typists.clear()
  view.showRoom(room)
}

async function say(text) {
  typing(false)
  try {
    await ask("say", text)
    return true
  } catch (error) {
    view.notice(error.message)
    return false // the text stays where it was typed
  }
}

// ask sends an event and returns the server's answer, or throws its refusal.
async function ask(event, ...args) {
  if (!socket.connected) throw new Error("There is no connection at the moment.")
  let answer
  try {
    answer = await socket.timeout(10_000).emitWithAck(event, ...args)
  } catch {
    throw new Error("The server did not answer.")
  }
  if (answer?.error) throw new Error(answer.error.message)
  return answer
}

// Typing is told when it begins, again while it goes on, and when it ends.
let told = 0
let pause
view.onTyping(typing)

function typing(on) {
  clearTimeout(pause)
  if (on) pause = setTimeout(() => typing(false), 3000)
  const now = Date.now()
  if (on ? now - told < 2000 : told === 0) return
  told = on ? now : 0
  if (inside) socket.emit("typing", on)
}

function recall(key) {
  return localStorage.getItem(`chat.${key}`) || ""
}

function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), b => b.toString(16).padStart(2, "0")).join("")
}

if (!me.name || !me.room) view.showEntrance(me)

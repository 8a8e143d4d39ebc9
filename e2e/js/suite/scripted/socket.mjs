// The life of a socket, and what may be sent when.
import { behaviour, connected, equal, never, next, ok } from "../../harness.mjs"
import { begin, script, writable } from "../../script.mjs"

const eager = { reconnection: true, reconnectionDelay: 1, reconnectionDelayMax: 1 }
const lost = t => t.mode === "polling" ? "transport error" : "transport close"

behaviour("socket: the order of things at a connection", async t => {
  const server = await script(t)
  const socket = t.socket("/", { retries: 1, ackTimeout: 20_000 })
  const log = []
  socket.on("early", n => log.push(`early ${n}, ${socket.id}, ${!!socket.recovered}`))
  socket.onAnyOutgoing((...args) => log.push(`out ${args}`))
  socket.on("connect", () => { log.push("connect"); socket.emit("retried", 2) })
  const session = await server.session()
  session.say('42["early",1]', '42["early",2]')
  socket.emit("retried", 1)
  socket.sendBuffer.push({ type: 2, nsp: "/", data: ["buffered"], options: {} })
  await session.grant()
  await connected(socket)
  await session.expect('42["buffered"]', '420["retried",1]')
  session.say('430[]')
  await session.expect('421["retried",2]')
  equal(log, [
    "early 1, socket-session-0, false", "early 2, socket-session-0, false",
    "out buffered", "out retried,1", "connect", "out retried,2",
  ])
})

behaviour("socket: what is emitted before the connection is sent then, in order, before connect listeners", async t => {
  const server = await script(t)
  const socket = t.socket()
  socket.on("connect", () => socket.emit("n", 2))
  socket.emit("n", 0)
  socket.send("one", { 1: 1 })
  equal([socket.connected, socket.disconnected, socket.active, socket.id ?? "none"], [false, true, true, "none"])
  const session = await server.session()
  await session.grant()
  await session.expect('42["n",0]', '42["message","one",{"1":1}]', '42["n",2]')
})

behaviour("socket: what is emitted offline survives disconnections, those by hand too", async t => {
  const { server, socket } = await begin(t)
  socket.disconnect()
  socket.emit("n", 1)
  socket.connect()
  await (await server.session()).next()
  socket.disconnect() // before it is granted
  socket.emit("n", 2)
  socket.connect()
  const session = await server.session()
  await session.grant()
  await session.expect('42["n",1]', '42["n",2]')
})

behaviour("socket: volatile events are dropped while there is no connection", async t => {
  const server = await script(t)
  const socket = t.socket()
  socket.volatile.emit("dropped")
  socket.emit("kept")
  const session = await server.session()
  await session.grant()
  await session.expect('42["kept"]')
  await writable(socket)
  socket.volatile.emit("idle")
  socket.volatile.emit("busy")
  socket.emit("last")
  await session.expect('42["idle"]', '42["last"]')
})

behaviour("socket: reserved names are refused", async t => {
  const { socket } = await begin(t)
  for (const name of ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"]) {
    let message
    try { socket.emit(name) } catch (error) { message = error.message }
    equal(message, `"${name}" is a reserved event name`)
  }
})

behaviour("socket: packets of other namespaces are ignored", async t => {
  const { socket, session } = await begin(t)
  const check = never(socket, "x")
  session.say('42/other,["x"]', '41/other,', '44/other,{"message":"no"}', '42["y"]')
  await next(socket, "y")
  check()
})

behaviour("socket: a refusal: not active, no attempt, connect() tries again", async t => {
  const server = await script(t)
  const socket = t.socket("/", { ...eager, auth: { a: 1 } })
  const session = await server.session()
  await session.expect('40{"a":1}')
  const refused = next(socket, "connect_error")
  session.say('44{"message":"no","data":{"code":7}}')
  const [error] = await refused
  ok(error instanceof Error, "an error")
  equal([error.message, error.data, socket.active, socket.connected], ["no", { code: 7 }, false, false])
  await session.expect("closed")
  socket.auth = { a: 2 }
  socket.connect()
  await (await server.session()).grant({}, '40{"a":2}')
  await connected(socket)
  equal(server.handshakes, 2)
})

behaviour("socket: a grant without an id, of an old server", async t => {
  const server = await script(t)
  const socket = t.socket()
  const session = await server.session()
  await session.expect("40")
  const refused = next(socket, "connect_error")
  session.say("40")
  ok((await refused)[0] instanceof Error, "an error")
  equal([socket.active, socket.connected], [true, false])
})

behaviour("socket: the server takes it out of the namespace", async t => {
  const { server, socket, session } = await begin(t, eager)
  const closed = next(socket, "disconnect")
  session.say("41")
  equal((await closed)[0], "io server disconnect")
  equal([socket.active, socket.connected, socket.id ?? "none"], [false, false, "none"])
  await session.expect("closed") // as the last of it
  socket.connect()
  await (await server.session()).grant()
  await connected(socket)
})

behaviour("socket: disconnect()", async t => {
  const { socket, session } = await begin(t, eager)
  socket.emit("last words")
  const closed = next(socket, "disconnect")
  socket.disconnect()
  equal((await closed)[0], "io client disconnect")
  equal([socket.active, socket.connected, socket.id ?? "none"], [false, false, "none"])
  await session.expect('42["last words"]', "41", "closed")
})

behaviour("socket: disconnect() before the grant tells nobody", async t => {
  const server = await script(t)
  const socket = t.socket()
  const check = never(socket, "disconnect")
  const session = await server.session()
  await session.expect("40")
  socket.disconnect()
  equal(socket.active, false)
  check()
})

behaviour("socket: a lost connection: the reason, with details, and reconnection", async t => {
  const { server, socket, session } = await begin(t, eager)
  const closed = next(socket, "disconnect")
  session.cut()
  const [reason, details] = await closed
  equal([reason, socket.active, socket.connected, socket.id ?? "none"], [lost(t), true, false, "none"])
  if (t.mode === "polling") equal([details.message, details.description], ["xhr poll error", 0])
  else equal([details.description, !!details.context], ["websocket connection closed", true])
  await (await server.session()).grant()
  await connected(socket)
  equal(socket.id, "socket-session-1")
})

behaviour("socket: connect() when connected does nothing", async t => {
  const { socket, session } = await begin(t)
  equal(socket.connect() === socket, true)
  socket.emit("next")
  await session.expect('42["next"]')
})

behaviour("socket: a listener that disconnects ends what is buffered", async t => {
  const server = await script(t)
  const socket = t.socket()
  const seen = []
  socket.on("x", n => { seen.push(n); if (n === 1) socket.disconnect() })
  const session = await server.session()
  await session.grant()
  const closed = next(socket, "disconnect")
  session.say('42["x",1]')
  equal((await closed)[0], "io client disconnect")
  equal(seen, [1])
})

behaviour("socket: listeners added and removed while an event is told", async t => {
  const { socket, session } = await begin(t)
  const log = []
  const second = () => log.push("second")
  const third = () => log.push("third")
  socket.on("x", () => {
    log.push("first")
    socket.off("x", second)
    socket.on("x", third)
  })
  socket.on("x", second)
  socket.once("x", () => log.push("once"))
  session.say('42["x"]')
  await next(socket, "x")
  equal(log, ["first", "second", "once"]) // those there were when it began
  session.say('42["x"]')
  await next(socket, "x")
  equal(log.slice(3), ["first", "third"])
})

behaviour("socket: catch-all listeners, in their order and place", async t => {
  const { socket, session } = await begin(t)
  const log = []
  const removed = () => log.push("removed")
  socket.onAny((...args) => log.push(`b ${args.length}`))
  socket.prependAny(name => log.push(`a ${name}`))
  socket.onAny(removed).offAny(removed)
  socket.on("x", () => log.push("listener"))
  session.say('427["x",1]')
  await next(socket, "x")
  equal(log, ["a x", "b 3", "listener"]) // with the acknowledgement, as the last argument
  equal([socket.listenersAny().length, socket.offAny().listenersAny().length], [2, 0])
  const out = []
  socket.onAnyOutgoing((...args) => out.push(args))
  socket.prependAnyOutgoing(name => out.push(name))
  socket.emit("y", 1)
  await session.expect('42["y",1]')
  equal(out, ["y", ["y", 1]])
  equal([socket.listenersAnyOutgoing().length, socket.offAnyOutgoing().listenersAnyOutgoing().length], [2, 0])
})

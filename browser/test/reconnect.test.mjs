// How lost connections come back.

import assert from "node:assert/strict"
import { client, connect, inEachMode, next, open, record, Script, serve, test } from "./support.mjs"

const soon = { reconnection: true, reconnectionDelay: 10, reconnectionDelayMax: 20 }

inEachMode("after a restart of the server", async (t, options) => {
  const first = await serve(t)
  const socket = await connect(t, first.url, { ...options, ...soon })
  const other = socket.io.socket("/")
  const { id } = socket
  const log = record(socket.io, "close", "reconnect", "open")
  const lost = next(socket, "disconnect")
  const { port } = first.http.address()
  await first.server.close()
  const [reason] = await lost
  assert.ok(["transport close", "transport error"].includes(reason), reason)
  assert.deepEqual([socket.active, socket.connected, socket.id], [true, false, undefined])
  for (let i = 0; i < 100; i++) socket.emit("n", i)
  await next(socket.io, "reconnect_error")
  const second = await serve(t, {}, port)
  const numbers = []
  second.server.on("connection", peer => peer.on("n", n => numbers.push(n)).on("end", ack => ack()))
  await next(socket, "connect")
  await socket.emitWithAck("end")
  assert.deepEqual(numbers, Array.from({ length: 100 }, (_, i) => i))
  assert.notEqual(socket.id, id)
  assert.equal(other, socket)
  const [, attempts] = log.at(-1)
  assert.ok(log[0][0] === "close" && log.at(-2)[0] === "open" && log.at(-1)[0] === "reconnect" && attempts >= 2, JSON.stringify(log))
})

/** Replaces WebSocket by one that fails at once. */
function failing(t) {
  const real = globalThis.WebSocket
  globalThis.WebSocket = class {
    constructor() {
      queueMicrotask(() => this.onerror({ type: "error" }))
    }
    close() {}
  }
  t.after(() => (globalThis.WebSocket = real))
}

/** Lets what waits for microtasks happen. */
const settle = async () => {
  for (let i = 0; i < 10; i++) await undefined
}

test("the events of failed attempts, in their order, and their number", async t => {
  failing(t)
  const socket = open(t, "http://nowhere.test", { ...soon, transports: ["websocket"], reconnectionAttempts: 2 })
  const log = record(socket.io, "error", "reconnect_attempt", "reconnect_error", "reconnect_failed", "reconnect")
  socket.on("connect_error", error => log.push(["connect_error", error]))
  await next(socket.io, "reconnect_failed")
  await settle()
  const names = log.map(([name, value]) => (typeof value === "number" ? name + " " + value : name))
  const failure = ["connect_error", "error"] // the socket listens before us
  assert.deepEqual(names, [
    ...failure, "reconnect_attempt 1", ...failure, "reconnect_error", "reconnect_attempt 2", ...failure, "reconnect_failed", "reconnect_error",
  ])
  const [, error] = log[1]
  assert.deepEqual([error.message, error.type, error.description.type, socket.active], ["websocket error", "TransportError", "error", true])
})

test("the delays: doubled, with jitter, capped", async t => {
  failing(t)
  const delays = random => {
    const waits = []
    t.mock.method(Math, "random", () => random)
    t.mock.method(globalThis, "setTimeout", (fn, ms) => {
      if (ms !== 20000) waits.push(ms) // the limit of an attempt
      if (waits.length < 5 && ms !== 20000) queueMicrotask(fn)
    })
    const socket = open(t, "http://nowhere.test", { reconnection: true, transports: ["websocket"] })
    return settle().then(settle).then(settle).then(() => {
      socket.disconnect()
      t.mock.restoreAll()
      return waits
    })
  }
  assert.deepEqual(await delays(0.15), [1075, 2150, 4300, 5000, 5000]) // floor(10r) odd: added, and the cap comes last
  assert.deepEqual(await delays(0.8), [600, 1200, 2400, 4800, 5000])
  assert.deepEqual(await delays(0), [1000, 2000, 4000, 5000, 5000])
})

test("the settings of a manager", t => {
  const manager = new client.Manager("http://x.test", { autoConnect: false, reconnectionDelay: 5, timeout: false })
  const names = ["reconnection", "reconnectionAttempts", "reconnectionDelay", "reconnectionDelayMax", "randomizationFactor", "timeout"]
  assert.deepEqual(names.map(name => manager[name]()), [true, Infinity, 5, 5000, 0.5, false])
  for (const [i, value] of [false, 3, 10, 20, 0, 100].entries()) assert.equal(manager[names[i]](value), manager)
  assert.deepEqual(names.map(name => manager[name]()), [false, 3, 10, 20, 0, 100])
})

test("a manager without sockets", async t => {
  const { url } = await serve(t)
  const manager = new client.Manager(url, { autoConnect: false })
  await new Promise((resolve, reject) => manager.open(error => (error ? reject(error) : resolve())))
  const closed = next(manager, "close")
  manager.close()
  assert.equal((await closed)[0], "forced close")
  const refused = new client.Manager("http://127.0.0.1:1", { autoConnect: false })
  const log = record(refused, "reconnect_attempt")
  const error = await new Promise(resolve => refused.connect(resolve))
  assert.deepEqual([error.message, error.description, log], ["xhr poll error", 0, []])
})

test("an attempt that takes too long", async t => {
  const script = new Script()
  const url = await script.start(t)
  script.http.removeAllListeners("request") // no answer to anything
  const socket = open(t, url, { timeout: 20 })
  assert.equal((await next(socket, "connect_error"))[0].message, "timeout")
})

test("disconnect() ends the attempts", async t => {
  failing(t)
  const socket = open(t, "http://nowhere.test", { ...soon, transports: ["websocket"] })
  await next(socket.io, "reconnect_attempt")
  const log = record(socket.io, "reconnect_attempt")
  socket.disconnect()
  await new Promise(resolve => setTimeout(resolve, 60)) // three times the longest delay
  assert.deepEqual([log, socket.active], [[], false])
})

test("connect() within the disconnect event", async t => {
  const { server, url } = await serve(t)
  const socket = await connect(t, url, soon)
  socket.once("disconnect", () => socket.connect())
  socket.io.engine.close()
  await next(socket, "connect")
  assert.equal(server.engine.clientsCount, 1)
})

test("the state of a connection is recovered", async t => {
  const { server, url } = await serve(t, { connectionStateRecovery: {} })
  const peers = []
  server.on("connection", peer => peers.push(peer))
  const socket = await connect(t, url, { ...soon, auth: { token: 1 } })
  peers[0].join("room")
  peers[0].emit("e", 1)
  await next(socket, "e")
  const { id } = socket
  const log = record(socket, "e", "connect")
  const gone = next(peers[0], "disconnect")
  socket.io.engine.close()
  await gone
  server.to("room").emit("e", 2)
  await next(socket, "connect")
  assert.deepEqual(log.map(([name, value]) => [name, value]), [["e", 2], ["connect", undefined]])
  assert.deepEqual([socket.recovered, socket.id, peers[1].recovered, peers[1].handshake.auth.token], [true, id, true, 1])
})

test("events are sent again until they are acknowledged", async t => {
  const { server, url } = await serve(t)
  const heard = []
  server.on("connection", peer => peer.onAny((name, n, ack) => {
    heard.push([name, n])
    if (name === "never" || heard.filter(([, other]) => other === n).length < 3) return
    ack(n)
  }))
  const socket = open(t, url, { retries: 2, ackTimeout: 30, autoConnect: false })
  const results = []
  socket.emit("e", 1, (error, n) => results.push([error, n]))
  socket.emit("never", 2, error => results.push(error.message))
  const last = socket.emitWithAck("e", 3)
  assert.equal(socket.sendBuffer.length, 0, "they wait in their own queue")
  socket.connect()
  assert.equal(await last, 3)
  assert.deepEqual(results, [[null, 1], "operation has timed out"])
  assert.deepEqual(heard, [["e", 1], ["e", 1], ["e", 1], ["never", 2], ["never", 2], ["never", 2], ["e", 3], ["e", 3], ["e", 3]])
})

test("a repeated event survives the connection", async t => {
  const { server, url } = await serve(t)
  const heard = []
  server.on("connection", peer => peer.on("e", (n, ack) => {
    heard.push(n)
    if (heard.length === 1) peer.conn.close()
    else ack("done")
  }))
  const socket = open(t, url, { ...soon, retries: 3, ackTimeout: 60000 })
  assert.equal(await socket.emitWithAck("e", 1), "done")
  assert.deepEqual(heard, [1, 1])
})

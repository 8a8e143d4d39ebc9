// How a socket is, and what waits while it is not connected.

import assert from "node:assert/strict"
import { connect, inEachMode, io, next, open, serve, test } from "./support.mjs"

/** Notes the states, and for each event of the socket the state in it. */
function watch(socket) {
  const log = []
  const end = socket.onState(state => log.push(state))
  for (const event of ["connect", "disconnect", "connect_error"]) socket.on(event, () => log.push(event + ": " + socket.state))
  return { log, end }
}

inEachMode("states of a connection that is lost", async (t, options) => {
  const { server, url } = await serve(t)
  const socket = open(t, url, { ...options, autoConnect: false, reconnection: true, reconnectionDelay: 1, randomizationFactor: 0 })
  const { log, end } = watch(socket)
  assert.equal(socket.state, "disconnected")
  const peer = next(server, "connection")
  socket.connect()
  await next(socket, "connect")
  ;(await peer)[0].conn.close()
  await next(socket, "disconnect")
  await next(socket, "connect")
  socket.disconnect()
  assert.deepEqual(log, [
    "connecting", "connected", "connect: connected",
    "disconnect: reconnecting", "reconnecting", "connected", "connect: connected",
    "disconnect: disconnected", "disconnected",
  ])
  end()
  socket.connect()
  await next(socket, "connect")
  assert.equal(log.filter(line => line === "connected").length, 2)
})

test("states without a server", async t => {
  const options = { reconnectionAttempts: 2, reconnectionDelay: 1, randomizationFactor: 0 }
  const socket = open(t, "http://127.0.0.1:1", { autoConnect: false, reconnection: true, ...options })
  const { log } = watch(socket)
  socket.connect()
  await next(socket.io, "reconnect_failed")
  assert.equal(socket.state, "disconnected")
  await new Promise(setImmediate)
  assert.deepEqual(log, ["connecting", ...Array(3).fill("connect_error: connecting"), "disconnected"])
  const once = open(t, "http://127.0.0.1:1")
  assert.equal(once.state, "connecting")
  await next(once, "connect_error")
  assert.deepEqual([once.state, once.active], ["disconnected", true])
  const called = open(t, "http://127.0.0.1:1", { autoConnect: false, reconnection: true })
  await new Promise(done => called.io.open(done))
  called.connect()
  assert.equal(called.state, "connecting")
})

test("states of namespaces", async t => {
  const { server, url } = await serve(t)
  server.of("/closed").use((_, next) => next(new Error("no")))
  server.of("/open")
  const main = await connect(t, url)
  const refused = main.io.socket("/closed")
  const granted = main.io.socket("/open")
  assert.deepEqual([refused.state, granted.state], ["connecting", "connecting"])
  await Promise.all([next(refused, "connect_error"), next(granted, "connect")])
  assert.deepEqual([refused.state, granted.state], ["disconnected", "connected"])
  server.of("/open").disconnectSockets()
  await next(granted, "disconnect")
  assert.deepEqual([granted.state, main.state], ["disconnected", "connected"])
})

test("reconnection that is given up", async t => {
  const socket = open(t, "http://127.0.0.1:1", { reconnection: true, reconnectionDelay: 1, randomizationFactor: 0 })
  await next(socket, "connect_error")
  const ended = new Promise(done => socket.onState(done))
  socket.io.reconnection(false)
  assert.equal(await ended, "disconnected")
})

test("what waits is bounded", async t => {
  const { server, url } = await serve(t)
  const heard = []
  server.on("connection", peer => peer.onAny((name, ...args) => {
    heard.push(name)
    if (typeof args.at(-1) === "function") args.at(-1)()
  }))
  const socket = open(t, url, { autoConnect: false, maxBuffered: 2 })
  const full = { message: "send buffer is full" }
  socket.emit("one").emit("two")
  assert.throws(() => socket.emit("three"), full)
  assert.throws(() => socket.emit("four", () => assert.fail()), full)
  await assert.rejects(socket.emitWithAck("five"), full)
  let called = false
  const error = new Promise(done => socket.timeout(60_000).emit("six", error => done((called = true, error))))
  assert.equal(called, false)
  assert.equal((await error).message, full.message)
  socket.volatile.emit("seven")
  assert.equal(socket.sendBuffer.length, 2)
  socket.connect()
  await next(socket, "connect")
  await socket.emitWithAck("eight")
  assert.deepEqual(heard, ["one", "two", "eight"])
})

test("by default, ten thousand wait", t => {
  const socket = io("http://127.0.0.1:1", { forceNew: true, autoConnect: false })
  for (let i = 0; i < 10_000; i++) socket.emit("x")
  assert.throws(() => socket.emit("x"), { message: "send buffer is full" })
})

test("what waits for those before it is bounded", async t => {
  const { server, url } = await serve(t)
  const heard = []
  server.on("connection", peer => peer.onAny((name, ack) => {
    heard.push(name)
    ack()
  }))
  const socket = open(t, url, { autoConnect: false, maxBuffered: 2, retries: 1, ackTimeout: 10_000 })
  socket.emit("one").emit("two")
  assert.throws(() => socket.emit("three"), { message: "send buffer is full" })
  const error = await new Promise(done => socket.emit("four", done))
  assert.equal(error.message, "send buffer is full")
  socket.connect()
  await next(socket, "connect")
  while (heard.length < 2) await next(socket.io.engine, "data")
  await socket.emitWithAck("five")
  assert.deepEqual(heard, ["one", "two", "five"])
})

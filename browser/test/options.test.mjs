// Options of the connection: which transports, and how they are used.

import assert from "node:assert/strict"
import { client, connect, inEachMode, io, next, open, record, Script, serve, test } from "./support.mjs"

const { Fetch, Manager, NodeWebSocket, NodeXHR, WebSocket, XHR } = client

test("transports as classes", async t => {
  const { url } = await serve(t)
  assert.deepEqual([XHR, NodeXHR, NodeWebSocket], [Fetch, Fetch, WebSocket])
  for (const [transports, first] of [[[Fetch, WebSocket], "polling"], [[WebSocket], "websocket"], [["websocket", Fetch], "websocket"]]) {
    const socket = open(t, url, { transports })
    assert.equal(socket.io.engine.transport.name, first)
    await next(socket, "connect")
    socket.disconnect()
  }
})

test("a transport of one's own", async t => {
  const { url } = await serve(t)
  let made = 0
  class Counting extends WebSocket {
    constructor(...args) {
      super(...args)
      made++
    }
  }
  await connect(t, url, { transports: [Counting] })
  assert.equal(made, 1)
})

test("no transport that is known", async t => {
  const socket = open(t, "http://127.0.0.1:1", { transports: ["pigeon"], tryAllTransports: true })
  assert.equal((await next(socket, "connect_error"))[0], "No transports available")
})

test("trying all transports", async t => {
  const { url } = await serve(t, { transports: ["polling"] })
  const only = open(t, url, { transports: ["websocket", "polling"] })
  assert.equal((await next(only, "connect_error"))[0].message, "websocket error")
  const all = open(t, url, { transports: ["websocket", "polling"], tryAllTransports: true })
  const log = record(all, "connect_error")
  await next(all, "connect")
  assert.equal(all.io.engine.transport.name, "polling")
  assert.deepEqual(log, [])
})

test("all transports fail", async t => {
  const { url } = await serve(t, { transports: [] })
  const socket = open(t, url, { transports: ["websocket", "polling"], tryAllTransports: true })
  assert.equal((await next(socket, "connect_error"))[0].message, "xhr poll error")
})

test("remembering an upgrade", async t => {
  const { url, server } = await serve(t)
  const first = async options => {
    const socket = open(t, url, { rememberUpgrade: true, ...options })
    const { name } = socket.io.engine.transport
    await next(socket, "connect")
    if (name === "polling" && !options) await next(socket.io.engine, "upgrade")
    socket.disconnect()
    return name
  }
  assert.equal(await first({ transports: ["polling"] }), "polling")
  assert.equal(await first(), "polling")
  assert.equal(await first(), "websocket")
  assert.equal(await first({ rememberUpgrade: false }), "polling")
  const socket = await connect(t, url, { transports: ["websocket"] })
  server.close()
  await next(socket, "disconnect")
  const failing = open(t, url, { transports: ["websocket"] })
  await next(failing, "connect_error")
  const other = await serve(t)
  assert.equal(open(t, other.url, { rememberUpgrade: true }).io.engine.transport.name, "polling")
})

test("options of a transport", async t => {
  const { url, http } = await serve(t)
  const paths = []
  http.prependListener("request", req => paths.push(req.url))
  http.prependListener("upgrade", req => paths.push(req.url))
  const transportOptions = { polling: { timestampParam: "time" }, websocket: { query: { only: "here" } } }
  await connect(t, url, { transports: ["polling", "websocket"], query: { q: "1" }, transportOptions })
  for (const path of paths) {
    const query = new URL(path, url).searchParams
    const ws = query.get("transport") === "websocket"
    assert.deepEqual([query.has("time"), query.get("only"), query.get("q")], ws ? [false, "here", null] : [true, null, "1"])
  }
})

inEachMode("headers", async (t, options) => {
  const { url, http } = await serve(t)
  const seen = new Set()
  const note = req => seen.add(req.headers["x-test"])
  http.prependListener("request", note).prependListener("upgrade", note)
  await connect(t, url, { ...options, extraHeaders: { "X-Test": "yes" } })
  assert.deepEqual([...seen], ["yes"])
})

inEachMode("the path and its slash, the query as a text", async (t, options) => {
  const { url, server } = await serve(t, { path: "/custom", addTrailingSlash: false })
  const peer = next(server, "connection")
  await connect(t, url, { ...options, path: "/custom/", addTrailingSlash: false, query: "a=1&b=2" })
  const { a, b, EIO } = (await peer)[0].handshake.query
  assert.deepEqual([a, b, EIO], ["1", "2", "4"])
})

test("subprotocols", async t => {
  const { url, server } = await serve(t, { handleProtocols: undefined })
  const peer = next(server, "connection")
  await connect(t, url, { transports: ["websocket"], protocols: ["one", "two"] })
  assert.equal((await peer)[0].request.headers["sec-websocket-protocol"], "one,two")
})

test("the address in the options", async t => {
  const { url, server } = await serve(t)
  const { hostname, port } = new URL(url)
  for (const options of [{ hostname, port }, { host: hostname, port: +port }]) {
    const peer = next(server, "connection")
    const manager = new Manager({ ...options, reconnection: false })
    const socket = manager.socket("/")
    t.after(() => socket.disconnect())
    await Promise.all([next(socket, "connect"), peer])
    assert.equal(manager.opts.secure, false)
  }
  assert.equal(new Manager({ hostname: "h", secure: true, autoConnect: false }).opts.port, "443")
})

test("the page is left", async t => {
  const { url, server } = await serve(t)
  const events = new EventTarget()
  globalThis.addEventListener = events.addEventListener.bind(events)
  globalThis.removeEventListener = events.removeEventListener.bind(events)
  t.after(() => {
    delete globalThis.addEventListener
    delete globalThis.removeEventListener
  })
  for (const transports of [["polling"], ["websocket"]]) {
    const peer = next(server, "connection")
    const stays = await connect(t, url, { transports })
    const gone = next((await peer)[0], "disconnect")
    const log = record(stays, "disconnect")
    const own = next(server, "connection")
    const leaves = await connect(t, url, { transports, closeOnBeforeunload: true })
    const left = record(leaves, "disconnect")
    const ended = next((await own)[0], "disconnect")
    events.dispatchEvent(new Event("beforeunload"))
    assert.equal((await ended)[0], "transport close")
    assert.deepEqual([left, log], [[], []])
    events.dispatchEvent(new Event("offline"))
    assert.deepEqual(log, [["disconnect", "transport close", { description: "network connection lost" }]])
    leaves.disconnect()
    await gone
  }
})

test("timers that tests have replaced", async t => {
  const script = new Script()
  const url = await script.start(t)
  const { setTimeout } = globalThis
  t.after(() => (globalThis.setTimeout = setTimeout))
  const delays = []
  globalThis.setTimeout = (fn, ms) => {
    delays.push(ms)
    return setTimeout(fn, ms)
  }
  const native = open(t, url, { transports: ["websocket"], timeout: 12345, useNativeTimers: true })
  assert.equal(delays.includes(12345), false)
  const replaced = open(t, url, { transports: ["websocket"], timeout: 12346 })
  assert.equal(delays.includes(12346), true)
  await Promise.all([next(native.io, "open"), next(replaced.io, "open")])
  const ack = native.timeout(1).emitWithAck("never")
  await assert.rejects(ack, { message: "operation has timed out" })
})

test("why an upgrade failed, and where", async t => {
  const { url, http } = await serve(t)
  http.prependListener("upgrade", (_, socket) => socket.destroy())
  const socket = open(t, url)
  const [error] = await next(socket.io.engine, "upgradeError")
  assert.deepEqual([error.message, error.transport], ["probe error: websocket error", "websocket"])
  if (!socket.connected) await next(socket, "connect")
  assert.equal(socket.io.engine.transport.name, "polling")
})

test("events and callbacks of the engine", async t => {
  const script = new Script()
  const url = await script.start(t)
  const socket = open(t, url, { transports: ["websocket"] })
  const { engine } = socket.io
  const log = record(engine, "packetCreate", "flush", "heartbeat", "ping", "pong")
  await next(engine, "open")
  log.length = 0
  await new Promise(done => engine.write("hello", { compress: false }, done))
  await script.waitFor("4hello")
  assert.deepEqual(log[0], ["packetCreate", { type: "4", data: "hello", options: { compress: false } }])
  assert.equal(log[1][0], "flush")
  log.length = 0
  const pong = next(engine, "pong")
  script.say("2")
  await pong
  assert.deepEqual(log.map(([name]) => name).filter(name => name !== "flush"), ["heartbeat", "packetCreate", "ping", "pong"])
})

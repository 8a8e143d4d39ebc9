// Connections and namespaces: how they begin, are shared, and end.

import assert from "node:assert/strict"
import { client, connect, inEachMode, io, next, open, record, serve, test } from "./support.mjs"

inEachMode("what the server learns", async (t, options, mode) => {
  const { server, url } = await serve(t)
  const peers = []
  server.on("connection", peer => peers.push(peer))
  let calls = 0
  const socket = await connect(t, url + "/?a=b%20c&d=1", { ...options, auth: done => done({ call: ++calls }), extraHeaders: { "X-Test": "yes" }, timestampRequests: true })
  assert.deepEqual([socket.connected, socket.disconnected, socket.active, socket.recovered], [true, false, true, false])
  assert.equal(socket.id, peers[0].id)
  assert.equal(socket.io.engine.id, peers[0].conn.id)
  const { query, auth, headers } = peers[0].handshake
  assert.deepEqual([query.a, query.d, query.EIO, auth, query.t.length > 4], ["b c", "1", "4", { call: 1 }, true])
  if (mode !== "websocket") assert.equal(headers["x-test"], "yes")
  socket.disconnect().connect()
  await next(socket, "connect")
  assert.deepEqual(peers[1].handshake.auth, { call: 2 })
  socket.disconnect()
  socket.auth = { plain: true }
  socket.connect()
  await next(socket, "connect")
  assert.deepEqual(peers[2].handshake.auth, { plain: true })
})

inEachMode("namespaces share a connection", async (t, options) => {
  const { server, url } = await serve(t)
  for (const name of ["/", "/a", "/b"]) {
    server.of(name).on("connection", peer => peer.on("where", ack => ack(name, peer.handshake.auth)))
  }
  const main = await connect(t, url, { ...options, auth: { of: "main" } })
  const a = main.io.socket("/a", { auth: { of: "a" } })
  const b = main.io.socket("/b")
  await Promise.all([next(a, "connect"), next(b, "connect")])
  assert.equal(server.engine.clientsCount, 1)
  const where = socket => new Promise(done => socket.emit("where", (...args) => done(args)))
  assert.deepEqual(await Promise.all([main, a, b].map(where)), [["/", { of: "main" }], ["/a", { of: "a" }], ["/b", {}]])
  const log = record(a, "disconnect")
  a.disconnect()
  assert.deepEqual(log, [["disconnect", "io client disconnect", undefined]])
  assert.deepEqual([a.active, a.id, (await where(b))[0]], [false, undefined, "/b"])
  a.connect()
  await next(a, "connect")
  assert.equal((await where(a))[0], "/a")
  for (const socket of [main, a, b]) socket.disconnect()
  assert.equal(main.io.engine.readyState === "open", false)
})

inEachMode("refusals", async (t, options) => {
  const { server, url } = await serve(t)
  server.of("/closed").use((_, next) => next(Object.assign(new Error("no"), { data: { code: 7 } })))
  const main = await connect(t, url, options)
  const refused = main.io.socket("/closed")
  const [error] = await next(refused, "connect_error")
  assert.ok(error instanceof Error)
  assert.deepEqual([error.message, error.data, refused.active, refused.connected], ["no", { code: 7 }, false, false])
  const [unknown] = await next(main.io.socket("/unknown"), "connect_error")
  assert.deepEqual([unknown.message, unknown.data], ["Invalid namespace", undefined])
  assert.equal(main.connected, true)
})

inEachMode("the server ends it", async (t, options) => {
  const { server, url } = await serve(t)
  const peer = next(server, "connection")
  const socket = await connect(t, url, options)
  const other = socket.io.socket("/")
  assert.equal(other, socket)
  let ended = next(socket, "disconnect")
  ;(await peer)[0].disconnect()
  assert.equal((await ended)[0], "io server disconnect")
  assert.equal(socket.active, false)
  const again = next(server, "connection")
  socket.connect()
  await next(socket, "connect")
  ended = next(socket, "disconnect")
  ;(await again)[0].conn.close()
  assert.equal((await ended)[0], "transport close")
})

inEachMode("the client ends it", async (t, options) => {
  const { server, url } = await serve(t)
  const peer = next(server, "connection")
  const socket = await connect(t, url, options)
  const gone = next((await peer)[0], "disconnect")
  const closed = next((await peer)[0].conn, "close")
  socket.disconnect()
  assert.equal((await gone)[0], "client namespace disconnect")
  assert.equal((await closed)[0], "transport close")
})

test("what waits for the connection, in its order", async t => {
  const { server, url } = await serve(t)
  const heard = []
  server.use((peer, next) => {
    peer.emit("early", "from the middleware")
    next()
  })
  server.on("connection", peer => peer.onAny((...args) => heard.push(args)))
  const socket = open(t, url, { autoConnect: false })
  const log = record(socket, "early", "connect")
  socket.onAnyOutgoing((...args) => log.push(["out", ...args]))
  assert.deepEqual([socket.active, socket.io.engine], [false, undefined])
  socket.emit("one", 1)
  socket.volatile.emit("dropped")
  socket.send("two")
  assert.equal(socket.sendBuffer.length, 2)
  socket.on("connect", () => socket.emit("three"))
  socket.connect()
  await next(socket, "connect")
  await socket.timeout(100).emitWithAck("four").catch(() => {})
  assert.deepEqual(log.slice(0, 4), [["early", "from the middleware"], ["out", "one", 1], ["out", "message", "two"], ["connect"]])
  assert.deepEqual(heard.map(([name]) => name), ["one", "message", "three", "four"])
})

test("volatile events are dropped while something is being written", async t => {
  const { server, url } = await serve(t)
  const heard = []
  server.on("connection", peer => peer.onAny(name => heard.push(name)).on("last", ack => ack()))
  const socket = await connect(t, url, { transports: ["polling"] })
  await socket.emitWithAck("last")
  socket.emit("one")
  socket.volatile.emit("dropped")
  await socket.emitWithAck("last")
  socket.volatile.emit("two")
  await socket.emitWithAck("last")
  assert.deepEqual(heard.filter(name => name !== "last"), ["one", "two"])
})

test("which connections are shared", t => {
  const all = []
  const get = (url, options) => {
    const socket = io(url, { autoConnect: false, ...options })
    all.push(socket)
    return socket.io
  }
  t.after(() => all.forEach(socket => socket.disconnect()))
  const first = get("http://one.test")
  assert.equal(get("http://one.test:80/a"), first)
  assert.equal(get("ws://one.test/b?q=1"), first)
  assert.notEqual(get("http://one.test/"), first, "the namespace is in use")
  assert.notEqual(get("http://one.test/c", { forceNew: true }), first)
  assert.notEqual(get("http://one.test/d", { multiplex: false }), first)
  assert.notEqual(get("http://one.test/e", { path: "/other" }), first)
  assert.notEqual(get("https://one.test/f"), first)
  assert.notEqual(get("http://one.test:81/g"), first)
  assert.equal(get("http://one.test/h"), first)
})

test("addresses", t => {
  const parsed = (url, options) => {
    const { nsp, io: { uri, opts: { hostname, port, secure, query } } } = io(url, { autoConnect: false, forceNew: true, ...options })
    return [uri, secure, hostname, port, nsp, query]
  }
  assert.deepEqual(parsed("http://h"), ["http://h", false, "h", "80", "/", undefined])
  assert.deepEqual(parsed("wss://h/a/b%20c?x=1", { query: { y: 2 } }), ["wss://h/a/b%20c?x=1", true, "h", "443", "/a/b%20c", { x: "1" }])
  assert.deepEqual(parsed("https://[::1]:8080/", { query: { y: 2 } }).slice(1), [true, "[::1]", "8080", "/", { y: 2 }])
  assert.deepEqual(parsed("h:81/a").slice(1), [true, "h", "81", "/a", undefined])
  assert.throws(() => io(), /an address is needed/)

  globalThis.location = new URL("http://page.test:3000/some/where?x=1#y")
  t.after(() => delete globalThis.location)
  assert.deepEqual(parsed(), ["http://page.test:3000", false, "page.test", "3000", "/", undefined])
  assert.deepEqual(parsed({ query: { y: 2 }, autoConnect: false, forceNew: true }).slice(1), [false, "page.test", "3000", "/", { y: 2 }])
  assert.deepEqual(parsed("/ns").slice(1, 5), [false, "page.test", "3000", "/ns"])
  assert.deepEqual(parsed("//h/ns").slice(1, 5), [false, "h", "80", "/ns"])
  assert.deepEqual(parsed("h:81").slice(1, 5), [false, "h", "81", "/"])
})

test("the public names", () => {
  assert.deepEqual(Object.keys(client).sort(), ["Fetch", "Manager", "NodeWebSocket", "NodeXHR", "Socket", "WebSocket", "XHR", "connect", "default", "io", "protocol"])
  const { Manager, Socket } = client
  assert.equal(client.default, io)
  assert.equal(client.connect, io)
  assert.deepEqual([io.Manager, io.Socket, io.protocol], [Manager, Socket, 5])
  assert.equal(typeof io.io, "function")
  assert.equal(typeof io.connect, "function")
})

// Corners in which this client has to do what the official one does.

import assert from "node:assert/strict"
import { client, connect, next, open, serve, test } from "./support.mjs"

test("which acknowledgements take an error", async t => {
  const { server, url } = await serve(t)
  server.on("connection", peer => peer.on("echo", (v, ack) => ack(v)))
  const answers = async (options, get = socket => socket) => {
    const socket = await connect(t, url, { transports: ["websocket"], ...options })
    return new Promise(done => get(socket).emit("echo", 1, (...args) => done(args)))
  }
  assert.deepEqual(await answers({}), [1])
  assert.deepEqual(await answers({ retries: 0 }), [1], "no queue")
  assert.deepEqual(await answers({ retries: 1 }), [null, 1])
  assert.deepEqual(await answers({ retries: 1 }, socket => socket.volatile), [1], "not in the queue")
  assert.deepEqual(await answers({ retries: 1, ackTimeout: 10_000 }, socket => socket.volatile), [null, 1])
  assert.deepEqual(await answers({ ackTimeout: 10_000 }), [null, 1])
  assert.deepEqual(await answers({}, socket => socket.timeout(10_000)), [null, 1])
})

test("volatile events never wait", async t => {
  const { server, url } = await serve(t)
  server.of("/late").use((_, next) => setImmediate(next))
  const main = await connect(t, url, { transports: ["websocket"] })
  const late = main.io.socket("/late")
  late.volatile.emit("dropped").emit("kept")
  assert.deepEqual(late.sendBuffer.map(({ data, nsp, options }) => [data, nsp, options]), [[["kept"], "/late", { compress: true }]])
})

test("send goes through emit", t => {
  const socket = open(t, "http://127.0.0.1:1", { autoConnect: false })
  const calls = []
  socket.emit = (...args) => calls.push(args)
  socket.send("a", 1)
  assert.deepEqual(calls, [["message", "a", 1]])
})

test("the settings of a manager", t => {
  const manager = new client.Manager("http://h", { autoConnect: false })
  const settings = { reconnection: true, reconnectionAttempts: Infinity, reconnectionDelay: 1000, reconnectionDelayMax: 5000, randomizationFactor: 0.5, timeout: 20000 }
  for (const [name, value] of Object.entries(settings)) {
    assert.equal(manager[name](), value, name)
    assert.equal(manager[name](7)[name](), 7, name)
  }
})

test("options changed between two connections", async t => {
  const { server, url } = await serve(t)
  const socket = await connect(t, url, { transports: ["websocket"], query: { n: "1" } })
  socket.disconnect()
  Object.assign(socket.io.opts, { query: { n: "2" }, transports: ["polling"] })
  const peer = next(server, "connection")
  socket.connect()
  await next(socket, "connect")
  assert.deepEqual([(await peer)[0].handshake.query.n, socket.io.engine.transport.name], ["2", "polling"])
})

test("a callback for one attempt", async t => {
  const { url } = await serve(t)
  const manager = new client.Manager(url, { autoConnect: false })
  assert.equal(await new Promise(done => manager.open(done)), undefined)
  manager.close()
  const failing = new client.Manager("http://127.0.0.1:1", { autoConnect: false, reconnectionDelay: 1 })
  const attempts = []
  failing.on("reconnect_attempt", n => attempts.push(n))
  assert.equal((await new Promise(done => failing.connect(done))).message, "xhr poll error")
  assert.equal(await new Promise(done => failing.connect(done)).then(error => error.type), "TransportError")
  assert.deepEqual(attempts, [])
})

// The connection below: heartbeat, errors, batches, closing.
import { behaviour, connected, equal, never, next, ok } from "../../harness.mjs"
import { begin, script } from "../../script.mjs"

const eager = { reconnection: true, reconnectionDelay: 1, reconnectionDelayMax: 1 }

behaviour("engine: pings are answered", async t => {
  const { session } = await begin(t)
  for (let i = 0; i < 3; i++) {
    session.say("2")
    await session.expect("3")
  }
})

behaviour("engine: a server that does not ping is given up", async t => {
  const { server, socket } = await begin(t, eager, { pingInterval: 200, pingTimeout: 200 })
  equal((await next(socket, "disconnect"))[0], "ping timeout")
  await (await server.session()).grant()
  await connected(socket)
})

behaviour("engine: a late timer is noticed when something is emitted, which is sent later", async t => {
  const { server, socket } = await begin(t, eager)
  const { now } = Date
  t.ends.push(() => { Date.now = now })
  Date.now = () => now() + 45_001
  const closed = next(socket, "disconnect")
  socket.emit("kept")
  equal((await closed)[0], "ping timeout")
  Date.now = now
  const session = await server.session()
  await session.grant()
  await session.expect('42["kept"]')
})

for (const packet of ["9", "b!"]) {
  behaviour(`engine: a packet that is none (${packet})`, async t => {
    const { socket, session } = await begin(t, eager)
    const closed = next(socket, "disconnect")
    session.say(packet)
    const [reason, error] = await closed
    equal([reason, error?.message], ["transport error", "server error"])
  }, { only: ({ library }) => packet === "9" || library === "ours" }) // the official one decodes any base64 in Node
}

behaviour("engine: noop and pong are ignored", async t => {
  const { socket, session } = await begin(t)
  session.say("6", "3", '42["x"]')
  await next(socket, "x")
  ok(socket.connected, "connected")
})

behaviour("engine: the server's word that it closes", async t => {
  const { socket, session } = await begin(t)
  const closed = next(socket, "disconnect")
  session.say("1")
  const [reason, details] = await closed
  equal([reason, details?.description], ["transport close", "transport closed by the server"])
}, { only: ({ mode }) => mode === "polling" })

behaviour("engine: a handshake that is refused", async t => {
  const server = await script(t)
  server.refuse = () => 403
  const [error] = await next(t.socket(), "connect_error")
  equal([error.type, error.message], ["TransportError", t.mode === "websocket" ? "websocket error" : "xhr poll error"])
  if (t.mode === "websocket") return ok(error.description, "the event")
  equal(error.description, 403)
  ok(error.context, "a context")
})

behaviour("engine: a poll that is refused", async t => {
  const { socket, server, session } = await begin(t)
  const closed = next(socket, "disconnect")
  session.status = 400
  session.say("6")
  const [reason, error] = await closed
  equal([reason, error.message, error.description], ["transport error", "xhr poll error", 400])
  equal(server.handshakes, 1)
}, { only: ({ mode }) => mode === "polling" })

behaviour("engine: a POST that is refused", async t => {
  const { server, socket } = await begin(t)
  server.onPost = response => response.writeHead(413).end("too large")
  const closed = next(socket, "disconnect")
  socket.emit("x")
  const [reason, error] = await closed
  equal([reason, error.message, error.description], ["transport error", "xhr post error", 413])
}, { only: ({ mode }) => mode === "polling" })

behaviour("engine: a request that takes too long", async t => {
  const server = await script(t)
  server.refuse = () => 0
  const [error] = await next(t.socket("/", { requestTimeout: 20 }), "connect_error")
  equal(error.message, "xhr poll error")
}, { only: ({ mode, library }) => mode === "polling" && library === "ours" }) // the official one's requests in Node have none

behaviour("engine: POSTs keep within the server's limit", async t => {
  const { socket, session } = await begin(t, {}, { maxPayload: 100 })
  const text = n => "x".repeat(n - '2["x",""]'.length)
  session.posts.length = 0
  socket.emit("first") // what follows waits for it
  for (const n of [30, 30, 35, 30, 150, 30]) socket.emit("x", text(n))
  for (let i = 0; i < 7; i++) await session.next()
  equal(session.posts.map(body => body.split("\x1e").length), [1, 3, 1, 1, 1])
  equal(session.posts[1].length, 100)
}, { only: ({ mode }) => mode === "polling" })

behaviour("engine: the limit is one of bytes", async t => {
  const { socket, session } = await begin(t, {}, { maxPayload: 100 })
  session.posts.length = 0
  socket.emit("first")
  for (let i = 0; i < 3; i++) socket.emit("x", "é".repeat(20)) // 49 bytes each
  for (let i = 0; i < 4; i++) await session.next()
  equal(session.posts.map(body => body.split("\x1e").length), [1, 1, 1, 1])
}, { only: ({ mode }) => mode === "polling" })

behaviour("engine: a listener that closes drops the rest of the payload", async t => {
  const { socket, session } = await begin(t)
  const check = never(socket, "y")
  socket.on("x", () => socket.disconnect())
  const closed = next(socket, "disconnect")
  session.say('42["x"]', '42["y"]')
  await closed
  await session.expect("41", "closed")
  check()
})

behaviour("engine: close() sends first what is buffered", async t => {
  const { socket, session } = await begin(t)
  for (let i = 0; i < 5; i++) socket.emit("x", i)
  const closed = next(socket, "disconnect")
  socket.io.engine.close()
  for (let i = 0; i < 5; i++) await session.expect(`42["x",${i}]`)
  await session.expect("closed")
  equal((await closed)[0], "forced close")
})

behaviour("engine: its events", async t => {
  const server = await script(t)
  const socket = t.socket()
  const { engine } = socket.io
  const log = []
  for (const name of ["handshake", "open", "flush", "drain", "close"]) engine.on(name, () => log.push(name))
  const [handshake] = await next(engine, "handshake")
  equal([handshake.sid, handshake.maxPayload], ["session-0", 1_000_000])
  const session = await server.session()
  await session.grant()
  await connected(socket)
  equal([engine.id, engine.readyState], ["session-0", "open"])
  const message = next(engine, "message")
  session.say('42["x"]')
  equal(await message, ['2["x"]'])
  socket.disconnect()
  await session.expect("41", "closed")
  for (const name of ["open", "flush", "drain"]) ok(log.includes(name), name)
  equal([log[0], log.at(-1)], ["handshake", "close"])
}, { only: ({ mode }) => mode !== "upgrade" })

behaviour("engine: no transport that is known", async t => {
  await script(t)
  const [error] = await next(t.socket("/", { transports: [] }), "connect_error")
  equal(String(error?.message ?? error), "No transports available")
})

behaviour("engine: another transport is tried, if all may be", async t => {
  const server = await script(t)
  server.refuse = request => request.headers.upgrade ? undefined : 500
  const socket = t.socket("/", { tryAllTransports: true })
  const done = connected(socket)
  const session = await Promise.race([server.session(), done])
  await session.grant()
  await done
  equal(socket.io.engine.transport.name, "websocket")
}, { only: ({ mode }) => mode === "upgrade" })

behaviour("engine: no other transport is tried if nothing is said", async t => {
  const server = await script(t)
  server.refuse = request => request.headers.upgrade ? undefined : 500
  await next(t.socket(), "connect_error")
  equal(server.requests.map(([method]) => method), ["GET"])
}, { only: ({ mode }) => mode === "upgrade" })

import { behaviour, connected, equal, next, ok, since } from "../harness.mjs"

behaviour("connect: the socket has an id, and the transport of the mode", async t => {
  const socket = await t.connect()
  ok(socket.connected, "connected")
  ok(/^[\w-]{20}$/.test(socket.id), `id ${socket.id}`)
  ok(socket.id !== socket.io.engine.id, "the id is not that of the session")
  equal(socket.io.engine.transport.name, t.mode === "polling" ? "polling" : "websocket")
  const me = await socket.emitWithAck("whoami")
  equal([me.id, me.transport, me.namespace], [socket.id, socket.io.engine.transport.name, "/"])
}, { only: since(3) })

behaviour("connect: ids differ", async t => {
  const ids = new Set()
  for (let i = 0; i < 3; i++) ids.add((await t.connect()).id) // browsers open few connections to a server
  equal(ids.size, 3)
})

behaviour("connect: auth as an object", async t => {
  const socket = t.socket("/", { auth: { token: "abc", deep: { list: [1, null, true] } } })
  equal(await next(socket, "auth"), [{ token: "abc", deep: { list: [1, null, true] } }])
}, { only: since(3) })

behaviour("connect: auth as a function", async t => {
  const socket = t.socket("/", { auth: give => setTimeout(() => give({ token: "late" }), 5) })
  equal(await next(socket, "auth"), [{ token: "late" }])
}, { only: since(3) })

behaviour("connect: no auth is an empty object", async t => {
  equal(await next(t.socket(), "auth"), [{}])
})

behaviour("connect: auth anew, for a server of ours", async t => {
  let token = 0
  const socket = await t.connect("/", { auth: give => give({ token: ++token }) })
  if (t.library !== "ours") socket.on("socket.io:auth", answer => answer({ token: ++token }))
  equal(await socket.emitWithAck("refresh auth"), { token: 2 })
  equal((await socket.emitWithAck("whoami")).auth, { token: 2 })
}, { only: world => world.server === "ours" && since(4)(world) })

behaviour("connect: query", async t => {
  const socket = await t.connect("/", { query: { from: "hé & so=1" } })
  equal((await socket.emitWithAck("whoami")).query, "hé & so=1")
})

behaviour("connect: extra headers", async t => {
  const socket = await t.connect("/", { extraHeaders: { "X-From": "a test" } })
  equal((await socket.emitWithAck("whoami")).header, "a test")
}, { only: ({ where }) => where === "node" })

behaviour("connect: again after leaving, with a new id", async t => {
  const socket = await t.connect()
  const first = socket.id
  socket.disconnect()
  socket.connect()
  await connected(socket)
  ok(socket.id !== first, "a new id")
  equal(await socket.emitWithAck("message-with-ack", "again"), "again")
}, { only: since(4) })

behaviour("connect: the handshake tells the defaults", async t => {
  const handshake = next(t.socket("/", { autoConnect: false }).connect().io.engine, "handshake")
  const [{ sid, upgrades, pingInterval, pingTimeout, maxPayload }] = await handshake
  ok(/^[\w-]{20}$/.test(sid), `sid ${sid}`)
  equal(upgrades, t.mode === "websocket" ? [] : ["websocket"])
  equal([pingInterval, pingTimeout, maxPayload], [25000, 20000, 5_000_000])
})

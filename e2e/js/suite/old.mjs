// What is different for clients of Socket.IO 2.
import { behaviour, connected, equal, next } from "../harness.mjs"

const old = { only: ({ generation }) => generation === 2 }

// join adds a namespace to the connection of a socket.
function join(t, main, namespace, query) {
  const socket = main.io.socket(namespace, { query })
  t.sockets.push(socket)
  return socket
}

behaviour("old: ids are those of the connection", async t => {
  const main = await t.connect()
  const custom = join(t, main, "/custom")
  await connected(custom)
  const { id } = main.io.engine
  equal([main.id, custom.id], [id, `/custom#${id}`])
  const me = await main.emitWithAck("whoami")
  equal([me.id, me.transport, me.namespace], [id, main.io.engine.transport.name, "/"])
}, old)

behaviour("old: the query of a namespace is its auth", async t => {
  const main = await t.connect("/", { query: { from: "main" } })
  const me = await main.emitWithAck("whoami")
  equal([me.query, me.auth], ["main", {}])
  const custom = join(t, main, "/custom", { token: "a b&c=d,é", empty: "" })
  equal(await next(custom, "auth"), [{ token: "a b&c=d,é", empty: "" }])
  const admin = join(t, main, "/admin", "token=1&token=123") // the last one counts
  equal(await next(admin, "auth"), [{ token: "123" }])
}, old)

behaviour("old: the query of the connection is that of its namespace, too", async t => {
  const custom = t.socket("/custom", { query: { token: "abc" } })
  equal(await next(custom, "auth"), [{ token: "abc" }])
}, old)

behaviour("old: an unknown namespace is refused, the connection stays", async t => {
  const main = await t.connect()
  const nowhere = join(t, main, "/nowhere", { token: "1" })
  equal(await next(nowhere, "error"), [{ message: "Invalid namespace" }])
  equal(nowhere.connected, false)
  equal(await main.emitWithAck("message-with-ack", 1), 1)
}, old)

behaviour("old: a middleware refuses with data, and lets in at the second try", async t => {
  const main = await t.connect()
  const admin = join(t, main, "/admin", { token: "wrong" })
  equal(await next(admin, "error"), [{ code: 42, retry: false }])
  equal(admin.connected, false)
  admin.query = { token: "123" }
  admin.connect()
  equal(await next(admin, "auth"), [{ token: "123" }])
  equal(await admin.emitWithAck("message-with-ack", "in"), "in")
}, old)

behaviour("old: a namespace is left and joined again", async t => {
  const main = await t.connect()
  const custom = join(t, main, "/custom", { token: "1" })
  for (let i = 0; i < 3; i++) {
    equal(await next(custom, "auth"), [{ token: "1" }])
    equal(await custom.emitWithAck("message-with-ack", new Uint8Array([i])), new Uint8Array([i]))
    custom.disconnect()
    equal(await main.emitWithAck("message-with-ack", i), i) // the official server takes it for a second CONNECT otherwise
    custom.connect()
  }
}, old)

behaviour("old: the server takes the client out of the main namespace", async t => {
  const gone = await t.watch()
  const main = await t.connect()
  const custom = join(t, main, "/custom")
  await connected(custom)
  const { id } = main
  const words = next(main, "last words")
  const closed = next(main, "disconnect")
  main.emit("leave me")
  equal(await words, [1])
  equal((await closed)[0], "io server disconnect")
  equal(await gone(id), ["server namespace disconnect", 1, 0])
  equal(await custom.emitWithAck("message-with-ack", 1), 1)
}, old)

behaviour("old: all namespaces of the connection come back", async t => {
  const main = await t.connect("/", { reconnection: true, reconnectionDelay: 20, reconnectionDelayMax: 100 })
  const custom = join(t, main, "/custom", { token: "again" })
  equal(await next(custom, "auth"), [{ token: "again" }])
  const back = Promise.all([next(main, "auth"), next(custom, "auth")])
  await t.restart()
  equal(await back, [[{}], [{ token: "again" }]])
  equal([main.id, custom.id], [main.io.engine.id, `/custom#${main.io.engine.id}`])
}, old)

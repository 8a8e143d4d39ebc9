import { behaviour, connected, equal, never, next, ok, settled, since } from "../harness.mjs"

behaviour("namespaces: each has its own socket and auth", async t => {
  const custom = t.socket("/custom", { auth: { token: "abc" } })
  equal(await next(custom, "auth"), [{ token: "abc" }])
  await connected(custom)
  custom.emit("message", "hello")
  equal(await next(custom, "message-back"), ["hello"])
}, { only: since(3) })

behaviour("namespaces: several over one connection", async t => {
  const main = await t.connect()
  const custom = main.io.socket("/custom")
  t.sockets.push(custom)
  await connected(custom)
  equal(main.io.engine.id, custom.io.engine.id)
  ok(main.id !== custom.id, "ids differ")
  const check = never(main, "message-back")
  custom.emit("message", "for custom")
  equal(await next(custom, "message-back"), ["for custom"])
  check()
  custom.disconnect()
  equal(await main.emitWithAck("message-with-ack", 1), 1)
})

behaviour("namespaces: an unknown one is refused, the connection stays", async t => {
  const main = await t.connect()
  const nowhere = main.io.socket("/nowhere")
  t.sockets.push(nowhere)
  const [error] = await next(nowhere, "connect_error")
  equal(error.message, "Invalid namespace")
  equal(nowhere.connected, false)
  equal(await main.emitWithAck("message-with-ack", 1), 1)
}, { only: since(3) })

behaviour("namespaces: a middleware refuses with data", async t => {
  const admin = t.socket("/admin", { auth: { token: "wrong" } })
  const [error] = await next(admin, "connect_error")
  equal([error.message, error.data], ["Not authorized", { code: 42, retry: false }])
  equal(admin.connected, false)
}, { only: since(3) })

behaviour("namespaces: a middleware lets in, also at the second try", async t => {
  const admin = t.socket("/admin", { auth: {} })
  await next(admin, "connect_error")
  admin.auth = { token: "123" }
  admin.connect()
  equal(await next(admin, "auth"), [{ token: "123" }])
  equal(await admin.emitWithAck("message-with-ack", "in"), "in")
}, { only: since(3) })

behaviour("namespaces: a middleware that waits holds up nobody else", async t => {
  const main = await t.connect()
  const slow = main.io.socket("/slow")
  t.sockets.push(slow)
  equal(await main.emitWithAck("message-with-ack", 1), 1)
  const other = main.io.socket("/custom")
  t.sockets.push(other)
  await connected(other)
  main.emit("release")
  await connected(slow)
})

behaviour("namespaces: events do not cross", async t => {
  const [main, custom] = [await t.connect(), await t.connect("/custom")]
  const check = never(custom, "sent")
  await main.emitWithAck("send", { all: true, value: 1 })
  custom.emit("message")
  await next(custom, "message-back")
  await settled(main)
  check()
})

behaviour("namespaces: made when asked for, by a pattern", async t => {
  const a = await t.connect("/dynamic-1")
  const b = await t.connect("/dynamic-22")
  a.emit("message", "hello")
  equal(await next(a, "message-back"), ["hello"])
  const main = await t.connect()
  const told = [next(a, "told"), next(b, "told")]
  main.emit("tell dynamic")
  equal(await Promise.all(told), [[], []])
  for (const name of ["/dynamic-", "/dynamic-x", "/my/dynamic-1"]) {
    const [error] = await next(t.socket(name), "connect_error")
    equal(error.message, "Invalid namespace", name)
  }
}, { only: since(3) })

behaviour("namespaces: made when asked for, by a function that sees the auth", async t => {
  const socket = await t.connect("/asked-1", { auth: { token: "123" } })
  equal(await socket.emitWithAck("message-with-ack", 1), 1)
  const [error] = await next(t.socket("/asked-2", { auth: { token: "no" } }), "connect_error")
  equal(error.message, "Invalid namespace")
}, { only: since(3) })

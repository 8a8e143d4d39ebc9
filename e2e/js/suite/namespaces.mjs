import { behaviour, connected, equal, never, next, ok, settled } from "../harness.mjs"

behaviour("namespaces: each has its own socket and auth", async t => {
  const custom = t.socket("/custom", { auth: { token: "abc" } })
  equal(await next(custom, "auth"), [{ token: "abc" }])
  await connected(custom)
  custom.emit("message", "hello")
  equal(await next(custom, "message-back"), ["hello"])
})

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
})

behaviour("namespaces: a middleware refuses with data", async t => {
  const admin = t.socket("/admin", { auth: { token: "wrong" } })
  const [error] = await next(admin, "connect_error")
  equal([error.message, error.data], ["Not authorized", { code: 42, retry: false }])
  equal(admin.connected, false)
})

behaviour("namespaces: a middleware lets in, also at the second try", async t => {
  const admin = t.socket("/admin", { auth: {} })
  await next(admin, "connect_error")
  admin.auth = { token: "123" }
  admin.connect()
  equal(await next(admin, "auth"), [{ token: "123" }])
  equal(await admin.emitWithAck("message-with-ack", "in"), "in")
})

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

import { behaviour, connected, equal, next, ok, since, unlessForms } from "../harness.mjs"

behaviour("disconnect: the client leaves the namespace", async t => {
  const gone = await t.watch()
  const socket = await t.connect()
  const keep = socket.io.socket("/custom") // so that the connection stays
  t.sockets.push(keep)
  await connected(keep)
  await socket.emitWithAck("join", ["x"])
  const { id } = socket
  const closed = next(socket, "disconnect")
  socket.disconnect()
  equal((await closed)[0], "io client disconnect")
  equal(await gone(id), ["client namespace disconnect", 2, 0])
  keep.emit("message", 1)
  equal(await next(keep, "message-back"), [1])
})

behaviour("disconnect: the client closes the connection", async t => {
  const gone = await t.watch()
  const socket = await t.connect()
  const { id } = socket
  const closed = next(socket, "disconnect")
  socket.io.engine.close()
  equal((await closed)[0], "forced close")
  equal(await gone(id), ["transport close", 1, 0])
})

behaviour("disconnect: the server takes the client out of the namespace", async t => {
  const gone = await t.watch()
  const socket = await t.connect()
  const keep = socket.io.socket("/custom")
  t.sockets.push(keep)
  await connected(keep)
  const { id } = socket
  const words = next(socket, "last words")
  const closed = next(socket, "disconnect")
  socket.emit("leave me")
  equal(await words, [1])
  equal((await closed)[0], "io server disconnect")
  equal(await gone(id), ["server namespace disconnect", 1, 0])
  equal(socket.active, false)
  keep.emit("message", 1)
  equal(await next(keep, "message-back"), [1])
  socket.connect()
  await connected(socket)
  equal(await socket.emitWithAck("message-with-ack", "back"), "back")
}, { only: since(3) })

behaviour("disconnect: the server closes the connection", async t => {
  const gone = await t.watch()
  const socket = await t.connect()
  const other = socket.io.socket("/custom")
  t.sockets.push(other)
  await connected(other)
  const { id } = socket
  const words = next(socket, "last words")
  const closed = Promise.all([next(socket, "disconnect"), next(other, "disconnect")])
  socket.emit("close me")
  equal(await words, [1])
  equal((await closed).map(([reason]) => reason), ["io server disconnect", "io server disconnect"])
  equal(await gone(id), ["server namespace disconnect", 1, 0])
})

behaviour("disconnect: a payload that is too large", async t => {
  const gone = await t.watch()
  const socket = await t.connect()
  const { id } = socket
  const closed = next(socket, "disconnect")
  socket.emit("message", "x".repeat(5_000_001))
  const [reason] = await closed
  ok(reason === "transport error" || reason === "transport close", reason)
  const [serverReason] = await gone(id)
  ok(serverReason === "transport error" || serverReason === "transport close", serverReason)
}, { only: unlessForms }) // whose answers the client does not see

behaviour("disconnect: an undecodable packet", async t => {
  const gone = await t.watch()
  const socket = await t.connect()
  const { id } = socket
  const closed = next(socket, "disconnect")
  socket.io.engine.send("2[broken")
  const [reason] = await closed
  ok(reason === "transport error" || reason === "transport close", reason)
  equal((await gone(id))[0], "forced close")
})

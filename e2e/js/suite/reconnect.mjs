import { behaviour, equal, next, ok, since } from "../harness.mjs"

const eager = { reconnection: true, reconnectionDelay: 20, reconnectionDelayMax: 100 }

behaviour("reconnect: after a restart of the server", async t => {
  const socket = await t.connect("/", eager)
  const first = socket.id
  const attempts = []
  socket.io.on("reconnect_attempt", n => attempts.push(n))
  const closed = next(socket, "disconnect")
  const opened = next(socket.io, "reconnect")
  const again = next(socket, "connect")
  await t.restart()
  const [reason] = await closed
  ok(reason === "transport close" || reason === "transport error", reason)
  const [attempt] = await opened
  await again
  equal(attempts.at(-1), attempt)
  ok(socket.id !== first, "a new id")
  equal(await socket.emitWithAck("message-with-ack", "back"), "back")
})

behaviour("reconnect: what is emitted meanwhile is sent then, in order", async t => {
  const socket = await t.connect("/", eager)
  const closed = next(socket, "disconnect")
  await t.restart()
  await closed
  for (let n = 0; n < 20; n++) socket.emit("up", n)
  equal(await socket.emitWithAck("log"), Array.from({ length: 20 }, (_, n) => n))
})

behaviour("reconnect: all namespaces of the connection come back", async t => {
  const main = await t.connect("/", eager)
  const custom = main.io.socket("/custom", { auth: { token: "again" } })
  t.sockets.push(custom)
  equal(await next(custom, "auth"), [{ token: "again" }])
  const back = Promise.all([next(main, "auth"), next(custom, "auth")])
  await t.restart()
  equal(await back, [[{}], [{ token: "again" }]])
}, { only: since(3) })

behaviour("reconnect: by hand, after the server has closed the connection", async t => {
  const socket = await t.connect("/", eager)
  const closed = next(socket, "disconnect")
  socket.emit("close me")
  equal((await closed)[0], "io server disconnect")
  ok(!socket.active, "not active")
  socket.connect()
  equal(await socket.emitWithAck("message-with-ack", "back"), "back")
})

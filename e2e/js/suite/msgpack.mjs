import { behaviour, equal, next, ok } from "../harness.mjs"

const packed = { only: ({ parser }) => parser === "msgpack" }

behaviour("msgpack: values that JSON does not have", async t => {
  const socket = await t.connect()
  socket.emit("message", undefined, new Date(1700000000123), [undefined], { a: undefined })
  equal(await next(socket, "message-back"), [null, "2023-11-14T22:13:20.123Z", [null], {}])
  socket.emit("message", NaN, -Infinity)
  const [nan, infinity] = await next(socket, "message-back")
  ok(Number.isNaN(nan) && infinity === -Infinity, `${nan} ${infinity}`)
}, { only: ({ parser, server }) => parser === "msgpack" && server !== "reference" })

behaviour("msgpack: a Date in a typed handler", async t => {
  const socket = await t.connect()
  const at = new Date(-123456789)
  const back = await socket.emitWithAck("tomorrow", at)
  ok(back instanceof Date && back.getTime() === at.getTime() + 86_400_000, back)
}, packed)

behaviour("msgpack: an ArrayBuffer, and more values than attachments may be", async t => {
  const socket = await t.connect()
  const args = [Uint8Array.of(1, 2, 3).buffer, ...Array.from({ length: 30 }, (_, i) => Buffer.alloc(i, i))]
  socket.emit("message", ...args)
  equal(await next(socket, "message-back"), args)
}, packed)

behaviour("msgpack: numbers of all sizes", async t => {
  const socket = await t.connect()
  const sizes = [5, 7, 8, 15, 16, 31, 32, 40, 52].map(n => 2 ** n)
  const args = [0, -0, 0.5, 5e-324, ...sizes.flatMap(n => [n - 1, n, 1 - n, -n, -n - 1])]
  equal(await socket.emitWithAck("message-with-ack", args), args)
}, packed)

behaviour("msgpack: a text in a packet is an error", async t => {
  const socket = await t.connect()
  const closed = next(socket, "disconnect")
  socket.io.engine.send('2["message"]')
  const [reason] = await closed
  ok(reason === "transport close" || reason === "transport error", reason)
}, packed)

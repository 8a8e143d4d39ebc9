import { behaviour, equal, next, ok, unlessForms } from "../harness.mjs"

const some = n => Uint8Array.from({ length: n }, (_, i) => (i * 31 + (i >> 8)) & 0xff)

behaviour("binary: an argument, there and back", async t => {
  const socket = await t.connect()
  socket.emit("message", some(256))
  equal(await next(socket, "message-back"), [some(256)])
})

behaviour("binary: nested, and several", async t => {
  const socket = await t.connect()
  const args = [{ a: some(3), b: [some(1), { c: some(0) }], d: "text" }, 5, some(700)]
  socket.emit("message", ...args)
  equal(await next(socket, "message-back"), args)
})

behaviour("binary: ArrayBuffer and views of a part", async t => {
  const socket = await t.connect()
  const whole = some(100)
  socket.emit("message", whole.buffer, whole.subarray(10, 20), new DataView(whole.buffer, 50, 4), new Uint16Array([1, 258]))
  equal(await next(socket, "message-back"), [whole, whole.slice(10, 20), whole.slice(50, 54), new Uint8Array([1, 0, 2, 1])])
}, { only: ({ parser }) => !parser })

behaviour("binary: in acknowledgements", async t => {
  const socket = await t.connect()
  const got = await new Promise(resolve => socket.emit("message-with-ack", some(10), { x: some(20) }, (...args) => resolve(args)))
  equal(got, [some(10), { x: some(20) }])
})

behaviour("binary: in a typed handler", async t => {
  const socket = await t.connect()
  equal(await socket.emitWithAck("order", { item: "photo", amount: 1, price: 2, photo: some(5) }), { total: 2, photo: some(5) })
})

behaviour("binary: the most attachments that are allowed", async t => {
  const socket = await t.connect()
  const ten = Array.from({ length: 10 }, (_, i) => some(i + 1))
  socket.emit("message", ...ten)
  equal(await next(socket, "message-back"), ten)
})

behaviour("binary: one attachment too many ends the connection", async t => {
  const socket = await t.connect()
  const closed = next(socket, "disconnect")
  socket.emit("message", ...Array.from({ length: 11 }, () => some(1)))
  const [reason] = await closed
  ok(reason === "transport close" || reason === "transport error", reason)
}, { only: ({ parser }) => !parser })

behaviour("binary: 3 MB, there and back", async t => {
  const socket = await t.connect()
  const data = some(3_000_000)
  socket.emit("message", data)
  const [back] = await next(socket, "message-back")
  equal(back, data)
}, { only: unlessForms }) // which that client cannot encode

behaviour("binary: events around it keep their order", async t => {
  const socket = await t.connect()
  const got = []
  const done = new Promise(resolve => socket.on("message-back", value => { got.push(value); if (got.length === 30) resolve() }))
  const sent = Array.from({ length: 30 }, (_, i) => i % 3 === 0 ? some(i) : i)
  for (const value of sent) socket.emit("message", value)
  await done
  equal(got, sent)
})

behaviour("binary: as base64 for a client that wants it so", async t => {
  const socket = await t.connect("/", { forceBase64: true })
  socket.emit("message", some(50))
  equal(await next(socket, "message-back"), [some(50)])
})

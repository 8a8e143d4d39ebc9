import { behaviour, collect, equal, next, numbers, ok, since } from "../harness.mjs"

behaviour("acks: by callback, with all arguments", async t => {
  const socket = await t.connect()
  const got = await new Promise(resolve => socket.emit("message-with-ack", 1, "2", { 3: [true] }, (...args) => resolve(args)))
  equal(got, [1, "2", { 3: [true] }])
})

behaviour("acks: without arguments", async t => {
  const socket = await t.connect()
  equal(await new Promise(resolve => socket.emit("message-with-ack", (...args) => resolve(args))), [])
})

behaviour("acks: emitWithAck", async t => {
  const socket = await t.connect()
  equal(await socket.emitWithAck("message-with-ack", ["é"]), ["é"])
  equal(await socket.timeout(10_000).emitWithAck("message-with-ack", 7), 7)
}, { only: since(4) })

behaviour("acks: a timeout, for an event that nobody acknowledges", async t => {
  const socket = await t.connect()
  const error = await socket.timeout(50).emitWithAck("nobody listens").then(() => undefined, e => e)
  equal(error?.message, "operation has timed out")
  const [late] = await new Promise(resolve => socket.timeout(50).emit("nobody listens", (...args) => resolve(args)))
  equal(late?.message, "operation has timed out")
}, { only: since(4) })

behaviour("acks: 200 at once, each gets its own", async t => {
  const socket = await t.connect()
  equal(await Promise.all(numbers(200).map(i => socket.emitWithAck("message-with-ack", i))), numbers(200))
})

behaviour("acks: the result of a typed handler", async t => {
  const socket = await t.connect()
  equal(await socket.emitWithAck("order", { item: "tea", amount: 3, price: 1.5, photo: null }), { total: 4.5, photo: null })
  const got = await new Promise(resolve => socket.emit("move", 1, 2, "ab", (...args) => resolve(args)))
  equal(got, [2, 1, "ab"])
})

behaviour("acks: the refusal of a typed handler", async t => {
  const socket = await t.connect()
  equal(await socket.emitWithAck("order", { item: "tea", amount: 0 }), { error: { message: "nothing ordered", data: { item: "tea" } } })
})

behaviour("acks: arguments of the wrong type are refused, and the server serves on", async t => {
  const socket = await t.connect()
  const answer = await socket.emitWithAck("order", "no object")
  ok(typeof answer?.error?.message === "string", `refused: ${JSON.stringify(answer)}`)
  equal(await socket.emitWithAck("message-with-ack", 1), 1)
}, { only: ({ server }) => server !== "reference" })

behaviour("acks: the server asks, within a handler of the same client", async t => {
  const socket = await t.connect()
  socket.on("question", (a, b, answer) => answer(b, a))
  const got = await new Promise(resolve => socket.emit("ask me", "x", { y: 1 }, (...args) => resolve(args)))
  equal(got, [{ y: 1 }, "x"])
})

behaviour("acks: the server asks with binary data, and gets some", async t => {
  const socket = await t.connect()
  socket.on("question", (data, answer) => answer(data, new Uint8Array([9]).buffer))
  const got = await new Promise(resolve => socket.emit("ask me", new Uint8Array([1, 2, 3]), (...args) => resolve(args)))
  equal(got, [new Uint8Array([1, 2, 3]), new Uint8Array([9])])
})

behaviour("acks: the server's wait times out, and it serves on", async t => {
  const socket = await t.connect()
  socket.on("question", () => {})
  equal(await socket.emitWithAck("ask me briefly"), "operation has timed out")
  equal(await socket.emitWithAck("message-with-ack", 1), 1)
})

behaviour("acks: what a client answers twice or late harms nobody", async t => {
  const socket = await t.connect()
  let answer
  socket.on("question", fn => { answer = fn })
  equal(await socket.emitWithAck("ask me briefly"), "operation has timed out")
  answer("late")
  answer("twice")
  equal(await socket.emitWithAck("message-with-ack", 1), 1)
})

behaviour("acks: events that come while their handler waits are kept", async t => {
  const socket = await t.connect()
  const back = collect(socket, "message-back", 10)
  let answer
  socket.on("question", (_, fn) => { answer = fn })
  const asked = next(socket, "question")
  const reply = socket.emitWithAck("ask me", 1)
  await asked
  for (const i of numbers(10)) socket.emit("message", i) // they wait for the handler
  answer("now")
  equal(await reply, "now")
  equal(await back, numbers(10))
})

behaviour("acks: on disconnect they are refused", async t => {
  const socket = await t.connect()
  const error = socket.emitWithAck("nobody listens").then(() => undefined, e => e)
  await socket.emitWithAck("message-with-ack", 1)
  socket.disconnect()
  equal((await error)?.message, "socket has been disconnected")
}, { only: since(4) })

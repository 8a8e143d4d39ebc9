import { behaviour, equal, next, ok, settled } from "../harness.mjs"

const answers = (socket, value) => socket.on("question", (asked, answer) => answer(value ?? asked))

behaviour("operations: a broadcast collects the acknowledgements of all", async t => {
  const [a, b, c, d] = [await t.connect(), await t.connect(), await t.connect(), await t.connect()]
  for (const socket of [a, b, c]) await socket.emitWithAck("join", ["x"])
  answers(a)
  answers(b, "b")
  answers(c, new Uint8Array([1, 2]).buffer) // which clients of all generations take for binary
  d.on("question", () => { throw new Error("not asked") })
  const got = await d.emitWithAck("ask all", { rooms: ["x"], ms: 30_000, value: "echo" })
  equal(got.answers.length, 3)
  for (const want of ["echo", "b", new Uint8Array([1, 2])]) {
    const key = JSON.stringify(want)
    ok(got.answers.some(value => { try { equal(value, want); return true } catch { return false } }), `${key} among the answers`)
  }
  equal(got.error, null)
  equal(await d.emitWithAck("ask all", { rooms: ["nobody"], ms: 30_000, value: 1 }), { answers: [], error: null })
})

behaviour("operations: the acknowledgements that came in time", async t => {
  const [a, b] = [await t.connect(), await t.connect()]
  for (const socket of [a, b]) await socket.emitWithAck("join", ["x"])
  answers(a, 1)
  const asked = next(b, "question")
  const got = await a.emitWithAck("ask all", { rooms: ["x"], ms: 500, value: null })
  await asked
  equal(got, { answers: [1], error: "some have not answered" })
})

behaviour("operations: move all sockets of a room", async t => {
  const [a, b, c] = [await t.connect(), await t.connect(), await t.connect()]
  for (const socket of [a, b]) await socket.emitWithAck("join", ["x", "y"])
  equal(await c.emitWithAck("move all", { rooms: ["x"], join: ["z", "w"], leave: ["y"] }), 2)
  for (const socket of [a, b]) {
    equal((await socket.emitWithAck("rooms")).sort(), [socket.id, "w", "x", "z"].sort())
  }
  equal(await c.emitWithAck("rooms"), [c.id])
})

behaviour("operations: disconnect all sockets of a room", async t => {
  const [a, b, c] = [await t.connect(), await t.connect(), await t.connect()]
  for (const socket of [a, b]) await socket.emitWithAck("join", ["x"])
  const gone = [a, b].map(socket => next(socket, "disconnect"))
  c.emit("end all", { rooms: ["x"], close: false })
  for (const end of gone) equal((await end)[0], "io server disconnect")
  await settled(c)
  ok(c.connected, "the others stay")
})

behaviour("operations: close the connections of a room", async t => {
  const [a, b] = [await t.connect(), await t.connect()]
  await a.emitWithAck("join", ["x"])
  const gone = next(a, "disconnect")
  const closed = new Promise(resolve => a.io.engine.once("close", resolve))
  b.emit("end all", { rooms: ["x"], close: true })
  equal((await gone)[0], "io server disconnect")
  await closed
  await settled(b)
})

behaviour("operations: catch-all listeners hear of events both ways", async t => {
  const socket = await t.connect()
  await socket.emitWithAck("spy")
  const back = next(socket, "message-back")
  socket.emit("message", 1)
  socket.emit("nobody listens")
  await back
  await socket.emitWithAck("send", { all: true })
  equal(await new Promise(resolve => socket.emit("spied", (...lists) => resolve(lists))),
    [["message", "nobody listens", "send", "spied"], ["message-back", "sent"]])
})

behaviour("operations: interceptors drop and change events", async t => {
  const socket = await t.connect()
  await socket.emitWithAck("filter")
  socket.emit("forbidden", 1)
  socket.emit("changed", 21)
  socket.emit("once")
  socket.emit("once")
  equal(await socket.emitWithAck("arrived"), ["changed", 42, "once"])
})

import { behaviour, collect, equal, next, numbers, ok, since, unlessForms } from "../harness.mjs"

const values = {
  "nothing": [],
  "null": [null],
  "booleans": [true, false],
  "numbers": [0, -1, 1.5, 5e-324, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, -0.25],
  "strings": ["", "text", "\"quotes\" and \\", "line\nline\r\n\ttab", "\u0000\u001e\u001f", "</script>&<>", "\u2028\u2029"],
  "unicode": ["é", "你好", "🏳️‍🌈 😀", "e\u0301", "\ufeff", "𝕏".repeat(100), "العربية"],
  "arrays": [[], [1, [2, [3, [null]]]], ["a", {}]],
  "objects": [{}, { a: 1, b: { c: [true, { d: "e" }] } }, { "": 0, "ключ": 1, "a.b": 2, "__proto_": 3 }],
  "many arguments": numbers(100),
  "things that look like packets": ["42[\"x\"]", "2", "b4AAA", "51-", { _placeholder: 1 }, { num: 0 }],
}

for (const [name, args] of Object.entries(values)) {
  behaviour(`events: ${name}, there and back`, async t => {
    const socket = await t.connect()
    socket.emit("message", ...args)
    equal(await next(socket, "message-back"), args)
  })
}

behaviour("events: integers beyond 64 bits, there and back", async t => {
  const socket = await t.connect()
  socket.emit("message", 2 ** 64, 1e21)
  equal(await next(socket, "message-back"), [2 ** 64, 1e21])
}, { only: ({ parser }) => !parser }) // which writes them wrongly

behaviour("events: undefined is null", async t => {
  const socket = await t.connect()
  socket.emit("message", undefined, 1, { gone: undefined }, [undefined])
  equal(await next(socket, "message-back"), [null, 1, {}, [null]])
})

behaviour("events: one that nobody listens to is ignored", async t => {
  const socket = await t.connect()
  socket.emit("nobody listens", 1, { a: 1 })
  socket.emit("", 1)
  socket.emit("42", 1)
  equal(await socket.emitWithAck("message-with-ack", "still here"), "still here")
})

behaviour("events: a handler that panics ends only its event", async t => {
  const socket = await t.connect()
  socket.emit("panic")
  equal(await socket.emitWithAck("message-with-ack", "still here"), "still here")
})

behaviour("events: catch-all listeners see what comes and goes", async t => {
  const socket = await t.connect()
  const [incoming, outgoing] = [[], []]
  socket.onAny((...args) => incoming.push(args))
  socket.onAnyOutgoing((...args) => outgoing.push(args))
  socket.emit("message", 1)
  await next(socket, "message-back")
  equal(incoming.filter(([name]) => name !== "auth"), [["message-back", 1]])
  equal(outgoing, [["message", 1]])
}, { only: since(4) })

behaviour("events: without compression", async t => {
  const socket = await t.connect()
  const text = "not compressed ".repeat(500)
  socket.compress(false).emit("message", text)
  equal(await next(socket, "message-back"), [text])
})

behaviour("events: 2 MB of JSON, there and back", async t => {
  const socket = await t.connect()
  const list = numbers(100_000).map(i => ({ i, s: `é${i}` }))
  ok(JSON.stringify(list).length > 2_000_000, "large enough")
  socket.emit("message", list)
  equal(await next(socket, "message-back"), [list])
}, { only: unlessForms }) // as a form it is more than 5 MB

behaviour("events: 200 at once are handled in order", async t => {
  const socket = await t.connect()
  const back = collect(socket, "message-back", 200)
  for (const i of numbers(200)) socket.emit("message", i)
  equal(await back, numbers(200))
})

behaviour("events: volatile ones reach a client that listens", async t => {
  const socket = await t.connect()
  const drops = []
  socket.on("drop", i => drops.push(i))
  const done = next(socket, "done")
  socket.emit("burst", 50)
  await done
  ok(drops.length <= 50, "not more than sent")
  equal(drops, [...new Set(drops)].sort((a, b) => a - b), "in order, each once")
  equal(await socket.emitWithAck("message-with-ack", 1), 1)
})

behaviour("events: volatile ones of the client are dropped while it is offline", async t => {
  const socket = await t.connect()
  socket.disconnect()
  socket.volatile.emit("up", 2)
  socket.emit("up", 3)
  socket.connect()
  equal(await socket.emitWithAck("log"), [3])
}, { only: since(4) })

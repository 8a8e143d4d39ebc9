// Events, acknowledgements and binary data, both ways.

import assert from "node:assert/strict"
import { bytes, collect, connect, inEachMode, next, open, record, serve, test } from "./support.mjs"

async function echo(t, options) {
  const { server, url } = await serve(t)
  server.on("connection", socket => socket.onAny((event, ...args) => {
    const ack = typeof args.at(-1) === "function" ? args.pop() : undefined
    if (ack) ack(...args)
    else socket.emit(event, ...args)
  }))
  return connect(t, url, options)
}

inEachMode("arguments of all kinds, there and back", async (t, options) => {
  const socket = await echo(t, options)
  for (const args of [
    [], [null], [true, false], [0, -1.5, 1e300], ["", "a\nb", "\u001e", "é€😀"], [[1, [2, []]]], [{ a: { b: [null, { c: "d" }] } }],
    ["42[\"x\"]", { _placeholder: false, num: 0 }], [1, "2", { 3: [false] }],
  ]) {
    const answer = next(socket, "echo")
    socket.emit("echo", ...args)
    assert.deepEqual(await answer, args)
  }
})

inEachMode("binary data of all kinds, there and back", async (t, options) => {
  const socket = await echo(t, options)
  const all = Uint8Array.from({ length: 40 }, (_, i) => 250 + i)
  for (const data of [all.buffer, all, all.subarray(3, 9), new DataView(all.buffer, 4, 4), new Blob([all]), Buffer.from("text"), new ArrayBuffer(0)]) {
    const want = data instanceof Blob ? bytes(await data.arrayBuffer()) : bytes(data)
    const nested = { a: [data, "between", { b: data }], date: new Date(0) }
    const answer = next(socket, "echo")
    socket.emit("echo", nested, data)
    const [object, plain] = await answer
    assert.deepEqual([bytes(object.a[0]), object.a[1], bytes(object.a[2].b), object.date], [want, "between", want, "1970-01-01T00:00:00.000Z"])
    assert.deepEqual(bytes(plain), want)
    assert.deepEqual(bytes(await socket.emitWithAck("echo", data)), want)
    assert.equal(nested.a[0], data, "what was sent is as it was")
  }
})

inEachMode("binary data as base64", async (t, options) => {
  const socket = await echo(t, { ...options, forceBase64: true })
  const large = new Uint8Array(100_000).map((_, i) => i)
  const [answer] = await Promise.all([next(socket, "echo"), socket.emit("echo", large)])
  assert.deepEqual(bytes(answer[0]), bytes(large))
})

inEachMode("1000 events each way, in order, while the connection is made", async (t, options, mode) => {
  const { server, url } = await serve(t)
  const numbers = Array.from({ length: 1000 }, (_, i) => i)
  const heard = new Promise(resolve => server.on("connection", async socket => {
    resolve(collect(socket, "up", 1000))
    for (const n of numbers) {
      socket.emit("down", n)
      if (n % 20 === 0) await new Promise(setImmediate)
    }
  }))
  const socket = open(t, url, options)
  const upgraded = mode === "upgrade" && next(socket.io.engine, "upgrade")
  const down = collect(socket, "down", 1000)
  for (const n of numbers) {
    socket.emit("up", n)
    if (n % 20 === 0) await new Promise(setImmediate)
  }
  assert.deepEqual(await heard, numbers)
  assert.deepEqual(await down, numbers)
  await upgraded
})

inEachMode("acknowledgements", async (t, options) => {
  const { server, url } = await serve(t)
  const theirs = new Promise(resolve => server.on("connection", resolve))
  const socket = await connect(t, url, options)
  const peer = await theirs
  peer.on("sum", (a, b, ack) => ack(a + b, "second"))
  peer.on("nothing", ack => ack())
  peer.on("silence", () => {})

  assert.deepEqual(await new Promise(done => socket.emit("sum", 1, 2, (...args) => done(args))), [3, "second"])
  assert.deepEqual(await new Promise(done => socket.timeout(5000).emit("sum", 1, 2, (...args) => done(args))), [null, 3, "second"])
  assert.equal(await socket.emitWithAck("sum", 3, 4), 7)
  assert.equal(await socket.timeout(5000).emitWithAck("sum", 3, 4), 7)
  assert.equal(await socket.emitWithAck("nothing"), undefined)
  const late = { message: "operation has timed out" }
  await assert.rejects(socket.timeout(10).emitWithAck("silence"), late)
  assert.equal((await new Promise(done => socket.timeout(0).emit("silence", done))).message, late.message)

  socket.on("ask", (x, ack) => {
    ack(x, new Uint8Array([1, 2]))
    ack("a second time")
  })
  const [x, data] = await new Promise(done => peer.emit("ask", "q", (...args) => done(args)))
  assert.deepEqual([x, bytes(data)], ["q", [1, 2]])
})

test("acknowledgements at the end of the connection", async t => {
  const { server, url } = await serve(t)
  server.on("connection", socket => socket.on("silence", () => {}))
  const socket = await connect(t, url)
  const log = []
  socket.emit("silence", () => log.push("plain"))
  socket.timeout(60000).emit("silence", error => log.push(error.message))
  const promise = socket.emitWithAck("silence")
  socket.disconnect()
  // It is in the buffer, and its acknowledgement can still come.
  const later = socket.emitWithAck("silence")
  await assert.rejects(promise, { message: "socket has been disconnected" })
  assert.deepEqual(log, ["socket has been disconnected"])
  server.removeAllListeners("connection")
  server.on("connection", peer => peer.on("silence", ack => ack("now")))
  socket.connect()
  assert.equal(await later, "now")
})

test("a timed out event in the buffer is not sent any more", async t => {
  const { server, url } = await serve(t)
  const heard = []
  server.on("connection", socket => socket.onAny((...args) => heard.push(args[0])).on("last", ack => ack()))
  const socket = open(t, url, { autoConnect: false })
  await new Promise(done => socket.timeout(1).emit("late", done))
  socket.emit("soon")
  assert.equal(socket.sendBuffer.length, 1)
  socket.connect()
  await socket.emitWithAck("last")
  assert.deepEqual(heard, ["soon", "last"])
})

test("reserved names are refused", async t => {
  const socket = open(t, "http://127.0.0.1:1", { autoConnect: false })
  for (const name of ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"]) {
    assert.throws(() => socket.emit(name), { message: `"${name}" is a reserved event name` })
  }
  await assert.rejects(socket.emitWithAck("connect"), /reserved/)
})

test("catch-all listeners, in their order and place", async t => {
  const socket = await echo(t)
  const log = []
  const note = name => (...args) => log.push([name, ...args])
  const [off, offOut] = [note("off"), note("offOut")]
  socket.onAny(note("any")).prependAny(note("first")).onAny(off).offAny(off)
  socket.onAnyOutgoing(note("out")).prependAnyOutgoing(note("firstOut")).onAnyOutgoing(offOut).offAnyOutgoing(offOut)
  assert.deepEqual([socket.listenersAny().length, socket.listenersAnyOutgoing().length], [2, 2])
  socket.on("e", note("on"))
  const came = next(socket, "e")
  socket.emit("e", 1)
  await came
  await socket.emitWithAck("e", 2)
  assert.deepEqual(log, [
    ["firstOut", "e", 1], ["out", "e", 1], ["first", "e", 1], ["any", "e", 1], ["on", 1], ["firstOut", "e", 2], ["out", "e", 2],
  ])
  assert.deepEqual([socket.offAny().listenersAny(), socket.offAnyOutgoing().listenersAnyOutgoing()], [[], []])
})

test("listeners: on, once, off and their other names", async t => {
  const socket = await echo(t)
  const log = record(socket, "end")
  const a = () => log.push("a")
  const b = () => log.push("b")
  socket.on("x", a).once("x", b).addEventListener("x", b)
  assert.equal(socket.listeners("x").length, 3)
  const round = async () => {
    socket.emit("x")
    const end = next(socket, "end")
    socket.emit("end")
    await end
  }
  await round()
  socket.removeListener("x", b)
  await round()
  socket.off("x", a)
  assert.equal(socket.hasListeners("x"), false)
  await round()
  assert.deepEqual(log, ["a", "b", "b", ["end"], "a", ["end"], ["end"]])
  socket.once("x", b).off("x", b)
  assert.equal(socket.hasListeners("x"), false)
  socket.removeAllListeners()
  assert.equal(socket.hasListeners("end"), false)
})

test("what a listener throws is reported, and stops nothing else", async t => {
  const socket = await echo(t)
  const thrown = []
  const real = queueMicrotask
  t.mock.method(globalThis, "queueMicrotask", fn => real(() => {
    try {
      fn()
    } catch (error) {
      thrown.push(error.message)
    }
  }))
  socket.on("x", () => { throw new Error("one") })
  socket.onAny(() => { throw new Error("any") })
  const second = next(socket, "x")
  socket.emit("x")
  await second
  await new Promise(done => socket.emit("ack", () => { done(); throw new Error("ack") }))
  await socket.emitWithAck("still there")
  assert.deepEqual(thrown, ["any", "one", "ack"])
})

test("values that JSON treats in its own way", async t => {
  const socket = await echo(t)
  const date = new Date(5)
  const answer = next(socket, "echo")
  socket.emit("echo", undefined, NaN, { u: undefined, f() {} }, date, new Map([[1, 2]]), { toJSON: () => ({ inside: new Uint8Array([7]) }) }, new Uint8Array([8]))
  const got = await answer
  assert.deepEqual(got.slice(0, 5), [null, null, {}, date.toJSON(), {}])
  assert.deepEqual([bytes(got[5].inside), bytes(got[6])], [[7], [8]])
  const cycle = {}
  cycle.cycle = cycle
  assert.throws(() => socket.emit("echo", cycle))
  assert.throws(() => socket.emit("echo", 1n))
  assert.equal(await socket.emitWithAck("still there", 1), 1)
})

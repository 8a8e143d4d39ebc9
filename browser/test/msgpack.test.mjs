// MessagePack: byte for byte what the official parser writes, and all that it and others may write.

import assert from "node:assert/strict"
import { test as plain } from "node:test"
import notepack from "notepack.io/browser/encode.js"
import decodeNotepack from "notepack.io/browser/decode.js"
import official from "socket.io-msgpack-parser"
import { Decoder, Encoder, io } from "../npm/esm/msgpack.js"
import { bytes, inEachMode, next, serve } from "./support.mjs"

const hex = data => Buffer.from(bytes(data)).toString("hex")

/** Encodes a value as the name of an event, of which the bytes before and after are known. */
function encode(value) {
  const [message] = new Encoder().encode({ type: 2, nsp: "/", data: [value] })
  const text = hex(message)
  const [head, tail] = ["83a47479706502a46461746191", "a36e7370a12f"]
  assert.ok(text.startsWith(head) && text.endsWith(tail), text)
  return text.slice(head.length, text.length - tail.length)
}

/** Decodes a value from its bytes. */
function decode(text) {
  let value
  const decoder = new Decoder()
  decoder.on("decoded", packet => { value = packet.data[1] })
  decoder.add(Buffer.from("83a47479706502a46461746192a178" + text + "a36e7370a12f", "hex"))
  return value
}

const numbers = [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x10000, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53, 2 ** 63, 1.5, 5e-324]
const values = [
  ...numbers, ...numbers.map(n => -n - 1), -1, -0x20, -0x21, -0x80, -0x81, -0x8000, -0x8001, -(2 ** 31), -(2 ** 31) - 1,
  NaN, Infinity, -Infinity, null, undefined, true, false,
  "", "a", "é€😀", "x".repeat(31), "x".repeat(32), "x".repeat(255), "x".repeat(256), "x".repeat(65_535), "x".repeat(65_536),
  [], [1, [2, [3]]], Array(15).fill(0), Array(16).fill("a"), Array(65_535).fill(1), Array(65_536).fill(1),
  {}, { a: 1, b: undefined, c: () => 1, d: { e: [null] } }, { ["x".repeat(40)]: 1 },
  Object.fromEntries(Array.from({ length: 16 }, (_, i) => ["k" + i, i])),
  Object.fromEntries(Array.from({ length: 65_536 }, (_, i) => ["k" + i, i])),
  new Date(0), new Date(1e12), new Date(-1e12), new Date(8.64e15), { toJSON: () => ["json"] },
  new ArrayBuffer(0), new ArrayBuffer(255), new ArrayBuffer(256), new ArrayBuffer(65_536), { deep: [Uint8Array.of(1, 2, 3).buffer] },
]

plain("what the official parser writes", () => {
  for (const value of values) assert.equal(encode(value), hex(notepack(value)))
})

plain("there and back", () => {
  for (const value of values) {
    if (value?.toJSON && !(value instanceof Date)) continue
    const want = decodeNotepack(notepack(value))
    assert.deepEqual(decode(encode(value)), want)
  }
})

plain("random values, there and back, as the official parser does", () => {
  let seed = 42
  const random = n => ((seed = (seed * 1103515245 + 12345) % 2 ** 31) >>> 8) % n
  const kinds = [
    () => random(2 ** 20) - 2 ** 19, () => random(1000) / 7, () => "é".repeat(random(50)), () => null, () => undefined, () => !random(2),
    () => new Date(random(2 ** 22) * 1e6), () => Uint8Array.from({ length: random(400) }, () => random(256)).buffer,
    depth => Array.from({ length: random(20) }, () => any(depth + 1)),
    depth => Object.fromEntries(Array.from({ length: random(20) }, (_, i) => ["k" + i, any(depth + 1)])),
  ]
  const any = depth => kinds[random(depth < 4 ? kinds.length : kinds.length - 2)](depth)
  for (let i = 0; i < 2000; i++) {
    const value = any(0)
    const written = encode(value)
    assert.equal(written, hex(notepack(value)))
    assert.deepEqual(decode(written), value)
  }
})

plain("what the official parser does not write, or only in Node", () => {
  const seven = "00".repeat(7)
  for (const [text, want] of [
    ["ca3fc00000", 1.5],
    ["d6ff00000001", new Date(1000)],
    ["d7ff7735940000000001", new Date(1500)],
    ["c70cff1dcd65000000000000000001", new Date(1500)],
    ["c70300010203", Uint8Array.of(1, 2, 3).buffer],
    ["d505aabb", [5, Uint8Array.of(0xaa, 0xbb).buffer]],
    ["d9016a", "j"],
    ["cf" + seven + "05", 5],
    ["d3ffffffffffffff00", -256],
    ["8101c3", { 1: true }],
  ]) assert.deepEqual(decode(text), want, text)
  const evil = decode("81a95f5f70726f746f5f5f81a161" + "01")
  assert.deepEqual(Object.keys(evil), ["__proto__"])
  assert.equal(Object.getPrototypeOf(evil), Object.prototype)
})

plain("typed arrays are binary data", () => {
  assert.equal(encode(Uint8Array.of(0, 1, 2, 3).subarray(1, 3)), "c4020102")
  assert.equal(encode(new DataView(Uint8Array.of(9).buffer)), "c40109")
  assert.equal(encode(Buffer.from([7])), "c40107")
})

plain("integers of more than 64 bits are floats, not zero", () => {
  for (const n of [2 ** 64, 1e300, -1e300, Number.MAX_VALUE]) assert.equal(decode(encode(n)), n)
})

plain("what has no form", () => {
  for (const value of [Symbol("s"), 1n, () => 1, [() => 1], new Blob(["x"])]) assert.throws(() => encode(value), TypeError)
})

plain("messages that are no packets", () => {
  const decoder = new Decoder()
  decoder.on("decoded", () => assert.fail("a packet"))
  const packet = fields => notepack({ type: 2, nsp: "/", data: ["x"], ...fields })
  assert.throws(() => decoder.add("2[]"), { message: "not a binary message" })
  for (const [message, error] of [
    [packet({ type: 5 }), "invalid packet type"], [packet({ type: -1 }), "invalid packet type"], [packet({ type: "2" }), "invalid packet type"],
    [packet({ nsp: 1 }), "invalid namespace"], [packet({ nsp: undefined }), "invalid namespace"],
    [packet({ data: {} }), "invalid payload"], [packet({ data: [{}] }), "invalid payload"], [packet({ data: ["connect"] }), "invalid payload"],
    [packet({ type: 0, data: [] }), "invalid payload"], [packet({ type: 1, data: 1 }), "invalid payload"], [packet({ type: 4 }), "invalid payload"],
    [packet({ id: 1.5 }), "invalid packet id"], [packet({ id: "1" }), "invalid packet id"],
    [notepack(null), "invalid packet type"], [notepack(1), "invalid packet type"],
    [Buffer.from("c0c0", "hex"), "1 trailing bytes"], [Buffer.from("c1", "hex"), "no value begins with c1"],
  ]) assert.throws(() => decoder.add(message), { message: error })
  // Sizes that are not there cost nothing.
  for (const text of ["", "92", "a5aa", "dd7fffffff", "df7fffffff", "c67fffffff", "db7fffffff", "c97fffffff00", "a1ff", "91".repeat(100_000)]) {
    assert.throws(() => decoder.add(Buffer.from(text, "hex")), undefined, text.slice(0, 20))
  }
})

plain("every message that is cut short is an error", () => {
  const decoder = new Decoder()
  const message = Buffer.from(notepack({ type: 2, nsp: "/", data: ["x", 1.5, "é", { a: [1, 300, 70_000, -300] }, new Date(1), new ArrayBuffer(3)], id: 7 }))
  for (let n = 0; n < message.length; n++) assert.throws(() => decoder.add(message.subarray(0, n)))
})

const server = t => serve(t, { parser: official })

inEachMode("with the official server", async (t, options) => {
  const { server: sio, url } = await server(t)
  sio.use((socket, next) => next(socket.handshake.auth.no && Object.assign(new Error("no"), { data: { why: [1] } })))
  sio.on("connection", peer => {
    peer.on("echo", (...args) => args.pop()(...args))
    peer.emit("hello", "you", Buffer.from([1, 2]))
  })
  const open = more => {
    const socket = io(url, { forceNew: true, reconnection: false, ...options, ...more })
    t.after(() => socket.disconnect())
    return socket
  }
  const socket = open()
  const [you, data] = await next(socket, "hello")
  assert.deepEqual([you, bytes(data)], ["you", [1, 2]])
  const sent = [1, "é", null, { list: [true, 2.5] }, new Date(5), Uint8Array.of(3, 4)]
  const back = await new Promise(done => socket.emit("echo", ...sent, (...args) => done(args)))
  assert.deepEqual(bytes(back.pop()), [3, 4])
  assert.deepEqual(back, sent.slice(0, -1))
  const [refusal] = await next(open({ auth: { no: true } }), "connect_error")
  assert.deepEqual([refusal.message, refusal.data], ["no", { why: [1] }])
})

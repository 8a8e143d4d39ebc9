// Prints the vectors that the tests read: what the official parser makes of
// packets, and of bytes that are none. With the packages of e2e/js installed
// (make setup), in this folder's parent:
//
//	node testdata/vectors.mjs packets > testdata/packets.txt
//	node testdata/vectors.mjs invalid > testdata/invalid.txt
import { createRequire } from "node:module"

const require = createRequire(new URL("../../../e2e/js/package.json", import.meta.url))
const { Encoder, Decoder } = require("socket.io-msgpack-parser")
const [CONNECT, DISCONNECT, EVENT, ACK, CONNECT_ERROR] = [0, 1, 2, 3, 4]
const names = ["CONNECT", "DISCONNECT", "EVENT", "ACK", "CONNECT_ERROR"]

const nested = (value, n) => n === 0 ? value : nested([value], n - 1)
const text = n => "x".repeat(n)
const list = n => Array.from({ length: n }, (_, i) => i)
const object = n => Object.fromEntries(list(n).map(i => ["k" + i, i]))
const event = (...args) => ({ type: EVENT, data: ["e", ...args], nsp: "/" })

// Packets with their members in the order that the official server gives them.
const both = [
  { type: CONNECT, nsp: "/" },
  { type: CONNECT, nsp: "/admin" },
  { type: CONNECT, data: { token: "123" }, nsp: "/admin" },
  { type: CONNECT, data: { sid: "oSO0OpakMV_3jnilAAAA" }, nsp: "/" },
  { type: CONNECT_ERROR, data: { message: "Not authorized" }, nsp: "/admin" },
  { type: CONNECT_ERROR, data: "plain", nsp: "/" },
  { type: DISCONNECT, nsp: "/" },
  { type: EVENT, data: ["foo"], id: 12, nsp: "/" },
  { type: EVENT, data: ["a", 1, "2", [true, false, null]], nsp: "/a,b" },
  { id: 0, type: ACK, data: [], nsp: "/" },
  { id: 2 ** 40, type: ACK, data: ["bar", { x: [] }], nsp: "/admin" },
  ...[0, 1, 127, 128, 255, 256, 65535, 65536, 2 ** 32 - 1, 2 ** 32, 2 ** 40, 2 ** 53 - 1, 2 ** 53, 2 ** 63, 1.5, 1e-7,
    0.1, -1, -32, -33, -128, -129, -32768, -32769, -(2 ** 31), -(2 ** 31) - 1, -(2 ** 40), -(2 ** 53), -0.5, -(2 ** 63),
    NaN, Infinity, -Infinity, 5e-324].map(n => event(n)),
  ...["", "é😀\u2028", text(31), text(32), text(255), text(256)].map(s => event(s)),
  ...[0, 1, 255, 256].map(n => event(Buffer.alloc(n, 7))),
  ...[0, 1700000000123, -1, -62135596800000].map(ms => event(new Date(ms))),
  ...[15, 16].map(n => event(list(n))),
  event({ a: { b: [{ c: Buffer.from([1, 2]) }] } }),
  event(nested("deep", 20)),
]

// Packets that Go does not write like that: the order of the members of maps is
// open, and some forms are JavaScript's only.
const inOnly = [
  { type: CONNECT, data: undefined, nsp: "/" },
  { type: DISCONNECT, data: undefined, nsp: "/", options: { compress: true } },
  { nsp: "/", data: ["foo", 1], type: EVENT, id: undefined, options: { compress: false } },
  event(undefined, -0, [undefined], { a: undefined }),
  event(new Uint8Array([1, 2, 3]).buffer, new Uint8Array([4, 5])),
  event(...[15, 16, 70].map(object)),
  event({ type: 1, data: { nsp: 2 }, n: null }),
]

// Bytes, and what the official decoder says to them.
const hex = packet => new Encoder().encode(packet)[0].toString("hex")
const invalid = [
  {}, { nsp: "/" }, { type: 5, nsp: "/" }, { type: -1, nsp: "/" }, { type: 1.5, nsp: "/" }, { type: "2", data: ["a"], nsp: "/" },
  { type: null, nsp: "/" }, { type: EVENT, data: ["a"] }, { type: EVENT, data: ["a"], nsp: 1 }, { type: EVENT, data: ["a"], nsp: null },
  { type: CONNECT, data: [], nsp: "/" }, { type: CONNECT, data: null, nsp: "/" }, { type: CONNECT, data: "x", nsp: "/" },
  { type: CONNECT, data: new Date(0), nsp: "/" }, { type: DISCONNECT, data: null, nsp: "/" }, { type: DISCONNECT, data: {}, nsp: "/" },
  { type: CONNECT_ERROR, nsp: "/" }, { type: CONNECT_ERROR, data: [], nsp: "/" }, { type: CONNECT_ERROR, data: 1, nsp: "/" },
  { type: EVENT, nsp: "/" }, { type: EVENT, data: {}, nsp: "/" }, { type: EVENT, data: "a", nsp: "/" }, { type: ACK, data: null, nsp: "/" },
  { type: EVENT, data: ["a"], id: null, nsp: "/" }, { type: EVENT, data: ["a"], id: 1.5, nsp: "/" }, { type: ACK, data: [], id: "1", nsp: "/" },
  [], 1, "text",
].map(hex)

/** show writes a value as JSON, in which objects with a $ stand for the rest. */
function show(value) {
  if (value === undefined) return null // as Go has it
  if (value instanceof Date) return { $date: value.getTime() }
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return { $bytes: Buffer.from(value).toString("hex") }
  if (Array.isArray(value)) return value.map(show)
  if (typeof value === "number" && !Number.isFinite(value)) return { $number: String(value) }
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined).map(([k, v]) => [k, show(v)]))
  return value
}

function print(direction, packet) {
  const { type, nsp, id = "-", data } = packet
  const [name, ...args] = type === EVENT ? data : type === ACK ? ["", ...data] : data === undefined ? [""] : ["", data]
  console.log([direction, `${names[type]} ${nsp} ${id} ${name}`.trim(), JSON.stringify(show(args)), hex(packet)].join("\t"))
}

if (process.argv[2] === "packets") {
  console.log("# Made by vectors.mjs, tab separated: both directions or only in | type, namespace, id, event | arguments | hex")
  for (const packet of both) print("both", packet)
  for (const packet of inOnly) print("in", packet)
} else {
  console.log("# Made by vectors.mjs, tab separated: the error of the official decoder | hex")
  for (const bytes of invalid) {
    try {
      new Decoder().add(Buffer.from(bytes, "hex"))
      throw new Error(`accepted: ${bytes}`)
    } catch (e) {
      console.log(`${e.message}\t${bytes}`)
    }
  }
}

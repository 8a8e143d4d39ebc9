// The client with the transports of Node.

import assert from "node:assert/strict"
import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { once } from "node:events"
import { Agent, createServer } from "node:http"
import { createServer as createSecure } from "node:https"
import { Server } from "socket.io"
import { io, Manager } from "../npm/esm/node.js"
import { bytes, inEachMode, next, serve, test } from "./support.mjs"
import { authority, client as own, server as theirs } from "./certificates.mjs"

function open(t, url, options) {
  const socket = io(url, { forceNew: true, reconnection: false, ...options })
  t.after(() => socket.disconnect())
  return socket
}

inEachMode("events, binary data, acknowledgements", async (t, options, mode) => {
  const { server, url } = await serve(t, { maxHttpBufferSize: 1e7 })
  server.on("connection", peer => peer.on("echo", (...args) => args.pop()(...args)))
  const socket = open(t, url, options)
  await next(socket, "connect")
  if (mode === "upgrade" && socket.io.engine.transport.name === "polling") await next(socket.io.engine, "upgrade")
  assert.equal(socket.io.engine.transport.name, mode === "polling" ? "polling" : "websocket")
  const echo = (...args) => new Promise(done => socket.emit("echo", ...args, (...back) => done(back)))
  for (const size of [0, 1, 125, 126, 127, 65_535, 65_536, 3_000_000]) {
    const data = new Uint8Array(size).map((_, i) => i * 7)
    const [text, back] = await echo("é".repeat(size / 10), data)
    assert.equal(text.length, Math.floor(size / 10))
    assert.deepEqual(Buffer.from(back), Buffer.from(data))
  }
  const several = await Promise.all(Array.from({ length: 50 }, (_, i) => echo(i, Uint8Array.of(i))))
  assert.deepEqual(several.map(([n, data]) => [n, ...bytes(data)]), Array.from({ length: 50 }, (_, i) => [i, i]))
  const [blob] = await echo(new Blob(["blob"]))
  assert.equal(Buffer.from(blob).toString(), "blob")
})

inEachMode("headers, and cookies that the server sets", async (t, options, mode) => {
  const { server, url } = await serve(t, { cookie: { name: "first", path: "/" } })
  const seen = []
  const set = mode === "websocket" ? "a=1" : ["a=1; Path=/", "b=2; Max-Age=0", "c=3; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60", "bad", "=x", "d=x=y; HttpOnly"]
  server.engine.on("headers", headers => { headers["set-cookie"] = [headers["set-cookie"] ?? [], set].flat() })
  server.engine.use((req, _, next) => {
    seen.push([req.headers.cookie, req.headers["x-own"]])
    next()
  })
  const socket = open(t, url, { ...options, extraHeaders: { "X-Own": "é".normalize("NFD")[0] }, withCredentials: true, reconnection: true, reconnectionDelay: 1 })
  await next(socket, "connect")
  socket.io.engine.close()
  await next(socket, "connect")
  assert.deepEqual(seen[0], [undefined, "e"])
  const last = seen.at(-1)
  assert.equal(last[1], "e")
  assert.match(last[0], mode === "websocket" ? /(^|; )a=1$/ : /(^|; )a=1; c=3; d=x=y$/)
})

inEachMode("by default, no cookies are kept", async (t, options) => {
  const { server, url } = await serve(t, { cookie: true })
  const seen = []
  server.engine.use((req, _, next) => {
    seen.push(req.headers.cookie)
    next()
  })
  const socket = open(t, url, options)
  await next(socket, "connect")
  socket.emit("x")
  await next(server.sockets.sockets.get(socket.id), "x")
  assert.deepEqual(new Set(seen), new Set([undefined]))
})

inEachMode("TLS, with an authority and a certificate of one's own", async (t, options) => {
  const https = createSecure({ ...theirs, ca: authority, requestCert: true, rejectUnauthorized: true })
  const server = new Server(https)
  https.listen(0, "127.0.0.1")
  await once(https, "listening")
  t.after(() => server.close())
  const url = "https://localhost:" + https.address().port
  const socket = open(t, url, { ...options, ca: authority, ...own })
  await next(socket, "connect")
  socket.disconnect()
  for (const bad of [{}, { ca: authority }]) {
    const [error] = await next(open(t, url, { ...options, ...bad }), "connect_error")
    assert.match(error.message, /^(xhr poll|websocket) error$/)
  }
  const unchecked = open(t, url, { ...options, ...own, rejectUnauthorized: false })
  await next(unchecked, "connect")
})

inEachMode("an agent makes the connections", async (t, options) => {
  const { url } = await serve(t)
  let made = 0
  class Counting extends Agent {
    createConnection(...args) {
      made++
      return super.createConnection(...args)
    }
  }
  const socket = open(t, url, { ...options, agent: new Counting() })
  await next(socket, "connect")
  assert.ok(made > 0)
})

for (const [mode, transports] of Object.entries({ polling: ["polling"], websocket: ["websocket"] })) {
  test(`autoUnref lets the process end (${mode})`, async t => {
    const { url } = await serve(t)
    const program = `
      import { io } from ${JSON.stringify(new URL("../npm/esm/node.js", import.meta.url).href)}
      const socket = io(${JSON.stringify(url)}, { autoUnref: true, transports: ${JSON.stringify(transports)} })
      const keep = setInterval(() => {}, 1000)
      socket.on("connect", () => { console.log("connected"); clearInterval(keep) })`
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], { stdio: ["ignore", "pipe", "inherit"] })
    t.after(() => child.kill())
    let out = ""
    child.stdout.on("data", data => { out += data })
    const [code] = await once(child, "exit")
    assert.deepEqual([code, out], [0, "connected\n"])
  })
}

/** Serves WebSocket handshakes: fn gets the bare connection. */
async function raw(t, fn, answer = key => `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${
  createHash("sha1").update(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64")}\r\n\r\n`) {
  const http = createServer()
  http.on("upgrade", (req, socket) => {
    t.after(() => socket.destroy())
    socket.on("error", () => {}).on("end", () => socket.end())
    socket.write(answer(req.headers["sec-websocket-key"]))
    fn?.(socket)
  })
  http.listen(0, "127.0.0.1")
  await once(http, "listening")
  t.after(() => {
    http.closeAllConnections()
    http.close()
  })
  return "http://127.0.0.1:" + http.address().port
}

const handshake = `0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}`

/** A frame, as a server sends it. */
function frame(first, payload = "", length) {
  const data = Buffer.from(payload)
  const head = data.length < 126 ? [first, length ?? data.length] : [first, 126, data.length >> 8, data.length & 255]
  return Buffer.concat([Buffer.from(head), data])
}

const greeting = [frame(0x81, handshake), frame(0x81, `40{"sid":"x"}`)]

test("frames in pieces, pings, and messages in several frames", async t => {
  const all = Buffer.concat([
    ...greeting, frame(0x89, "ping"), frame(0x01, `42["a",`), frame(0x89), frame(0x00, `"é`), frame(0x80, `"]`),
    frame(0x81, `451-["b",{"_placeholder":true,"num":0}]`), frame(0x02, Buffer.from([1, 2])), frame(0x00), frame(0x80, Buffer.from([3])),
    frame(0x81, `42["c","${"x".repeat(1000)}"]`), frame(0x8a, "unasked"),
  ])
  for (const size of [1, 2, 3, 7, 100, all.length]) {
    let heard = Buffer.alloc(0)
    const url = await raw(t, socket => {
      socket.setNoDelay(true)
      socket.on("data", data => { heard = Buffer.concat([heard, data]) })
      for (let i = 0; i < all.length; i += size) socket.write(all.subarray(i, i + size))
    })
    const socket = open(t, url, { transports: ["websocket"] })
    const events = []
    socket.onAny((...args) => events.push(args))
    await next(socket, "c")
    assert.deepEqual(events.map(([name, data]) => [name, typeof data === "string" ? data.length : bytes(data)]), [["a", 1], ["b", [1, 2, 3]], ["c", 1000]])
    socket.disconnect()
    while (heard.at(-8) !== 0x88) await new Promise(setImmediate) // the close frame, of a code
    const pong = heard.indexOf(Buffer.from([0x8a, 0x84]))
    const mask = heard.subarray(pong + 2, pong + 6)
    assert.equal(Buffer.from(heard.subarray(pong + 6, pong + 10).map((b, i) => b ^ mask[i])).toString(), "ping")
  }
})

test("frames that break the protocol end the connection", async t => {
  for (const [name, bad, code] of [
    ["masked", Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x32]), 1002], ["reserved bits", frame(0xc1, "2"), 1002], ["unknown opcode", frame(0x83, "2"), 1002],
    ["unknown control", frame(0x8b, "2"), 1002], ["long control", frame(0x89, "x".repeat(126)), 1002], ["split control", frame(0x09, "x"), 1002],
    ["nothing to continue", frame(0x80, "2"), 1002], ["a message within another", Buffer.concat([frame(0x01, "2"), frame(0x81, "2")]), 1002],
    ["no UTF-8", frame(0x81, Buffer.from([0x34, 0xff])), 1007], ["half a close code", frame(0x88, "x"), 1002],
    ["too big", Buffer.from([0x82, 127, 0, 0, 0, 1, 0, 0, 0, 0]), 1009],
  ]) {
    let heard = Buffer.alloc(0)
    let closed
    const url = await raw(t, socket => {
      socket.on("data", data => { heard = Buffer.concat([heard, data]) })
      closed = new Promise(done => socket.on("close", done))
      socket.write(Buffer.concat([...greeting, bad]))
    })
    const socket = open(t, url, { transports: ["websocket"] })
    const [reason, error] = await next(socket, "disconnect")
    assert.deepEqual([reason, error.message], ["transport error", "websocket error"], name)
    await closed
    const at = heard.length - 8
    assert.deepEqual([heard[at], heard[at + 1]], [0x88, 0x82], name)
    const mask = heard.subarray(at + 2, at + 6)
    assert.equal(((heard[at + 6] ^ mask[0]) << 8) | (heard[at + 7] ^ mask[1]), code, name)
  }
})

test("a server that closes", async t => {
  const url = await raw(t, socket => socket.write(Buffer.concat([...greeting, frame(0x88, Buffer.from([0x03, 0xf3, 0x62, 0x79, 0x65]))])))
  const [reason, details] = await next(open(t, url, { transports: ["websocket"] }), "disconnect")
  assert.deepEqual([reason, details.context.code, details.context.reason], ["transport close", 1011, "bye"])
  const cut = await raw(t, socket => socket.end(Buffer.concat(greeting)))
  const [, lost] = await next(open(t, cut, { transports: ["websocket"] }), "disconnect")
  assert.equal(lost.context.code, 1006)
})

test("handshakes that are refused", async t => {
  const accepted = key => createHash("sha1").update(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64")
  const head = (key, more = "", accept = accepted(key), upgrade = "websocket") =>
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: ${upgrade}\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${more}\r\n`
  for (const [answer, message] of [
    [() => "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "Unexpected server response: 403"],
    [key => head(key, "", "wrong"), "Invalid Sec-WebSocket-Accept header"],
    [key => head(key, "", undefined, "other"), "Invalid Upgrade header"],
    [key => head(key, "Sec-WebSocket-Extensions: permessage-deflate\r\n"), "Server sent an extension that was not asked for"],
    [key => head(key, "Sec-WebSocket-Protocol: other\r\n"), "Server sent an invalid subprotocol"],
  ]) {
    const url = await raw(t, undefined, answer)
    const [error] = await next(open(t, url, { transports: ["websocket"], protocols: ["mine"] }), "connect_error")
    assert.deepEqual([error.message, error.description.message], ["websocket error", message])
  }
  const [error] = await next(open(t, "http://127.0.0.1:1", { transports: ["websocket"] }), "connect_error")
  assert.equal(error.description.error.code, "ECONNREFUSED")
})

test("a manager that is closed during the handshake", async t => {
  const http = createServer()
  http.listen(0, "127.0.0.1")
  await once(http, "listening")
  t.after(() => http.close())
  const manager = new Manager("http://127.0.0.1:" + http.address().port, { transports: ["websocket"], reconnection: false, timeout: false })
  const [, socket] = await once(http, "upgrade")
  t.after(() => socket.destroy())
  socket.on("error", () => {}).on("end", () => socket.end()).resume()
  manager.engine.close()
  await once(socket, "close")
})

// What the tests share: the client as it is built, the official server, and a
// server of their own that says what it is told to.

import { Server } from "socket.io"
import { WebSocket, WebSocketServer } from "ws"
import { createServer } from "node:http"
import { readFile } from "node:fs/promises"
import { test as define } from "node:test"

globalThis.WebSocket = WebSocket // which Node 20 lacks

/** The text of a built file. */
export const dist = name => readFile(new URL("../dist/" + name, import.meta.url), "utf8")

/** The module, as a page imports it. */
export const client = await import("data:text/javascript," + encodeURIComponent(await dist("socket.io.esm.min.js")))
export const { io } = client

const modes = { polling: ["polling"], websocket: ["websocket"], upgrade: ["polling", "websocket"] }

/** Defines a test, which may wait only so long for what does not come. */
export const test = (name, fn) => define(name, { timeout: 20_000 }, fn)

/** Defines a test for each way to connect: fn gets the test and the options for it. */
export function inEachMode(name, fn) {
  for (const [mode, transports] of Object.entries(modes)) {
    test(`${name} (${mode})`, t => fn(t, { transports }, mode))
  }
}

async function listen(t, server, port = 0) {
  await new Promise((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return "http://127.0.0.1:" + server.address().port
}

/** Starts the official server. */
export async function serve(t, options = {}, port = 0) {
  const http = createServer()
  const server = new Server(http, options)
  const url = await listen(t, http, port)
  t.after(() => server.close())
  return { server, url, http }
}

/** Returns a socket on a connection of its own, which ends with the test. */
export function open(t, url, options = {}) {
  const socket = io(url, { forceNew: true, reconnection: false, ...options })
  t.after(() => {
    socket.io.reconnection(false)
    socket.disconnect()
  })
  return socket
}

/** Returns a connected socket, upgraded if its options allow it. */
export async function connect(t, url, options = {}) {
  const socket = open(t, url, options)
  await Promise.all([next(socket, "connect"), options.transports?.length === 2 && next(socket.io.engine, "upgrade")])
  return socket
}

/** Resolves to the arguments of the next such event. */
export const next = (emitter, event) => new Promise(resolve => emitter.once(event, (...args) => resolve(args)))

/** Resolves to the first arguments of n such events. */
export function collect(emitter, event, n) {
  const values = []
  return new Promise(resolve => {
    emitter.on(event, value => {
      values.push(value)
      if (values.length === n) resolve(values)
    })
  })
}

/** Notes all of these events, as [name, ...arguments]. */
export function record(emitter, ...events) {
  const log = []
  for (const event of events) emitter.on(event, (...args) => log.push([event, ...args]))
  return log
}

/** The bytes of binary data of any kind. */
export const bytes = data => [...new Uint8Array(data.buffer ?? data, data.byteOffset ?? 0, data.byteLength)]

/**
 * An Engine.IO server that does nothing by itself but the handshake.
 *
 * - say(...packets): sends packets, by polling or WebSocket, whatever is in use
 * - heard: what came, as [transport, text]; waitFor(text) waits until it comes
 * - onProbe(ws): called with the WebSocket of an upgrade, when it has been opened
 */
export class Script {
  heard = []
  handshakes = 0
  onProbe = () => {}
  #waiting = []
  #queue = []
  #poll
  #ws

  constructor(handshake = {}) {
    this.handshake = { sid: "s", upgrades: [], pingInterval: 25000, pingTimeout: 20000, maxPayload: 1000000, ...handshake }
  }

  async start(t) {
    this.http = createServer((req, res) => this.#request(req, res))
    const sockets = new WebSocketServer({ server: this.http })
    sockets.on("connection", (ws, req) => this.#connection(ws, req))
    this.url = await listen(t, this.http)
    return this.url
  }

  #open() {
    this.handshakes++
    return "0" + JSON.stringify(this.handshake)
  }

  #request(req, res) {
    const query = new URL(req.url, "http://x").searchParams
    this.lastQuery = query
    if (req.method === "POST") {
      let body = ""
      req.setEncoding("utf8").on("data", chunk => (body += chunk))
      req.on("end", () => {
        this.#hear("polling", body)
        if (this.answer) this.answer(res, body)
        else res.end("ok")
      })
    } else if (!query.get("sid")) {
      this.#poll?.end("6")
      this.#poll = undefined
      this.#queue = []
      res.end(this.#open())
    } else {
      this.#poll = res
      this.#flush()
    }
  }

  #connection(ws, req) {
    ws.on("message", (data, binary) => this.#hear("websocket", binary ? data : data.toString(), ws))
    if (new URL(req.url, "http://x").searchParams.get("sid")) {
      this.onProbe(ws)
      return
    }
    this.#ws = ws
    ws.send(this.#open())
  }

  #hear(transport, text, ws) {
    this.heard.push([transport, text])
    if (text === "5") this.#ws = ws
    this.#waiting = this.#waiting.filter(waiter => !waiter())
  }

  waitFor(text) {
    const heard = () => this.heard.some(([, got]) => (text instanceof RegExp ? text.test(got) : got === text))
    return new Promise(resolve => {
      if (heard()) resolve()
      else this.#waiting.push(() => heard() && (resolve(), true))
    })
  }

  say(...packets) {
    if (this.#ws) for (const packet of packets) this.#ws.send(packet)
    else this.#queue.push(...packets)
    this.#flush()
  }

  #flush() {
    if (!this.#poll || !this.#queue.length) return
    const res = this.#poll
    this.#poll = undefined
    res.end(this.#queue.splice(0).join("\x1e"))
  }
}

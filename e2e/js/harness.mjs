// What the behaviours in suite/ are written with. It runs in Node and in a
// browser alike, with whatever client library is given to run.

const behaviours = []

/**
 * behaviour adds a test: fn gets a Context, and fails by throwing.
 *
 * @param only says by the parameters of run whether the behaviour is to be run
 */
export function behaviour(name, fn, { only } = {}) {
  behaviours.push({ name, fn, only })
}

/**
 * run runs all behaviours, one after the other.
 *
 * @param io the client library's function
 * @param generation of Socket.IO that the library is of
 * @param library "ours", "official", or nothing if its connection is out of reach
 * @param parser given to the library, if not its own
 * @param jsonp whether polling is by JSON-P
 * @param mode "polling", "websocket" or "upgrade"
 * @param where "node" or "browser"
 * @param server "reference" if it is the official one
 * @param url the server's address
 * @param control the test's own server: reports go there, and requests to
 *   restart the server
 * @param only a pattern that the names of the behaviours to run must match
 */
export async function run({ io, generation = 4, library, parser, jsonp = false, mode, where, server, url, control, only }) {
  const report = line => fetch(`${control}/report`, { method: "POST", body: JSON.stringify(line) })
  let count = 0
  const world = { mode, where, server, generation, library, parser, jsonp }
  for (const { name, fn, only: condition } of behaviours) {
    if (condition && !condition(world)) continue
    if (only && !new RegExp(only).test(name)) continue
    const t = new Context({ io, generation, library, mode, where, url, control })
    let error = ""
    try {
      await within(90_000, fn(t), "the behaviour")
      if (t.failure) throw t.failure
    } catch (e) {
      error = String(e?.stack ?? e)
    }
    t.end()
    count++
    await report({ name, error })
  }
  await report({ done: count })
}

/** since is the condition of behaviours that older generations of clients do not have. */
export const since = wanted => ({ generation }) => generation >= wanted

/** unlessForms is the condition of behaviours that are too much for the forms that JSON-P sends. */
export const unlessForms = ({ mode, jsonp }) => mode !== "polling" || !jsonp

/** Context is what a behaviour sees of the world. */
class Context {
  constructor(world) {
    Object.assign(this, world)
    this.sockets = []
    this.ends = [] // called at the end
    this.failure = undefined
  }

  /** options are those for a connection of its own in the mode under test. */
  options(more = {}) {
    const transports = { polling: ["polling"], websocket: ["websocket"], upgrade: ["polling", "websocket"] }[this.mode]
    return { forceNew: true, reconnection: false, transports, ...more }
  }

  /** socket returns a socket that may not be connected yet. */
  socket(namespace = "/", options = {}) {
    const socket = this.io(this.url + namespace, this.options(options))
    this.sockets.push(socket)
    return socket
  }

  /** connect returns a socket that is connected, and upgraded in that mode. */
  async connect(namespace = "/", options = {}) {
    const socket = this.socket(namespace, options)
    await connected(socket)
    if (this.mode === "upgrade") await upgraded(socket)
    return socket
  }

  /** watch returns a function that waits for the word that a socket of / is gone. */
  async watch() {
    const watcher = await this.connect("/watch")
    const gone = new Map()
    const waiting = new Map()
    watcher.on("gone", (id, ...what) => {
      gone.set(id, what)
      waiting.get(id)?.(what)
    })
    return id => gone.has(id) ? gone.get(id) : within(60_000, new Promise(resolve => waiting.set(id, resolve)), "word that the socket is gone")
  }

  /** restart restarts the server, so that all connections break. */
  async restart() {
    const response = await fetch(`${this.control}/restart`, { method: "POST" })
    if (!response.ok) throw new Error(await response.text())
  }

  end() {
    for (const socket of this.sockets) socket.disconnect() // the last one of a connection closes it
    for (const end of this.ends) end()
  }
}

export function connected(socket) {
  if (socket.connected) return
  return within(60_000, new Promise((resolve, reject) => {
    socket.once("connect", resolve)
    socket.once("connect_error", error => reject(new Error(`connect_error: ${error.message} ${error.description ?? ""}`)))
  }), "connect")
}

export function upgraded(socket) {
  const engine = socket.io.engine
  if (engine.transport.name === "websocket") return
  return within(60_000, new Promise(resolve => engine.once("upgrade", resolve)), "the upgrade")
}

/** next returns the arguments of the next event of that name. */
export function next(emitter, name) {
  return within(60_000, new Promise(resolve => emitter.once(name, (...args) => resolve(args))), `the event ${name}`)
}

/** collect returns the first n values of an event, in order. */
export function collect(socket, name, n) {
  const values = []
  return within(60_000, new Promise(resolve => {
    socket.on(name, function listener(value) {
      values.push(value)
      if (values.length < n) return
      socket.off(name, listener)
      resolve(values)
    })
  }), () => `${n} events ${name}, of which ${values.length} came`)
}

/** never throws if the event comes, until the returned function is called. */
export function never(socket, name) {
  const came = []
  socket.on(name, (...args) => came.push(args))
  return () => { if (came.length > 0) throw new Error(`${came.length} unexpected events ${name}: ${show(came[0])}`) }
}

/** settled waits until the server has answered what was sent before. */
export async function settled(...sockets) {
  for (const socket of sockets) await socket.emitWithAck("rooms")
}

export function within(ms, promise, what) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${ms} ms for ${typeof what === "function" ? what() : what}`)), ms)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

export function ok(condition, what) {
  if (!condition) throw new Error(`not so: ${what}`)
}

/** equal compares plain values, binary ones by their bytes. */
export function equal(got, want, what = "value") {
  const [a, b] = [show(got), show(want)]
  if (a !== b) throw new Error(`${what}: got ${shorten(a)}, want ${shorten(b)}`)
}

const shorten = text => text.length > 600 ? `${text.slice(0, 600)}… (${text.length} characters)` : text

function show(value) {
  return JSON.stringify(value, function (key) {
    const it = this[key] // before a toJSON, which a Buffer has
    const data = bytes(it)
    if (data) return { "": `${data.length} bytes`, data: Array.from(data).join(" ") }
    if (it && typeof it === "object" && !Array.isArray(it)) {
      return Object.fromEntries(Object.entries(it).sort(([a], [b]) => a < b ? -1 : 1))
    }
    return it
  })
}

/** bytes returns the bytes of a binary value of any kind, else undefined. */
export function bytes(value) {
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
}

/** numbers returns 0 … n-1. */
export const numbers = n => Array.from({ length: n }, (_, i) => i)

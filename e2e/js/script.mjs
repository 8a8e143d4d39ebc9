// A server that says what a behaviour tells it to, for what no proper server can
// be made to do. It knows Engine.IO as far as a client must be carried through
// handshake and upgrade; packets are written as they are on the wire.
import { createServer } from "node:http"
import { WebSocketServer } from "ws"
import { connected, equal, next, upgraded, within } from "./harness.mjs"

/**
 * script starts a server for one behaviour.
 *
 * @param handshake what differs from the usual handshake
 */
export async function script(t, handshake = {}) {
  const server = new Script({ upgrades: t.mode === "upgrade" ? ["websocket"] : [], ...handshake })
  t.ends.push(() => server.end())
  await server.start()
  t.url = server.url
  return server
}

/** begin returns a connected socket, upgraded in that mode, with its server and session. */
export async function begin(t, options = {}, handshake = {}) {
  const server = await script(t, handshake)
  const socket = t.socket("/", options)
  const session = await server.session()
  await session.grant()
  await connected(socket)
  await moved(t, socket, session)
  return { server, socket, session }
}

/** moved waits until both sides have done the upgrade, in that mode. */
export async function moved(t, socket, session) {
  if (t.mode === "upgrade") await Promise.all([upgraded(socket), within(20_000, session.upgraded, "the upgrade")])
}

/** writable waits until all that was sent has left, so that volatile events are not dropped. */
export async function writable(socket) {
  const { engine } = socket.io
  if (engine.writeBuffer.length) await next(engine, "drain")
}

/** Queue hands out what was put in, in order, also to who has come before. */
class Queue {
  #items = []
  #waiting = []

  put(item) {
    if (this.#waiting.length) this.#waiting.shift()(item)
    else this.#items.push(item)
  }

  next(what) {
    if (this.#items.length) return this.#items.shift()
    return within(20_000, new Promise(resolve => this.#waiting.push(resolve)), what)
  }
}

/**
 * Script is the server.
 *
 * - session() waits for the next handshake
 * - handshakes counts them, requests notes all as [method, path, headers]
 * - refuse(request) says which handshakes are refused: with this status, or,
 *   if it is 0, never answered
 * - onProbe(ws, session) takes the place of the answer to a probe
 */
class Script {
  handshakes = 0
  requests = []
  refuse = () => undefined
  onProbe = undefined
  onPost = undefined
  #sessions = new Map()
  #opened = new Queue()
  #http = createServer((request, response) => this.#request(request, response))
  #webSockets = new WebSocketServer({ noServer: true })

  constructor(handshake) {
    this.handshake = { pingInterval: 25_000, pingTimeout: 20_000, maxPayload: 1_000_000, ...handshake }
    this.#http.on("upgrade", (...args) => this.#upgrade(...args))
  }

  async start() {
    await new Promise((resolve, reject) => this.#http.once("error", reject).listen(0, "127.0.0.1", resolve))
    this.url = `http://127.0.0.1:${this.#http.address().port}`
  }

  end() {
    for (const ws of this.#webSockets.clients) ws.terminate()
    this.#http.close()
    this.#http.closeAllConnections()
  }

  session() {
    return this.#opened.next("a handshake")
  }

  #open(request) {
    const sid = `session-${this.handshakes++}`
    const session = new Session(this, sid, request)
    this.#sessions.set(sid, session)
    this.#opened.put(session)
    return session
  }

  #request(request, response) {
    this.requests.push([request.method, request.url, request.headers])
    const sid = queryOf(request).sid
    if (sid) {
      const session = this.#sessions.get(sid)
      if (session) session.request(request, response)
      else response.writeHead(400).end()
      return
    }
    const status = this.refuse(request)
    if (status !== undefined) {
      if (status) response.writeHead(status).end("refused")
      return
    }
    response.end(this.#open(request).greeting)
  }

  #upgrade(request, socket, head) {
    this.requests.push(["WebSocket", request.url, request.headers])
    const { sid } = queryOf(request)
    const status = sid ? undefined : this.refuse(request)
    if (status !== undefined) {
      if (status) socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\n\r\n`)
      return
    }
    this.#webSockets.handleUpgrade(request, socket, head, ws => {
      const session = sid ? this.#sessions.get(sid) : this.#open(request)
      if (sid) session.probed(ws)
      else session.take(ws)
    })
  }
}

const queryOf = request => Object.fromEntries(new URL(request.url, "http://x").searchParams)

/** Session is one connection of a client. Its query is that of the handshake. */
class Session {
  posts = [] // bodies
  status = 200 // of polls
  #script
  #heard = new Queue()
  #out = []
  #poll
  #probing = false
  #cut = false
  #ws
  #all = [] // also of upgrades that are tried
  #upgraded
  upgraded = new Promise(resolve => { this.#upgraded = resolve })

  constructor(server, sid, request) {
    this.#script = server
    this.sid = sid
    this.query = queryOf(request)
    this.headers = request.headers
    this.greeting = "0" + JSON.stringify({ sid, ...server.handshake })
  }

  /** next waits for the next packet: a text, or the bytes of a binary frame. */
  next(what = "a packet") {
    return this.#heard.next(what)
  }

  /** hear notes a packet, for who answers probes by hand. */
  hear(packet) {
    this.#heard.put(packet)
  }

  async expect(...packets) {
    for (const packet of packets) equal(await this.next(`the packet ${packet}`), packet, "packet")
  }

  /** grant waits for the request to join /, and grants it. */
  async grant(data = {}, request = "40") {
    await this.expect(request)
    this.say("40" + JSON.stringify({ sid: `socket-${this.sid}`, ...data }))
  }

  say(...packets) {
    if (this.#ws) for (const packet of packets) this.#ws.send(packet)
    else this.#out.push(...packets.map(packet => typeof packet === "string" ? packet : "b" + Buffer.from(packet).toString("base64")))
    this.#flush()
  }

  /** cut breaks the connection, without a word. */
  cut() {
    this.#cut = true
    for (const ws of this.#all) ws.terminate()
    this.#poll?.socket.destroy()
  }

  /** take makes a WebSocket the transport. */
  take(ws) {
    this.#all.push(ws)
    ws.on("message", (data, binary) => this.#heard.put(binary ? data : data.toString()))
    ws.on("close", () => this.#heard.put("closed"))
    this.#ws = ws
    ws.send(this.greeting)
  }

  probed(ws) {
    this.#all.push(ws)
    if (this.#script.onProbe) return this.#script.onProbe(ws, this)
    ws.on("message", (data, binary) => {
      const text = binary ? data : data.toString()
      if (this.#ws) this.#heard.put(text)
      else if (text === "2probe") this.probe(ws)
      else if (text === "5") this.moved(ws)
    })
    ws.on("close", () => this.#heard.put("closed"))
  }

  /** probe answers a probe, and the poll that would hold up the upgrade. */
  probe(ws) {
    ws.send("3probe")
    this.#probing = true
    this.#flush()
  }

  moved(ws) {
    this.#ws = ws
    this.say(...this.#out.splice(0))
    this.#upgraded()
  }

  request(request, response) {
    if (request.method === "POST") {
      let body = ""
      request.setEncoding("utf8").on("data", chunk => { body += chunk }).on("end", () => {
        this.posts.push(body)
        if (this.#script.onPost?.(response, body)) return
        response.end("ok")
        for (const packet of body.split("\x1e")) this.#heard.put(packet === "1" ? "closed" : packet)
      })
      return
    }
    this.#poll = response
    if (this.#cut) response.socket.destroy()
    else this.#flush()
  }

  #flush() {
    if (!this.#poll || this.#ws) return
    if (!this.#out.length && !this.#probing) return
    const poll = this.#poll
    this.#poll = undefined
    poll.writeHead(this.status).end(this.#out.splice(0).join("\x1e") || "6")
  }
}

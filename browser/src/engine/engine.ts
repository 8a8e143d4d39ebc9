// An Engine.IO connection: handshake, heartbeat, sending in batches, closing.

import { defaults } from "../defaults.js"
import { Emitter } from "../emitter.js"
import type { PacketOptions } from "../parser.js"
import { timer } from "../timer.js"
import { sizeOf, Type, type Data, type Packet } from "./packet.js"
import type { EngineOptions } from "./options.js"
import type { Polling } from "./polling.js"
import { TransportError, type Transport, type TransportClass } from "./transport.js"
import { probe } from "./upgrade.js"

interface Handshake {
  sid: string
  upgrades: string[]
  pingInterval: number
  pingTimeout: number
  maxPayload: number
}

/** Whether the last connection ended up with WebSocket, for the option "rememberUpgrade". */
let webSocketWorked = false

/**
 * Events: "handshake" (its data), "open", "packet" (packet), "heartbeat" (with
 * each packet), "data" and "message" (data), "ping" and "pong" (which answers
 * it), "packetCreate" (packet), "flush", "drain", "upgrading" (transport),
 * "upgrade" (transport), "upgradeError" (error, with the name of the transport),
 * "error" (error), "close" (reason, details).
 */
export class Engine extends Emitter {
  id?: string
  readyState: "opening" | "open" | "closing" | "closed" = "opening"
  transport!: Transport
  writeBuffer: Packet[] = []
  upgrading = false // nothing is sent until the new transport has taken over

  private readonly _classes = new Map<string, TransportClass>()
  private _names: string[] // of the transports that may be used
  private _sending = 0 // how many packets of the buffer the transport has
  private _maxPayload = 0
  private _patience = 0 // milliseconds without a ping after which the server is gone
  private _expiry = Infinity
  private _cancelPing?: () => void
  private _aborts: (() => void)[] = [] // of the upgrades that are tried
  private readonly _offline = () => this._onClose("transport close", { description: "network connection lost" })
  private readonly _unload = () => this.transport?.off()._close()

  constructor(readonly opts: EngineOptions) {
    super()
    const known = defaults._transports
    for (const t of opts.transports ?? Object.keys(known)) {
      if (typeof t !== "string") this._classes.set(t.prototype.name, t)
      else if (Object.hasOwn(known, t)) this._classes.set(t, known[t])
    }
    this._names = [...this._classes.keys()]
    if (opts.hostname !== "localhost") globalThis.addEventListener?.("offline", this._offline)
    if (opts.closeOnBeforeunload) globalThis.addEventListener?.("beforeunload", this._unload)
    if (this._names.length) this._open()
    else timer(opts, () => this._onError("No transports available")) // when there are listeners
  }

  private _open(): void {
    const remembered = this.opts.rememberUpgrade && webSocketWorked && this._classes.has("websocket")
    this._setTransport(this._create(remembered ? "websocket" : this._names[0]))
    this.transport._open()
  }

  /** Makes a transport for this connection. */
  _create(name: string): Transport {
    const query: Record<string, string> = {}
    if (this.id) query.sid = this.id
    if (this.opts.forceBase64) query.b64 = "1"
    return new (this._classes.get(name)!)({ ...this.opts, ...this.opts.transportOptions?.[name] }, query)
  }

  /** Makes t the transport that everything goes over. */
  _setTransport(t: Transport): void {
    this.transport?.off()
    this.transport = t
    webSocketWorked = this.readyState === "open" && t.name === "websocket"
    t.on("drain", () => this._onDrain())
    t.on("packet", packet => this._onPacket(packet))
    t.on("error", error => this._onError(error))
    t.on("close", details => this._onClose("transport close", details))
  }

  private _onPacket(packet: Packet | undefined): void {
    if (!packet) {
      this._onError(new TransportError("server error", "parser error"))
      return
    }
    const { type, data = "" } = packet
    this._fire("packet", packet)
    this._fire("heartbeat")
    switch (type) {
      case Type.Open:
        if (this.readyState === "opening") this._onHandshake(data as string)
        break
      case Type.Ping:
        this._push({ type: Type.Pong })
        this._fire("ping")
        this._fire("pong")
        this._heartbeat()
        break
      case Type.Message:
        this._fire("data", data)
        this._fire("message", data)
        break
      case Type.Close:
        this._onClose("transport close")
    }
  }

  private _onHandshake(data: string): void {
    let handshake: Handshake
    try {
      handshake = JSON.parse(data)
    } catch (error) {
      this._onError(new TransportError("server error", "parser error", error))
      return
    }
    this.id = this.transport.query.sid = handshake.sid
    delete this.transport.query.b64 // said once
    this._maxPayload = handshake.maxPayload
    this._patience = handshake.pingInterval + handshake.pingTimeout
    this._fire("handshake", handshake)
    this.readyState = "open"
    webSocketWorked = this.transport.name === "websocket"
    this._fire("open")
    this._flush()
    this._heartbeat()
    if (this._closes || this.opts.upgrade === false || this.transport.name !== "polling") return
    for (const name of handshake.upgrades) {
      if (this._names.includes(name)) this._aborts.push(probe(this, this.transport as Polling, name))
    }
  }

  private _heartbeat(): void {
    this._cancelPing?.()
    if (this.readyState === "closed") return
    this._expiry = Date.now() + this._patience
    this._cancelPing = timer(this.opts, () => this._onClose("ping timeout"), this._patience)
  }

  /** Reports whether the server has been silent for too long: a timer can be
   * late, as after the sleep of a laptop. The connection is closed then. */
  _expired(): boolean {
    if (Date.now() <= this._expiry) return false
    if (this._expiry) {
      this._expiry = 0
      timer(this.opts, () => this._onClose("ping timeout"))
    }
    return true
  }

  /** Sends a message; the callback is called when the transport gets it. */
  send(data: Data, options?: PacketOptions, callback?: () => void): this {
    this._push({ type: Type.Message, data, options: { compress: true, ...options } }, callback)
    return this
  }

  /** The same as send. */
  write(data: Data, options?: PacketOptions, callback?: () => void): this {
    return this.send(data, options, callback)
  }

  private _push(packet: Packet, callback?: () => void): void {
    if (this._closes) return
    this._fire("packetCreate", packet)
    this.writeBuffer.push(packet)
    if (callback) this.once("flush", callback)
    this._flush()
  }

  /** Hands the buffer to the transport, if that can take it. Closes, if that only waited for it. */
  _flush(): void {
    if (this.upgrading) return
    if (!this.writeBuffer.length) {
      if (this.readyState === "closing") this._onClose("forced close")
      return
    }
    if (this.readyState === "opening" || !this.transport.writable) return
    const batch = this.writeBuffer.slice(0, this._batchSize())
    this._sending = batch.length
    this.transport._send(batch)
    this._fire("flush")
  }

  /** How many packets fit into one request: at least one. */
  private _batchSize(): number {
    const all = this.writeBuffer.length
    if (!this._maxPayload || this.transport.name !== "polling") return all
    let size = 1
    for (let i = 0; i < all; i++) {
      size += sizeOf(this.writeBuffer[i].data)
      if (i && size > this._maxPayload) return i
      size += 2 // a separator and a type
    }
    return all
  }

  private _onDrain(): void {
    this.writeBuffer.splice(0, this._sending)
    this._sending = 0
    if (!this.writeBuffer.length) this._fire("drain")
    this._flush()
  }

  /** Closes after what is buffered has been sent. */
  close(): this {
    if (this.readyState === "opening") this._onClose("forced close")
    if (this._closes) return this
    this.readyState = "closing"
    this._flush()
    return this
  }

  private get _closes(): boolean {
    return this.readyState === "closing" || this.readyState === "closed"
  }

  private _onError(error: unknown): void {
    if (this.readyState === "closed") return
    webSocketWorked = false
    const others = this._names.filter(name => name !== this.transport?.name)
    if (this.opts.tryAllTransports && others.length && this.readyState === "opening") {
      this._names = others
      this.transport.off()._close()
      this._open()
      return
    }
    this._fire("error", error)
    this._onClose("transport error", error)
  }

  private _onClose(reason: string, details?: unknown): void {
    if (this.readyState === "closed") return
    this.readyState = "closed"
    this._cancelPing?.()
    globalThis.removeEventListener?.("offline", this._offline)
    globalThis.removeEventListener?.("beforeunload", this._unload)
    for (const abort of this._aborts) abort()
    this.transport?.off()._close()
    this._fire("close", reason, details)
    this.writeBuffer = []
    this._sending = 0
  }
}

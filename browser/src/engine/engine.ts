// An Engine.IO connection: handshake, heartbeat, sending in batches, closing.

import { Emitter } from "../emitter.js"
import { sizeOf, Type, type Data, type Packet } from "./packet.js"
import { Polling } from "./polling.js"
import { TransportError, type Transport } from "./transport.js"
import { probe } from "./upgrade.js"
import { WebSocketTransport } from "./websocket.js"
import type { EngineOptions } from "./options.js"

/** The transports by name: the place to add one. */
const transports: Record<string, new (opts: EngineOptions, query: Record<string, string>) => Transport> = {
  polling: Polling,
  websocket: WebSocketTransport,
}

interface Handshake {
  sid: string
  upgrades: string[]
  pingInterval: number
  pingTimeout: number
  maxPayload: number
}

/**
 * Events: "handshake" (its data), "open", "packet" (packet), "data" and
 * "message" (data), "ping", "flush", "drain", "upgrading" (transport), "upgrade"
 * (transport), "upgradeError" (error), "error" (error), "close" (reason, details).
 */
export class Engine extends Emitter {
  id?: string
  readyState: "opening" | "open" | "closing" | "closed" = "opening"
  transport!: Transport
  writeBuffer: Packet[] = []
  upgrading = false // nothing is sent until the new transport has taken over

  private readonly _transports: string[]
  private _sending = 0 // how many packets of the buffer the transport has
  private _maxPayload = 0
  private _patience = 0 // milliseconds without a ping after which the server is gone
  private _expiry = Infinity
  private _pingTimer?: ReturnType<typeof setTimeout>
  private _aborts: (() => void)[] = [] // of the upgrades that are tried
  private readonly _offline = () => this._onClose("transport close", { description: "network connection lost" })

  constructor(readonly opts: EngineOptions) {
    super()
    this._transports = (opts.transports ?? ["polling", "websocket"]).filter(name => Object.hasOwn(transports, name))
    if (opts.hostname !== "localhost") globalThis.addEventListener?.("offline", this._offline)
    if (!this._transports.length) {
      setTimeout(() => this._onError("No transports available")) // when there are listeners
      return
    }
    this._setTransport(this._create(this._transports[0]))
    this.transport._open()
  }

  /** Makes a transport for this connection. */
  _create(name: string): Transport {
    const query: Record<string, string> = {}
    if (this.id) query.sid = this.id
    if (this.opts.forceBase64) query.b64 = "1"
    return new transports[name](this.opts, query)
  }

  /** Makes t the transport that everything goes over. */
  _setTransport(t: Transport): void {
    this.transport?.off()
    this.transport = t
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
    switch (type) {
      case Type.Open:
        if (this.readyState === "opening") this._onHandshake(data as string)
        break
      case Type.Ping:
        this._push({ type: Type.Pong })
        this._fire("ping")
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
    this._fire("open")
    this._flush()
    this._heartbeat()
    if (this._closes || this.opts.upgrade === false || !(this.transport instanceof Polling)) return
    for (const name of handshake.upgrades) {
      if (this._transports.includes(name)) this._aborts.push(probe(this, this.transport, name))
    }
  }

  private _heartbeat(): void {
    clearTimeout(this._pingTimer)
    if (this.readyState === "closed") return
    this._expiry = Date.now() + this._patience
    this._pingTimer = setTimeout(() => this._onClose("ping timeout"), this._patience)
  }

  /** Reports whether the server has been silent for too long: a timer can be
   * late, as after the sleep of a laptop. The connection is closed then. */
  _expired(): boolean {
    if (Date.now() <= this._expiry) return false
    if (this._expiry) {
      this._expiry = 0
      setTimeout(() => this._onClose("ping timeout"))
    }
    return true
  }

  /** Sends a message. */
  send(data: Data, compress = true): this {
    this._push({ type: Type.Message, data, compress })
    return this
  }

  write(data: Data, compress?: boolean): this {
    return this.send(data, compress)
  }

  private _push(packet: Packet): void {
    if (this._closes) return
    this.writeBuffer.push(packet)
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
    this._fire("error", error)
    this._onClose("transport error", error)
  }

  private _onClose(reason: string, details?: unknown): void {
    if (this.readyState === "closed") return
    this.readyState = "closed"
    clearTimeout(this._pingTimer)
    globalThis.removeEventListener?.("offline", this._offline)
    for (const abort of this._aborts) abort()
    this.transport?.off()._close()
    this._fire("close", reason, details)
    this.writeBuffer = []
    this._sending = 0
  }
}

// An Engine.IO connection: handshake, heartbeat, sending in batches, closing.
//
// Events: "handshake" (its data), "open", "data" (message), "packet" (packet), "ping", "flush", "drain",
// "upgrading" (transport), "upgrade" (transport), "upgradeError" (error),
// "error" (error), "close" (reason, details).

import { Emitter } from "../emitter.js"
import { sizeOf, Type, type Data, type Packet } from "./packet.js"
import { Polling } from "./polling.js"
import { TransportError, type Transport } from "./transport.js"
import { probe, type Upgrade } from "./upgrade.js"
import { WebSocketTransport } from "./websocket.js"
import type { EngineOptions } from "./options.js"

/** The transports by name: the place to add one. */
const transports: Record<string, new (...args: ConstructorParameters<typeof WebSocketTransport>) => Transport> = {
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

export class Engine extends Emitter {
  id?: string
  state: "opening" | "open" | "closing" | "closed" = "opening"
  transport!: Transport
  writeBuffer: Packet[] = []
  upgrading = false // nothing is sent until the new transport has taken over

  private sending = 0 // how many packets of the buffer the transport has
  private maxPayload = 0
  private patience = 0 // milliseconds without a ping after which the server is gone
  private expiry = Infinity
  private pingTimer?: ReturnType<typeof setTimeout>
  private upgrades: Upgrade[] = []
  private readonly offline = () => this.onClose("transport close", { description: "network connection lost" })

  constructor(readonly opts: EngineOptions) {
    super()
    if (typeof addEventListener === "function" && opts.hostname !== "localhost") addEventListener("offline", this.offline)
    const name = opts.transports.find(t => t in transports)
    if (!name) {
      // Listeners are added by whoever makes the engine.
      setTimeout(() => this.onError("No transports available"))
      return
    }
    this.setTransport(this.create(name))
    this.transport.open()
  }

  /** Makes a transport for this connection. */
  create(name: string): Transport {
    const query: Record<string, string> = {}
    if (this.id) query.sid = this.id
    if (this.opts.forceBase64 && (name !== "polling" || !this.id)) query.b64 = "1"
    return new transports[name](this.opts, query)
  }

  /** Makes t the transport that everything goes over. */
  setTransport(t: Transport): void {
    this.transport?.off()
    this.transport = t
    t.on("drain", () => this.onDrain())
    t.on("packet", packet => this.onPacket(packet))
    t.on("error", error => this.onError(error))
    t.on("close", details => this.onClose("transport close", details))
  }

  private onPacket(packet: Packet | undefined): void {
    if (this.state === "closed") return
    if (!packet) {
      this.onError(new TransportError("server error", "parser error"))
      return
    }
    this.fire("packet", packet)
    switch (packet.type) {
      case Type.Open:
        if (this.state === "opening") this.onHandshake(packet)
        break
      case Type.Ping:
        this.push({ type: Type.Pong })
        this.fire("ping")
        this.heartbeat()
        break
      case Type.Message:
        this.fire("data", packet.data ?? "")
        break
      case Type.Close:
        this.onClose("transport close")
    }
  }

  private onHandshake(packet: Packet): void {
    let handshake: Handshake
    try {
      handshake = JSON.parse(packet.data as string)
    } catch (error) {
      this.onError(new TransportError("server error", "parser error", error))
      return
    }
    this.id = this.transport.query.sid = handshake.sid
    this.maxPayload = handshake.maxPayload
    this.patience = handshake.pingInterval + handshake.pingTimeout
    this.fire("handshake", handshake)
    this.state = "open"
    this.fire("open")
    this.flush()
    if (this.isClosing()) return
    this.heartbeat()
    if (this.opts.upgrade && this.transport instanceof Polling) {
      for (const name of handshake.upgrades) {
        if (this.opts.transports.includes(name) && name in transports) this.upgrades.push(probe(this, this.transport, name))
      }
    }
  }

  private heartbeat(): void {
    clearTimeout(this.pingTimer)
    if (this.isClosing()) return
    this.expiry = Date.now() + this.patience
    this.pingTimer = setTimeout(() => this.onClose("ping timeout"), this.patience)
  }

  /** Reports whether the server has been silent for too long: a timer can be
   * late, as after the sleep of a laptop. The connection is closed then. */
  expired(): boolean {
    if (Date.now() <= this.expiry) return false
    if (this.expiry) {
      this.expiry = 0
      setTimeout(() => this.onClose("ping timeout"))
    }
    return true
  }

  send(data: Data, compress = true): void {
    this.push({ type: Type.Message, data, compress })
  }

  write(data: Data): void {
    this.send(data)
  }

  private push(packet: Packet): void {
    if (this.isClosing()) return
    this.writeBuffer.push(packet)
    this.flush()
  }

  /** Hands the buffer to the transport, if that can take it. */
  flush(): void {
    if (this.state === "closed" || this.state === "opening" || !this.transport.writable || this.upgrading || !this.writeBuffer.length) return
    const batch = this.writeBuffer.slice(0, this.batchSize())
    this.sending = batch.length
    this.transport.send(batch)
    this.fire("flush")
  }

  /** How many packets fit into one request: at least one. */
  private batchSize(): number {
    const all = this.writeBuffer.length
    if (!this.maxPayload || this.transport.name !== "polling") return all
    let size = 1
    for (let i = 0; i < all; i++) {
      size += sizeOf(this.writeBuffer[i].data)
      if (i > 0 && size > this.maxPayload) return i
      size += 2
    }
    return all
  }

  private onDrain(): void {
    this.writeBuffer.splice(0, this.sending)
    this.sending = 0
    if (this.writeBuffer.length) this.flush()
    else this.fire("drain")
  }

  /** Closes after what is buffered has been sent. */
  close(): void {
    if (this.isClosing()) return
    if (this.state === "opening") {
      this.onClose("forced close")
      return
    }
    this.state = "closing"
    const finish = () => {
      if (!this.upgrading) this.onClose("forced close")
      else {
        this.once("upgrade", done)
        this.once("upgradeError", done)
      }
    }
    const done = () => {
      this.off("upgrade", done)
      this.off("upgradeError", done)
      if (this.writeBuffer.length) this.once("drain", finish)
      else finish()
    }
    if (this.upgrading) finish()
    else done()
  }

  private isClosing(): boolean {
    return this.state === "closing" || this.state === "closed"
  }

  private onError(error: unknown): void {
    if (this.state === "closed") return
    this.fire("error", error)
    this.onClose("transport error", error)
  }

  private onClose(reason: string, details?: unknown): void {
    if (this.state === "closed") return
    this.state = "closed"
    clearTimeout(this.pingTimer)
    if (typeof removeEventListener === "function") removeEventListener("offline", this.offline)
    for (const upgrade of this.upgrades) upgrade.abort()
    this.transport?.off().close()
    this.fire("close", reason, details)
    this.writeBuffer = []
    this.sending = 0
  }
}

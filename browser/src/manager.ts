// A Manager owns the connection to one server, shares it between the sockets
// of its namespaces, and brings it back when it is lost.

import { Backoff } from "./backoff.js"
import { Emitter } from "./emitter.js"
import { Engine } from "./engine/engine.js"
import { withDefaults, type ConnectionOptions } from "./engine/options.js"
import { Decoder, encode, type Packet } from "./packet.js"
import { Socket, type SocketOptions } from "./socket.js"
import { parse } from "./url.js"

export interface ManagerOptions extends ConnectionOptions {
  /** Whether to connect again when the connection is lost. Default true. */
  reconnection: boolean
  /** Attempts before giving up. Default Infinity. */
  reconnectionAttempts: number
  /** Milliseconds before the first attempt. Default 1000. */
  reconnectionDelay: number
  /** The longest delay in milliseconds. Default 5000. */
  reconnectionDelayMax: number
  /** By which share a delay may differ, 0 to 1. Default 0.5. */
  randomizationFactor: number
  /** Milliseconds that an attempt may take; false for no limit. Default 20000. */
  timeout: number | false
  /** Whether to connect at once. Default true. */
  autoConnect: boolean
}

export type Options = Partial<ManagerOptions & SocketOptions>

export class Manager extends Emitter {
  readonly uri: string
  readonly opts: Options
  /** The connection of now; undefined before the first. */
  engine?: Engine
  /** The sockets by namespace. */
  readonly nsps: Record<string, Socket> = {}

  private state: "closed" | "opening" | "open" = "closed"
  private reconnecting = false
  private stopped = false // the connection was closed on purpose
  private readonly backoff: Backoff
  private decoder = new Decoder()
  private cleanups: (() => void)[] = []

  constructor(uri?: string | Options, opts?: Options) {
    super()
    if (typeof uri === "object") [uri, opts] = [undefined, uri]
    const { hostname, port, secure, query, id } = parse(uri)
    this.uri = uri ?? id
    this.opts = { hostname, port, secure, ...opts }
    if (query) this.opts.query = query
    const { reconnectionDelay = 1000, reconnectionDelayMax = 5000, randomizationFactor = 0.5, autoConnect = true } = this.opts
    this.backoff = new Backoff(reconnectionDelay, reconnectionDelayMax, randomizationFactor)
    if (autoConnect) this.open()
  }

  /** Connects. The callback gets the error of a failure, for which nothing is tried again then. */
  open(callback?: (error?: Error) => void): this {
    if (this.state !== "closed") return this
    this.stopped = false
    this.state = "opening"
    const engine = (this.engine = new Engine(withDefaults(this.opts)))
    const { timeout = 20000 } = this.opts

    const failed = (error: Error) => {
      this.cleanup()
      this.state = "closed"
      this.fire("error", error)
      if (callback) callback(error)
      else if (!this.reconnecting && !this.backoff.attempts) this.reconnect()
    }
    engine.on("open", () => {
      this.onOpen(engine)
      callback?.()
    })
    engine.on("error", failed)
    if (timeout !== false) {
      const timer = setTimeout(() => {
        this.cleanup()
        engine.off().close()
        failed(new Error("timeout"))
      }, timeout)
      this.cleanups.push(() => clearTimeout(timer))
    }
    this.cleanups.push(() => engine.off())
    return this
  }

  connect(callback?: (error?: Error) => void): this {
    return this.open(callback)
  }

  private onOpen(engine: Engine): void {
    this.cleanup()
    this.state = "open"
    this.reconnecting = false
    engine.on("ping", () => this.fire("ping"))
    engine.on("data", data => this.onData(data))
    engine.on("error", error => this.fire("error", error))
    engine.on("close", (reason, details) => this.onClose(reason, details))
    this.cleanups.push(() => engine.off())
    this.fire("open")
  }

  private onData(data: Parameters<Decoder["add"]>[0]): void {
    let packet
    try {
      packet = this.decoder.add(data)
    } catch (error) {
      this.onClose("parse error", error)
      return
    }
    // Later, so that what a listener throws is not taken for a broken packet.
    if (packet) {
      const delivered = packet
      queueMicrotask(() => this.fire("packet", delivered))
    }
  }

  /** Returns the socket of a namespace. */
  socket(nsp: string, opts?: Options): Socket {
    const known = this.nsps[nsp]
    if (!known) return (this.nsps[nsp] = new Socket(this, nsp, opts))
    if (this.opts.autoConnect !== false && !known.active) known.connect()
    return known
  }

  /** Whether the connection stands and can take packets. */
  isOpen(): boolean {
    return this.state === "open"
  }

  isReconnecting(): boolean {
    return this.reconnecting
  }

  send(packet: Packet): void {
    for (const message of encode(packet)) this.engine?.send(message, packet.compress)
  }

  /** Closes the connection, unless a socket still needs it. */
  release(): void {
    if (!Object.values(this.nsps).some(socket => socket.active)) this.close()
  }

  /** Closes the connection for good: nothing is tried again until open(). */
  close(): void {
    this.stopped = true
    this.reconnecting = false
    this.onClose("forced close")
  }

  private onClose(reason: string, details?: unknown): void {
    this.cleanup()
    this.engine?.close()
    this.backoff.reset()
    this.state = "closed"
    this.fire("close", reason, details)
    if (!this.stopped) this.reconnect()
  }

  private cleanup(): void {
    for (const undo of this.cleanups.splice(0)) undo()
    this.decoder.reset()
  }

  private reconnect(): void {
    const { reconnection = true, reconnectionAttempts } = this.opts
    if (!reconnection || this.reconnecting || this.stopped) return
    if (this.backoff.attempts >= (reconnectionAttempts || Infinity)) {
      this.backoff.reset()
      this.fire("reconnect_failed")
      return
    }
    this.reconnecting = true
    const timer = setTimeout(() => {
      if (this.stopped) return
      this.fire("reconnect_attempt", this.backoff.attempts)
      if (this.stopped) return
      this.open(error => {
        this.reconnecting = false
        if (error) {
          this.reconnect()
          this.fire("reconnect_error", error)
          return
        }
        const attempts = this.backoff.attempts
        this.backoff.reset()
        this.fire("reconnect", attempts)
      })
    }, this.backoff.next())
    this.cleanups.push(() => clearTimeout(timer))
  }
}

// A Manager owns the connection to one server, shares it between the sockets
// of its namespaces, and brings it back when it is lost.

import { backoff } from "./backoff.js"
import { Emitter, type Listener } from "./emitter.js"
import { Engine } from "./engine/engine.js"
import type { ConnectionOptions } from "./engine/options.js"
import type { Data } from "./engine/packet.js"
import { Decoder, encode, type Packet } from "./packet.js"
import { Socket, type SocketOptions } from "./socket.js"
import { parse } from "./url.js"

interface Reconnection {
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
}

export interface ManagerOptions extends ConnectionOptions, Reconnection {
  /** Whether to connect at once. Default true. */
  autoConnect: boolean
}

export type Options = Partial<ManagerOptions & SocketOptions>

/**
 * Events: "open", "error" (error), "close" (reason, details), "ping",
 * "packet" (packet), "reconnect_attempt" (number), "reconnect" (number),
 * "reconnect_error" (error), "reconnect_failed".
 */
export class Manager extends Emitter {
  readonly uri: string
  readonly opts: Options
  /** The connection of now; undefined before the first. */
  engine?: Engine
  /** The sockets by namespace. */
  readonly nsps: Record<string, Socket> = {}

  _state: "closed" | "opening" | "open" = "closed"
  _reconnecting = false

  private _stopped = false // the connection was closed on purpose
  private _attempts = 0 // to reconnect
  private readonly _settings: Reconnection
  private _decoder = new Decoder()
  private _cleanups: (() => void)[] = []

  constructor(uri?: string | Options, opts: Options = {}) {
    super()
    if (typeof uri === "object") [uri, opts] = [undefined, uri]
    const { hostname, port, secure, query, id } = parse(uri)
    this.uri = uri ?? id
    this.opts = { ...opts, hostname, port, secure, query: query ?? opts.query }
    this._settings = {
      reconnection: opts.reconnection ?? true,
      reconnectionAttempts: opts.reconnectionAttempts || Infinity,
      reconnectionDelay: opts.reconnectionDelay ?? 1000,
      reconnectionDelayMax: opts.reconnectionDelayMax ?? 5000,
      randomizationFactor: opts.randomizationFactor ?? 0.5,
      timeout: opts.timeout ?? 20000,
    }
    if (opts.autoConnect !== false) this.open()
  }

  /** Connects. The callback gets the error of a failure, after which nothing is tried again. */
  open(callback?: (error?: Error) => void): this {
    if (this._state !== "closed") return this
    this._stopped = false
    this._state = "opening"
    const engine = (this.engine = new Engine(this.opts))
    const { timeout } = this._settings

    const failed = (error: Error) => {
      this._cleanup()
      engine.close()
      this._state = "closed"
      this._fire("error", error)
      if (callback) callback(error)
      else if (!this._attempts) this._reconnect()
    }
    this._listen(engine, "open", () => {
      this._onOpen(engine)
      callback?.()
    })
    this._listen(engine, "error", failed)
    if (timeout !== false) {
      const timer = setTimeout(() => failed(new Error("timeout")), timeout)
      this._cleanups.push(() => clearTimeout(timer))
    }
    return this
  }

  connect(callback?: (error?: Error) => void): this {
    return this.open(callback)
  }

  private _onOpen(engine: Engine): void {
    this._cleanup()
    this._state = "open"
    this._reconnecting = false
    this._listen(engine, "ping", () => this._fire("ping"))
    this._listen(engine, "data", data => this._onData(data))
    this._listen(engine, "error", error => this._fire("error", error))
    this._listen(engine, "close", (reason, details) => this._onClose(reason, details))
    this._fire("open")
  }

  private _listen(engine: Engine, event: string, fn: Listener): void {
    engine.on(event, fn)
    this._cleanups.push(() => engine.off(event, fn))
  }

  private _onData(data: Data): void {
    let packet
    try {
      packet = this._decoder.add(data)
    } catch (error) {
      this._onClose("parse error", error)
    }
    if (packet) this._fire("packet", packet)
  }

  /** Returns the socket of a namespace. */
  socket(nsp: string, opts?: Options): Socket {
    const known = this.nsps[nsp]
    if (!known) return (this.nsps[nsp] = new Socket(this, nsp, opts))
    if (this.opts.autoConnect !== false && !known.active) known.connect()
    return known
  }

  _send(packet: Packet): void {
    for (const message of encode(packet)) this.engine?.send(message, packet.compress)
  }

  /** Closes the connection, unless a socket still needs it. */
  _release(): void {
    if (!Object.values(this.nsps).some(socket => socket.active)) this.close()
  }

  /** Closes the connection for good: nothing is tried again until open(). */
  close(): void {
    this._stopped = true
    this._reconnecting = false
    this._onClose("forced close")
  }

  private _onClose(reason: string, details?: unknown): void {
    this._cleanup()
    this.engine?.close()
    this._attempts = 0
    this._state = "closed"
    this._fire("close", reason, details)
    this._reconnect()
  }

  /** Undoes what belongs to the present state: listeners and timers. */
  private _cleanup(): void {
    for (const undo of this._cleanups.splice(0)) undo()
    this._decoder._reset()
  }

  private _reconnect(): void {
    const { reconnection, reconnectionAttempts, reconnectionDelay, reconnectionDelayMax, randomizationFactor } = this._settings
    if (!reconnection || this._reconnecting || this._stopped || this._state !== "closed") return
    if (this._attempts >= reconnectionAttempts) {
      this._attempts = 0
      this._fire("reconnect_failed")
      return
    }
    this._reconnecting = true
    const attempt = () => {
      this._fire("reconnect_attempt", this._attempts)
      if (this._stopped) return
      this.open(error => {
        this._reconnecting = false
        if (error) {
          this._reconnect()
          this._fire("reconnect_error", error)
          return
        }
        const attempts = this._attempts
        this._attempts = 0
        this._fire("reconnect", attempts)
      })
    }
    const timer = setTimeout(attempt, backoff(this._attempts++, reconnectionDelay, reconnectionDelayMax, randomizationFactor))
    this._cleanups.push(() => clearTimeout(timer))
  }

  private _set<K extends keyof Reconnection>(key: K, value?: Reconnection[K]): this | Reconnection[K] {
    if (value === undefined) return this._settings[key]
    this._settings[key] = value
    return this
  }

  // Each of these returns the setting, or sets it and returns the manager.

  reconnection(): boolean
  reconnection(on: boolean): this
  reconnection(on?: boolean): this | boolean {
    if (on === false) this._stopped = true // also the attempts under way
    return this._set("reconnection", on)
  }

  reconnectionAttempts(): number
  reconnectionAttempts(n: number): this
  reconnectionAttempts(n?: number): this | number {
    return this._set("reconnectionAttempts", n)
  }

  reconnectionDelay(): number
  reconnectionDelay(ms: number): this
  reconnectionDelay(ms?: number): this | number {
    return this._set("reconnectionDelay", ms)
  }

  reconnectionDelayMax(): number
  reconnectionDelayMax(ms: number): this
  reconnectionDelayMax(ms?: number): this | number {
    return this._set("reconnectionDelayMax", ms)
  }

  randomizationFactor(): number
  randomizationFactor(share: number): this
  randomizationFactor(share?: number): this | number {
    return this._set("randomizationFactor", share)
  }

  timeout(): number | false
  timeout(ms: number | false): this
  timeout(ms?: number | false): this | number | false {
    return this._set("timeout", ms)
  }
}

// A Manager owns the connection to one server, shares it between the sockets
// of its namespaces, and brings it back when it is lost.

import { backoff } from "./backoff.js"
import { defaults } from "./defaults.js"
import { Emitter } from "./emitter.js"
import { Engine } from "./engine/engine.js"
import type { ConnectionOptions } from "./engine/options.js"
import type { Data } from "./engine/packet.js"
import type { DefaultEventsMap, EventsMap, Listener } from "./events.js"
import type { Decoder, Encoder, Packet, Parser } from "./parser.js"
import { Socket } from "./socket.js"
import { timer } from "./timer.js"
import type { DisconnectDescription, SocketOptions } from "./types.js"
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
  /** Makes a connection of its own. Default false. */
  forceNew: boolean
  /** Whether sockets of several namespaces share a connection. Default true. */
  multiplex: boolean
  /** Whether to connect at once. Default true. */
  autoConnect: boolean
  /** Turns packets into messages and back; the server must have the same. Default: that of the bundle. */
  parser: Parser
}

export type Options = Partial<ManagerOptions & SocketOptions>

/** The events of a Manager. */
export interface ManagerReservedEvents {
  /** There is a connection: the first, or again. */
  open: () => void
  /** An attempt to connect has failed, or a connection. */
  error: (error: Error) => void
  close: (reason: string, description?: DisconnectDescription) => void
  /** The server has asked whether the client is there, and got an answer. */
  ping: () => void
  packet: (packet: Packet) => void
  /** Before an attempt to connect again: its number, from 1. */
  reconnect_attempt: (attempt: number) => void
  reconnect_error: (error: Error) => void
  /** There have been reconnectionAttempts, and there is no further one. */
  reconnect_failed: () => void
  /** The attempt of that number was successful. */
  reconnect: (attempt: number) => void
}

/** The connection to a server. The type parameters are the events that its
 * sockets listen to, and those that they emit. */
export class Manager<Listen extends EventsMap = DefaultEventsMap, Emit extends EventsMap = Listen> extends Emitter<
  {},
  ManagerReservedEvents
> {
  readonly uri: string
  readonly opts: Options
  /** The connection of now; undefined before the first. */
  engine?: Engine
  /** The sockets by namespace. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly nsps: Record<string, Socket<any, any>> = {}

  _state: "closed" | "opening" | "open" = "closed"
  _reconnecting = false

  private _stopped = false // the connection was closed on purpose
  private _attempts = 0 // to reconnect
  private readonly _settings: Reconnection
  private readonly _encoder: Encoder
  private readonly _decoder: Decoder
  private _cleanups: (() => void)[] = []

  constructor(uri?: string | Options, opts: Options = {}) {
    super()
    if (typeof uri === "object") [uri, opts] = [undefined, uri]
    if (!uri && (opts.host ?? opts.hostname)) {
      uri = `http${opts.secure ? "s" : ""}://${opts.host ?? opts.hostname}${opts.port ? ":" + opts.port : ""}`
    }
    const { hostname, port, secure, query, id } = parse(uri)
    this.uri = uri ?? id
    this.opts = { ...opts, hostname, port, secure, query: query ?? opts.query, _cookies: opts.withCredentials ? defaults._cookies?.() : undefined }
    this._settings = {
      reconnection: opts.reconnection ?? true,
      reconnectionAttempts: opts.reconnectionAttempts || Infinity,
      reconnectionDelay: opts.reconnectionDelay ?? 1000,
      reconnectionDelayMax: opts.reconnectionDelayMax ?? 5000,
      randomizationFactor: opts.randomizationFactor ?? 0.5,
      timeout: opts.timeout ?? 20000,
    }
    const parser = opts.parser ?? defaults._parser
    this._encoder = new parser.Encoder()
    this._decoder = new parser.Decoder()
    this._decoder.on("decoded", packet => this._fire("packet", packet))
    if (opts.autoConnect !== false) this.open()
  }

  /** Whether there is a connection, or it is tried for now or later. */
  get _alive(): boolean {
    return this._state !== "closed" || this._reconnecting || (this._settings.reconnection && !this._stopped)
  }

  /** Has the sockets tell what has become of them. */
  private _notify(): void {
    for (const socket of Object.values(this.nsps)) socket._notify()
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
      if (callback && !this._reconnecting) this._stopped = true
      this._fire("error", error)
      if (callback) callback(error)
      else if (!this._attempts) this._reconnect()
      this._notify()
    }
    this._listen(engine, "open", () => {
      this._onOpen(engine)
      callback?.()
    })
    this._listen(engine, "error", failed)
    if (timeout !== false) this._cleanups.push(timer(this.opts, () => failed(new Error("timeout")), timeout))
    this._notify()
    return this
  }

  /** The same as open. */
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
    try {
      this._decoder.add(data)
    } catch (error) {
      this._onClose("parse error", error)
    }
  }

  /** Returns the socket of a namespace, the same one each time. */
  socket(nsp: string, opts?: Options): Socket<Listen, Emit> {
    const known = this.nsps[nsp]
    if (!known) return (this.nsps[nsp] = new Socket<Listen, Emit>(this, nsp, opts))
    if (this.opts.autoConnect !== false && !known.active) known.connect()
    return known
  }

  _send(packet: Packet): void {
    for (const message of this._encoder.encode(packet)) this.engine?.send(message, packet.options)
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
    this._notify()
  }

  /** Undoes what belongs to the present state: listeners and timers. */
  private _cleanup(): void {
    for (const undo of this._cleanups.splice(0)) undo()
    this._decoder.destroy()
  }

  private _reconnect(): void {
    const { reconnection, reconnectionAttempts, reconnectionDelay, reconnectionDelayMax, randomizationFactor } = this._settings
    if (!reconnection || this._reconnecting || this._stopped || this._state !== "closed") return
    if (this._attempts >= reconnectionAttempts) {
      this._attempts = 0
      this._stopped = true
      this._fire("reconnect_failed")
      return
    }
    this._reconnecting = true
    const attempt = () => {
      if (!this._stopped) this._fire("reconnect_attempt", this._attempts)
      if (this._stopped) {
        this._reconnecting = false
        this._notify()
        return
      }
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
    const delay = backoff(this._attempts++, reconnectionDelay, reconnectionDelayMax, randomizationFactor)
    this._cleanups.push(timer(this.opts, attempt, delay))
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

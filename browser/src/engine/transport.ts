// What carries the packets of a connection. The place of new transports.
//
// Events: "open", "packet" (packet), "drain", "error" (error), "close" (details).

import { Emitter } from "../emitter.js"
import { decode, type Packet } from "./packet.js"
import type { EngineOptions } from "./options.js"

/** Why a transport failed; what the page gets as the argument of connect_error. */
export class TransportError extends Error {
  readonly type = "TransportError"
  constructor(
    message: string,
    readonly description?: unknown,
    readonly context?: unknown,
  ) {
    super(message)
  }
}

/** A transport as the engine makes it; its prototype has the name. */
export interface TransportClass {
  new (opts: EngineOptions, query: Record<string, string>): Transport
  readonly prototype: Transport
}

export abstract class Transport extends Emitter {
  abstract readonly name: string
  writable = false
  protected _state: "opening" | "open" | "pausing" | "paused" | "closed" = "opening"

  constructor(
    protected readonly _opts: EngineOptions,
    readonly query: Record<string, string>, // of this transport, beside the page's
  ) {
    super()
  }

  abstract _open(): void
  /** Sends a batch; "drain" says that the next can follow. */
  abstract _send(packets: Packet[]): void
  protected abstract _doClose(wasOpen: boolean): void

  _close(): void {
    if (this._closed) return
    const wasOpen = this._state !== "opening"
    this._onClose()
    this._doClose(wasOpen)
  }

  protected get _closed(): boolean {
    return this._state === "closed"
  }

  protected _onOpen(): void {
    this._state = "open"
    this.writable = true
    this._fire("open")
  }

  protected _onData(data: string | ArrayBuffer): void {
    this._onPacket(decode(data))
  }

  protected _onPacket(packet: Packet | undefined): void {
    this._fire("packet", packet)
  }

  protected _onDrain(): void {
    if (this._closed) return
    this.writable = true
    this._fire("drain")
  }

  protected _onError(message: string, description?: unknown, context?: unknown): void {
    if (!this._closed) this._fire("error", new TransportError(message, description, context))
  }

  protected _onClose(details?: unknown): void {
    if (this._closed) return
    this._state = "closed"
    this.writable = false
    this._fire("close", details)
  }

  protected _url(scheme: "http" | "ws"): string {
    const { secure, hostname = "localhost", port, path = "/socket.io", addTrailingSlash, timestampRequests } = this._opts
    const params = new URLSearchParams(this._opts.query as Record<string, string>) // which makes strings of values
    for (const [key, value] of Object.entries({ EIO: "4", transport: this.name, ...this.query })) params.set(key, value)
    if (timestampRequests ?? scheme === "http") params.set(this._opts.timestampParam ?? "t", Math.random().toString(36).slice(2, 10))
    const host = hostname.includes(":") && hostname[0] !== "[" ? `[${hostname}]` : hostname
    const suffix = !port || +port === (secure ? 443 : 80) ? "" : ":" + port
    return `${scheme}${secure ? "s" : ""}://${host}${suffix}${path.replace(/\/$/, "")}${addTrailingSlash === false ? "" : "/"}?${params}`
  }
}

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

export abstract class Transport extends Emitter {
  abstract readonly name: string
  writable = false
  protected state: "opening" | "open" | "pausing" | "paused" | "closed" = "opening"

  constructor(
    protected opts: EngineOptions,
    readonly query: Record<string, string>,
  ) {
    super()
  }

  abstract open(): void
  /** Sends a batch; "drain" says that the next can follow. */
  abstract send(packets: Packet[]): void
  protected abstract doClose(wasOpen: boolean): void

  close(): void {
    if (this.state === "closed") return
    const wasOpen = this.state !== "opening"
    this.onClose()
    this.doClose(wasOpen)
  }

  protected onOpen(): void {
    this.state = "open"
    this.writable = true
    this.fire("open")
  }

  protected onData(data: string | ArrayBuffer): void {
    this.onPacket(decode(data))
  }

  protected onPacket(packet: Packet | undefined): void {
    this.fire("packet", packet)
  }

  protected onDrain(): void {
    this.writable = true
    this.fire("drain")
  }

  protected onError(message: string, description?: unknown, context?: unknown): void {
    if (this.state !== "closed") this.fire("error", new TransportError(message, description, context))
  }

  protected onClose(details?: unknown): void {
    this.state = "closed"
    this.writable = false
    this.fire("close", details)
  }

  protected url(scheme: "http" | "ws"): string {
    const { secure, hostname, port, path, timestampRequests, timestampParam, query } = this.opts
    const params = new URLSearchParams()
    for (const [key, value] of Object.entries({ ...query, EIO: "4", transport: this.name, ...this.query })) {
      params.set(key, String(value))
    }
    if (timestampRequests || (scheme === "http" && timestampRequests !== false)) {
      params.set(timestampParam, Math.random().toString(36).slice(2, 10))
    }
    const host = hostname.includes(":") && !hostname.startsWith("[") ? `[${hostname}]` : hostname
    const standard = !port || port === (secure ? "443" : "80")
    return `${scheme}${secure ? "s" : ""}://${host}${standard ? "" : ":" + port}${path}?${params}`
  }
}

// HTTP long-polling: a GET that waits for packets, POSTs that bring them.

import { Transport } from "./transport.js"
import { decodePayload, encodePayload, Type, type Packet } from "./packet.js"

export class Polling extends Transport {
  readonly name = "polling"
  private polling = false
  private aborter = new AbortController()
  private idle?: () => void // called when a pause has nothing to wait for any more

  open(): void {
    void this.poll()
  }

  send(packets: Packet[]): void {
    this.writable = false
    void this.post(packets)
  }

  /** Stops polling once the requests under way have ended, then calls back. */
  pause(paused: () => void): void {
    this.state = "pausing"
    this.idle = () => {
      this.state = "paused"
      paused()
    }
    this.checkIdle()
  }

  /** Goes on after a pause that has led to nothing. */
  resume(): void {
    if (this.state !== "pausing" && this.state !== "paused") return
    this.idle = undefined
    this.state = "open"
    if (!this.polling) void this.poll()
  }

  private checkIdle(): void {
    if (this.idle && !this.polling && this.writable) {
      const idle = this.idle
      this.idle = undefined
      idle()
    }
  }

  private async poll(): Promise<void> {
    this.polling = true
    const payload = await this.request("poll")
    this.polling = false
    if (payload === undefined || this.state === "closed") return
    for (const packet of decodePayload(payload)) {
      if (this.state === "opening" && packet?.type === Type.Open) this.onOpen()
      if (packet?.type === Type.Close) {
        this.onClose({ description: "transport closed by the server" })
        return
      }
      this.onPacket(packet)
      if (this.closed()) return
    }
    if (this.state === "open") void this.poll()
    else this.checkIdle()
  }

  private async post(packets: Packet[]): Promise<void> {
    const answer = await this.request("post", await encodePayload(packets))
    if (answer === undefined || this.state === "closed") return
    this.onDrain()
    this.checkIdle()
  }

  /** Makes a request and returns the body of the answer, or undefined after an error. */
  private async request(kind: "poll" | "post", body?: string): Promise<string | undefined> {
    const { extraHeaders, withCredentials, requestTimeout } = this.opts
    const headers: Record<string, string> = { Accept: "*/*", ...extraHeaders }
    if (body !== undefined) headers["Content-type"] = "text/plain;charset=UTF-8"
    const signals = [this.aborter.signal]
    if (requestTimeout) signals.push(AbortSignal.timeout(requestTimeout))
    let status = 0
    let context: unknown
    try {
      const response = await fetch(this.url("http"), {
        method: body === undefined ? "GET" : "POST",
        body,
        headers,
        cache: "no-store",
        credentials: withCredentials ? "include" : "same-origin",
        signal: signals.length > 1 ? AbortSignal.any(signals) : signals[0],
      })
      context = response
      status = response.status
      if (status === 200) return await response.text()
    } catch (error) {
      context ??= error
    }
    this.onError(`xhr ${kind} error`, status, context)
    return undefined
  }

  protected doClose(wasOpen: boolean): void {
    // The pending poll is left to the server, which ends it; a handshake is not.
    if (wasOpen) void this.post([{ type: Type.Close }])
    else this.aborter.abort()
  }

  private closed(): boolean {
    return this.state === "closed"
  }
}

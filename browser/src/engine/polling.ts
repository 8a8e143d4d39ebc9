// HTTP long-polling: a GET that waits for packets, POSTs that bring them.

import { timer } from "../timer.js"
import { Transport } from "./transport.js"
import { decodePayload, encodePayload, Type, type Packet } from "./packet.js"

export class Polling extends Transport {
  private _polling = false
  private _posting = false
  private _aborter = new AbortController()
  private _paused?: () => void // called when a pause has nothing to wait for any more

  get name(): string {
    return "polling"
  }

  _open(): void {
    void this._poll()
  }

  _send(packets: Packet[]): void {
    this.writable = false
    void this._post(packets)
  }

  /** Stops polling once the requests under way have ended, then calls back. */
  _pause(paused: () => void): void {
    this._state = "pausing"
    this._paused = paused
    this._checkPause()
  }

  /** Goes on after a pause that has led to nothing. */
  _resume(): void {
    if (this._closed) return
    this._state = "open"
    if (!this._polling) void this._poll()
  }

  private _checkPause(): void {
    if (this._state !== "pausing" || this._polling || this._posting) return
    this._state = "paused"
    this._paused!()
  }

  private async _poll(): Promise<void> {
    this._polling = true
    const payload = await this._request("poll")
    this._polling = false
    if (payload === undefined) return
    for (const packet of decodePayload(payload)) {
      if (this._closed) return
      if (this._state === "opening" && packet?.type === Type.Open) this._onOpen()
      if (packet?.type === Type.Close) this._onClose({ description: "transport closed by the server" })
      else this._onPacket(packet)
    }
    if (this._state === "open") void this._poll()
    else this._checkPause()
  }

  private async _post(packets: Packet[]): Promise<void> {
    this._posting = true
    const answer = await this._request("post", packets)
    this._posting = false
    if (answer === undefined) return
    this._onDrain()
    this._checkPause()
  }

  /** Makes a request and returns the body of the answer, or undefined after an error. */
  private async _request(kind: "poll" | "post", packets?: Packet[]): Promise<string | undefined> {
    const { extraHeaders, withCredentials, requestTimeout } = this._opts
    const cancel = requestTimeout ? timer(this._opts, () => this._aborter.abort(), requestTimeout) : undefined
    let status = 0
    let context: unknown
    try {
      const response = await this._fetch(this._url("http"), {
        method: packets ? "POST" : "GET",
        body: packets && (await encodePayload(packets)),
        headers: { Accept: "*/*", ...(packets && { "Content-type": "text/plain;charset=UTF-8" }), ...extraHeaders },
        cache: "no-store",
        credentials: withCredentials ? "include" : "same-origin",
        signal: this._aborter.signal,
      })
      context = response
      status = response.status
      if (status === 200) return await response.text()
    } catch (error) {
      context ??= error
    } finally {
      cancel?.()
    }
    this._onError(`xhr ${kind} error`, status, context)
    return undefined
  }

  protected _fetch(url: string, init: RequestInit): Promise<Pick<Response, "status" | "text">> {
    return fetch(url, init)
  }

  protected _doClose(wasOpen: boolean): void {
    // The server answers a pending poll when it hears of the close. It may have
    // no second POST beside the one under way, and a handshake is of no use any more.
    const abort = () => this._aborter.abort()
    if (wasOpen && !this._posting) void this._post([{ type: Type.Close }]).then(abort)
    else abort()
  }
}

// WebSocket: a message of the protocol is a packet.

import { timer } from "../timer.js"
import { Transport } from "./transport.js"
import { encodeText, type Packet } from "./packet.js"

/** React Native's WebSocket and that of Node's packages can send headers; the others know no third argument. */
type Constructor = new (url: string, protocols: string | string[], options: { headers?: Record<string, string> }) => WebSocket

export class WebSocketTransport extends Transport {
  private _ws?: WebSocket

  get name(): string {
    return "websocket"
  }

  _open(): void {
    let ws
    try {
      ws = this._dial(this._url("ws"), this._opts.protocols ?? [])
    } catch (error) {
      timer(this._opts, () => this._onError("websocket error", error)) // when there are listeners
      return
    }
    this._ws = ws
    ws.binaryType = "arraybuffer"
    ws.onopen = () => this._onOpen()
    ws.onmessage = ({ data }) => this._onData(data)
    ws.onerror = event => this._onError("websocket error", event)
    ws.onclose = event => this._onClose({ description: "websocket connection closed", context: event })
  }

  protected _dial(url: string, protocols: string | string[]): WebSocket {
    return new (WebSocket as Constructor)(url, protocols, { headers: this._opts.extraHeaders })
  }

  _send(packets: Packet[]): void {
    this.writable = false
    this._write(packets).then(
      () => this._onDrain(),
      error => this._onError("websocket error", error),
    )
  }

  private async _write(packets: Packet[]): Promise<void> {
    for (const packet of packets) {
      const { type, data = "" } = packet
      if (typeof data === "string") this._ws?.send(type + data)
      else this._ws?.send(this._opts.forceBase64 ? await encodeText(packet) : (data as ArrayBuffer))
    }
  }

  protected _doClose(): void {
    this._ws?.close()
  }
}

// WebSocket: a message of the protocol is a packet.

import { Transport } from "./transport.js"
import { encodeText, type Packet } from "./packet.js"

export class WebSocketTransport extends Transport {
  readonly name = "websocket"
  private _ws?: WebSocket

  _open(): void {
    let ws
    try {
      ws = new WebSocket(this._url("ws"), this._opts.protocols)
    } catch (error) {
      setTimeout(() => this._onError("websocket error", error)) // when there are listeners
      return
    }
    this._ws = ws
    ws.binaryType = "arraybuffer"
    ws.onopen = () => this._onOpen()
    ws.onmessage = ({ data }) => this._onData(data)
    ws.onerror = event => this._onError("websocket error", event)
    ws.onclose = event => this._onClose({ description: "websocket connection closed", context: event })
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

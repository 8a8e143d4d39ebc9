// WebSocket: a message of the protocol is a packet.

import { Transport } from "./transport.js"
import { encodeText, type Packet } from "./packet.js"

export class WebSocketTransport extends Transport {
  readonly name = "websocket"
  private ws?: WebSocket

  open(): void {
    let ws
    try {
      ws = new WebSocket(this.url("ws"), this.opts.protocols)
    } catch (error) {
      setTimeout(() => this.onError("websocket error", error)) // when there are listeners
      return
    }
    this.ws = ws
    ws.binaryType = "arraybuffer"
    ws.onopen = () => this.onOpen()
    ws.onmessage = ({ data }) => this.onData(data)
    ws.onerror = event => this.onError("websocket error", event)
    ws.onclose = event => {
      if (this.state !== "closed") this.onClose({ description: "websocket connection closed", context: event })
    }
  }

  send(packets: Packet[]): void {
    this.writable = false
    void this.write(packets).then(() => {
      if (this.state !== "closed") this.onDrain()
    })
  }

  private async write(packets: Packet[]): Promise<void> {
    for (const packet of packets) {
      const { type, data } = packet
      if (data === undefined || typeof data === "string") this.ws?.send(type + (data ?? ""))
      else this.ws?.send(this.opts.forceBase64 ? await encodeText(packet) : (data as ArrayBuffer))
    }
  }

  protected doClose(): void {
    this.ws?.close()
  }
}

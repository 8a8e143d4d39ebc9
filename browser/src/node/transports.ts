// The transports of Node: those of browsers, over Node's own modules.

import { request as plain } from "node:http"
import { request as secure } from "node:https"
import type { Packet } from "../engine/packet.js"
import { Polling } from "../engine/polling.js"
import type { TransportClass } from "../engine/transport.js"
import { WebSocketTransport } from "../engine/websocket.js"
import { requestOptions } from "./options.js"
import { NodeSocket } from "./websocket.js"

export class NodePolling extends Polling {
  protected override _fetch(url: string, { method, body, headers, signal }: RequestInit): Promise<Pick<Response, "status" | "text">> {
    const { _opts } = this
    const address = new URL(url)
    return new Promise((resolve, reject) => {
      const options = requestOptions(_opts, method!, headers as Record<string, string>)
      const req = (address.protocol === "https:" ? secure : plain)(address, { ...options, signal })
      req.on("socket", socket => _opts.autoUnref && socket.unref())
      req.on("error", reject)
      req.on("response", response => {
        _opts._cookies?._set(response.headers["set-cookie"])
        let text = ""
        const whole = new Promise<string>((done, failed) => {
          response.setEncoding("utf8")
          response.on("data", chunk => (text += chunk))
          response.on("end", () => done(text))
          response.on("error", failed)
        })
        whole.catch(() => {}) // nobody may read it
        resolve({ status: response.statusCode, text: () => whole })
      })
      req.end(body as string | undefined)
    })
  }
}

export class NodeWebSocket extends WebSocketTransport {
  protected override _dial(url: string, protocols: string | string[]): WebSocket {
    return new NodeSocket(url, protocols, this._opts) as unknown as WebSocket
  }

  /** Reads Blobs first, which the WebSocket of browsers does itself. */
  override _send(packets: Packet[]): void {
    if (!packets.some(({ data }) => data instanceof Blob)) return super._send(packets)
    this.writable = false
    const read = async (packet: Packet) => (packet.data instanceof Blob ? { ...packet, data: await packet.data.arrayBuffer() } : packet)
    Promise.all(packets.map(read)).then(
      read => super._send(read),
      error => this._onError("websocket error", error),
    )
  }
}

export const transports: Record<string, TransportClass> = { polling: NodePolling, websocket: NodeWebSocket }

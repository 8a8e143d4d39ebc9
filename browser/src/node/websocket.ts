// A WebSocket for Node, which had none before version 22, and none that takes
// headers, agents and certificates: as much as the transport uses of the browser's.

import { createHash, randomBytes } from "node:crypto"
import { request as plain, type IncomingMessage } from "node:http"
import { request as secure } from "node:https"
import type { Socket } from "node:net"
import type { EngineOptions } from "../engine/options.js"
import { timer } from "../timer.js"
import { frame, FrameReader, Opcode, ProtocolError, type Message } from "./frames.js"
import { requestOptions } from "./options.js"

/** Milliseconds that the server may take to answer a close frame. */
const closing = 30_000

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()

/** The handlers get what those of a browser's WebSocket get, as far as the transport looks at it. */
export class NodeSocket {
  onopen?: () => void
  onmessage?: (event: { data: string | ArrayBuffer }) => void
  onerror?: (event: { type: "error"; message: string; error: Error }) => void
  onclose?: (event: { type: "close"; code: number; reason: string }) => void

  private _socket?: Socket // once the handshake is done
  private readonly _reader = new FrameReader(message => this._take(message))
  private _abort: () => void
  private _cancel?: () => void // the timer of a close
  private _closed = false
  private _sentClose = false
  private _code = 1006
  private _reason = ""

  constructor(
    url: string,
    protocols: string | string[],
    private readonly _opts: EngineOptions,
  ) {
    const address = new URL(url.replace(/^ws/, "http"))
    const key = btoa(String.fromCharCode(...randomBytes(16)))
    const names = [protocols].flat()
    const headers: Record<string, string> = {
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Key": key,
      "Sec-WebSocket-Version": "13",
      ...(names.length && { "Sec-WebSocket-Protocol": names.join(", ") }),
    }
    const req = (address.protocol === "https:" ? secure : plain)(address, requestOptions(_opts, "GET", headers))
    this._abort = () => req.destroy()
    req.on("socket", socket => _opts.autoUnref && socket.unref())
    req.on("error", error => this._fail(error))
    req.on("response", response => {
      req.destroy()
      this._fail(new Error("Unexpected server response: " + response.statusCode))
    })
    req.on("upgrade", (response, socket, head) => {
      const problem = refusal(response, key, names)
      if (problem) {
        socket.destroy()
        this._fail(new Error(problem))
        return
      }
      _opts._cookies?._set(response.headers["set-cookie"])
      this._open(socket, head)
    })
    req.end()
  }

  private _open(socket: Socket, head: Uint8Array): void {
    if (this._closed) return socket.destroy()
    this._socket = socket
    this._abort = () => socket.destroy()
    socket.setTimeout(0)
    socket.setNoDelay(true)
    socket.on("error", error => this._fail(error))
    socket.on("close", () => this._end())
    socket.on("end", () => socket.end())
    this.onopen?.()
    socket.on("data", chunk => this._read(chunk))
    if (head.length) this._read(head)
  }

  private _read(chunk: Uint8Array): void {
    if (this._closed) return
    try {
      this._reader._add(chunk)
    } catch (error) {
      if (error instanceof ProtocolError) this._blame(error)
      this._fail(error as Error)
    }
  }

  private _take({ opcode, payload }: Message): void {
    if (this._closed) return
    switch (opcode) {
      case Opcode.Text:
        this.onmessage?.({ data: text(payload) })
        break
      case Opcode.Binary:
        this.onmessage?.({ data: payload.buffer as ArrayBuffer })
        break
      case Opcode.Ping:
        this._write(Opcode.Pong, payload)
        break
      case Opcode.Close:
        if (payload.length === 1) throw new ProtocolError("half a code")
        this._code = payload.length ? (payload[0] << 8) | payload[1] : 1005
        this._reason = text(payload.subarray(2))
        this._sendClose(payload.subarray(0, 2))
        this._socket!.end()
        this._end()
    }
  }

  /** Tells the server what it did wrong, and leaves it the time to hear of it. */
  private _blame(error: ProtocolError): void {
    const socket = this._socket!
    this._sendClose(code(error.code))
    this._abort = () => {
      socket.end()
      socket.on("close", timer(this._opts, () => socket.destroy(), closing))
    }
  }

  /** Sends a message: text, or binary data. */
  send(data: string | ArrayBuffer | ArrayBufferView): void {
    if (typeof data === "string") this._write(Opcode.Text, encoder.encode(data))
    else if (ArrayBuffer.isView(data)) this._write(Opcode.Binary, new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    else this._write(Opcode.Binary, new Uint8Array(data))
  }

  /** Closes the connection, once the server has agreed, or has had the time to. */
  close(): void {
    if (!this._socket) {
      this._fail(new Error("WebSocket was closed before the connection was established"))
      return
    }
    this._sendClose(code(1000))
    this._cancel ??= timer(this._opts, this._abort, closing)
  }

  private _sendClose(payload: Uint8Array): void {
    if (!this._sentClose) this._write(Opcode.Close, payload)
    this._sentClose = true
  }

  private _write(opcode: Opcode, payload: Uint8Array): void {
    if (!this._closed && !this._sentClose) this._socket?.write(frame(opcode, payload))
  }

  private _fail(error: Error): void {
    if (this._closed) return
    this.onerror?.({ type: "error", message: error.message, error })
    this._end()
    this._abort()
  }

  private _end(): void {
    if (this._closed) return
    this._closed = true
    this._cancel?.()
    this.onclose?.({ type: "close", code: this._code, reason: this._reason })
  }
}

/** Returns what is wrong with the answer to a handshake (RFC 6455, section 4.1). */
function refusal({ headers }: IncomingMessage, key: string, protocols: string[]): string | undefined {
  const accept = createHash("sha1").update(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64")
  if (headers.upgrade?.toLowerCase() !== "websocket") return "Invalid Upgrade header"
  if (headers["sec-websocket-accept"] !== accept) return "Invalid Sec-WebSocket-Accept header"
  if (headers["sec-websocket-extensions"]) return "Server sent an extension that was not asked for"
  const protocol = headers["sec-websocket-protocol"]
  if (protocol !== undefined && !protocols.includes(protocol)) return "Server sent an invalid subprotocol"
  return undefined
}

const code = (n: number) => Uint8Array.of(n >> 8, n & 0xff)

function text(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new ProtocolError("a text that is not UTF-8", 1007)
  }
}

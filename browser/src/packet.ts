// Socket.IO packets (protocol 5): a text, followed by the binary values of its
// arguments as messages of their own.

import { Emitter } from "./emitter.js"
import type { Data } from "./engine/packet.js"
import { isObject, isValid, PacketType, type Packet } from "./parser.js"

export { PacketType, type Packet }

/** How many binary values a packet from the server may carry. */
const maxAttachments = 10

const isBinary = (v: unknown): v is Exclude<Data, string> =>
  v instanceof ArrayBuffer || ArrayBuffer.isView(v) || (typeof Blob === "function" && v instanceof Blob)

/** Whether there may be a binary value in v. It spares most packets the slow way to JSON. */
function hasBinary(v: unknown): boolean {
  if (!isObject(v)) return false
  const { toJSON } = v as { toJSON?: unknown }
  return isBinary(v) || (typeof toJSON === "function" ? hasBinary(toJSON.call(v)) : Object.values(v).some(hasBinary))
}

export class Encoder {
  /** Returns the messages that carry a packet. Throws what JSON throws. */
  encode(packet: Packet): Data[] {
    return encode(packet)
  }
}

function encode({ type, nsp, data, id }: Packet): Data[] {
  const attachments: Data[] = []
  let count = ""
  let json: string | undefined
  if ((type === PacketType.Event || type === PacketType.Ack) && hasBinary(data)) {
    // The holder has the value as it was before its toJSON, which a Buffer of Node has.
    json = JSON.stringify(data, function (this: Record<string, unknown>, key, value: unknown) {
      const binary = isBinary(this[key]) ? this[key] : value
      return isBinary(binary) ? { _placeholder: true, num: attachments.push(binary) - 1 } : value
    })
    if (attachments.length) {
      type += PacketType.BinaryEvent - PacketType.Event
      count = attachments.length + "-"
    }
  } else {
    json = JSON.stringify(data)
  }
  return [type + count + (nsp === "/" ? "" : nsp + ",") + (id ?? "") + (json ?? ""), ...attachments]
}

/** Puts the binary values back in the place of their placeholders. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function restore(v: any, attachments: Data[]): unknown {
  if (!isObject(v)) return v
  const { _placeholder, num } = v as { _placeholder?: unknown; num?: unknown }
  if (_placeholder === true) {
    if (typeof num !== "number" || !(num in attachments)) throw new Error("illegal attachments")
    return attachments[num]
  }
  for (const key of Object.keys(v)) (v as Record<string, unknown>)[key] = restore((v as Record<string, unknown>)[key], attachments)
  return v
}

/** Decodes the messages of one connection. Throws if they make no packet. */
export class Decoder extends Emitter<{}, { decoded: (packet: Packet) => void }> {
  private _pending?: Packet
  private _missing = 0
  private _attachments: Data[] = []

  /** Takes a message, and tells the packet that it completes, if any. */
  add(message: Data): void {
    const packet = this._add(message)
    if (packet) this._fire("decoded", packet)
  }

  private _add(message: Data): Packet | undefined {
    if (typeof message === "string") {
      if (this._pending) throw new Error("got plaintext data when reconstructing a packet")
      const packet = this._parse(message)
      if (packet.type < PacketType.BinaryEvent) return packet
      packet.type -= PacketType.BinaryEvent - PacketType.Event
      this._pending = packet
      return undefined
    }
    const packet = this._pending
    const attachments = this._attachments
    if (!packet) throw new Error("got binary data when not reconstructing a packet")
    if (attachments.push(message) < this._missing) return undefined
    this.destroy()
    packet.data = restore(packet.data, attachments)
    return packet
  }

  /** Forgets a packet that is not complete. */
  destroy(): void {
    this._pending = undefined
    this._attachments = []
  }

  private _parse(text: string): Packet {
    const match = /^([0-6])(?:(?<=[56])(\d+)-)?(?:(\/[^,]*)(?:,|$))?(\d+)?/.exec(text)
    if (!match) throw new Error("unknown packet type " + text[0])
    const [head, digit, count, nsp = "/", id] = match
    const packet: Packet = { type: +digit, nsp }
    if (packet.type >= PacketType.BinaryEvent) {
      this._missing = +count
      if (!this._missing) throw new Error("Illegal attachments")
      if (this._missing > maxAttachments) throw new Error("too many attachments")
    }
    if (id) packet.id = +id
    const payload = text.slice(head.length)
    try {
      if (payload) packet.data = JSON.parse(payload)
    } catch {
      packet.data = null // which no type takes
    }
    if (!isValid(packet)) throw new Error("invalid payload")
    return packet
  }
}

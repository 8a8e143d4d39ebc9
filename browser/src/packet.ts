// Socket.IO packets (protocol 5): a text, followed by the binary values of its
// arguments as messages of their own.

import type { Data } from "./engine/packet.js"

export const enum PacketType {
  Connect = 0,
  Disconnect = 1,
  Event = 2,
  Ack = 3,
  ConnectError = 4,
  BinaryEvent = 5,
  BinaryAck = 6,
}

export interface Packet {
  type: number // a PacketType
  nsp: string
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  data?: any
  id?: number
  compress?: boolean
}

const reserved = ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"]

export const isReserved = (event: unknown): boolean => reserved.includes(event as string)

/** How many binary values a packet from the server may carry. */
const maxAttachments = 10

const isBinary = (v: unknown): v is Exclude<Data, string> =>
  v instanceof ArrayBuffer || ArrayBuffer.isView(v) || (typeof Blob === "function" && v instanceof Blob)

/** Replaces each binary value by a placeholder, in a copy. */
function extract(v: unknown, attachments: Data[]): unknown {
  if (typeof v !== "object" || v === null) return v
  if (isBinary(v)) return { _placeholder: true, num: attachments.push(v) - 1 }
  if (Array.isArray(v)) return v.map(item => extract(item, attachments))
  const json = (v as { toJSON?: () => unknown }).toJSON
  if (typeof json === "function") return extract(json.call(v), attachments)
  return Object.fromEntries(Object.entries(v).map(([key, value]) => [key, extract(value, attachments)]))
}

/** Encodes a packet to the messages that carry it. */
export function encode({ type, nsp, data, id }: Packet): Data[] {
  const attachments: Data[] = []
  let prefix = ""
  if (type === PacketType.Event || type === PacketType.Ack) {
    data = extract(data, attachments)
    if (attachments.length) {
      type += PacketType.BinaryEvent - PacketType.Event
      prefix = attachments.length + "-"
    }
  }
  const text = type + prefix + (nsp === "/" ? "" : nsp + ",") + (id ?? "") + (data === undefined ? "" : JSON.stringify(data))
  return [text, ...attachments]
}

/** Puts the binary values back in the place of their placeholders. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function restore(v: any, attachments: Data[]): unknown {
  if (typeof v !== "object" || v === null) return v
  if (v._placeholder === true) {
    if (typeof v.num !== "number" || !(v.num in attachments)) throw new Error("illegal attachments")
    return attachments[v.num]
  }
  for (const key of Object.keys(v)) v[key] = restore(v[key], attachments)
  return v
}

/** Decodes the messages of one connection. */
export class Decoder {
  private pending?: Packet
  private missing = 0
  private attachments: Data[] = []

  /** Takes a message, and returns the packet that it completes, if any. */
  add(message: Data): Packet | undefined {
    if (typeof message === "string") {
      if (this.pending) throw new Error("got plaintext data when reconstructing a packet")
      const packet = this.parse(message)
      if (packet.type < PacketType.BinaryEvent) return packet
      packet.type -= PacketType.BinaryEvent - PacketType.Event
      this.pending = packet
      return undefined
    }
    const packet = this.pending
    if (!packet) throw new Error("got binary data when not reconstructing a packet")
    if (this.attachments.push(message) < this.missing) return undefined
    const attachments = this.attachments
    this.reset()
    packet.data = restore(packet.data, attachments)
    return packet
  }

  reset(): void {
    this.pending = undefined
    this.attachments = []
  }

  private parse(text: string): Packet {
    const match = /^([0-6])(?:(?<=[56])(\d+)-)?(?:(\/[^,]*)(?:,|$))?(\d+)?/.exec(text)
    if (!match) throw new Error("unknown packet type " + text[0])
    const [head, digit, count, nsp = "/", id] = match
    const type = +digit
    if (type >= PacketType.BinaryEvent) {
      this.missing = +count
      if (!this.missing) throw new Error("Illegal attachments")
      if (this.missing > maxAttachments) throw new Error("too many attachments")
    }
    const packet: Packet = { type, nsp }
    if (id) packet.id = +id
    const payload = text.slice(head.length)
    if (payload) {
      try {
        packet.data = JSON.parse(payload)
      } catch {
        throw new Error("invalid payload")
      }
    }
    if (!isValid(packet)) throw new Error("invalid payload")
    return packet
  }
}

function isValid({ type, data }: Packet): boolean {
  const isObject = typeof data === "object" && data !== null && !Array.isArray(data)
  switch (type) {
    case PacketType.Connect:
      return data === undefined || isObject
    case PacketType.Disconnect:
      return data === undefined
    case PacketType.ConnectError:
      return typeof data === "string" || isObject
    case PacketType.Ack:
    case PacketType.BinaryAck:
      return Array.isArray(data)
  }
  return Array.isArray(data) && (typeof data[0] === "number" || (typeof data[0] === "string" && !isReserved(data[0])))
}

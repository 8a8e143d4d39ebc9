// What turns packets into messages and back: the shape of the option "parser".

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

/** A Socket.IO packet. */
export interface Packet {
  /** 0 connect, 1 disconnect, 2 event, 3 acknowledgement, 4 connect error. */
  type: number // a PacketType, of which Binary… are only found on the wire
  nsp: string
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  data?: any
  id?: number
  options?: PacketOptions
}

export interface PacketOptions {
  /** Whether the transport may compress it. Default true. */
  compress?: boolean
}

export interface Encoder {
  /** Returns the messages that carry a packet. */
  encode(packet: Packet): Data[]
}

/** Decodes the messages of one connection after another. */
export interface Decoder {
  /** Takes a message; the packet that it completes, if any, is told to the
   * listener of "decoded". An error ends the connection. */
  add(message: Data): void
  on(event: "decoded", listener: (packet: Packet) => void): unknown
  /** Forgets a packet that is not complete: the connection has ended. */
  destroy(): void
}

/** Client and server must use the same. */
export interface Parser {
  Encoder: new () => Encoder
  Decoder: new () => Decoder
}

const reserved = ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"]

/** Whether no event may have this name, as it is one of the library's own. */
export const isReserved = (event: unknown): boolean => reserved.includes(event as string)

export const isObject = (v: unknown): v is object => typeof v === "object" && v !== null

/** Whether a packet from the wire has the data that its type wants. */
export function isValid({ type, data }: Packet): boolean {
  const isArray = Array.isArray(data)
  const isRecord = isObject(data) && !isArray
  switch (type) {
    case PacketType.Connect:
      return data === undefined || isRecord
    case PacketType.Disconnect:
      return data === undefined
    case PacketType.ConnectError:
      return typeof data === "string" || isRecord
    case PacketType.Ack:
    case PacketType.BinaryAck:
      return isArray
  }
  return isArray && (typeof data[0] === "number" || (typeof data[0] === "string" && !isReserved(data[0])))
}

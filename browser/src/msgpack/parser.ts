// The parser of servers that speak MessagePack: a packet is one binary message.

import { Emitter } from "../emitter.js"
import type { Data } from "../engine/packet.js"
import { isValid, PacketType, type Packet } from "../parser.js"
import { decode } from "./decode.js"
import { encode } from "./encode.js"

export class Encoder {
  encode({ type, data, id, nsp }: Packet): Data[] {
    const entries = Object.entries({ type, data, id, nsp }).filter(([, value]) => value !== undefined)
    return [encode(Object.fromEntries(entries))]
  }
}

export class Decoder extends Emitter<{}, { decoded: (packet: Packet) => void }> {
  add(message: Data): void {
    if (!(message instanceof ArrayBuffer || ArrayBuffer.isView(message))) throw new Error("not a binary message")
    const packet = decode(message) as Packet
    const { type, nsp, id } = packet ?? {}
    if (!Number.isInteger(type) || type < PacketType.Connect || type > PacketType.ConnectError) throw new Error("invalid packet type")
    if (typeof nsp !== "string") throw new Error("invalid namespace")
    if (!isValid(packet)) throw new Error("invalid payload")
    if (id !== undefined && !Number.isInteger(id)) throw new Error("invalid packet id")
    this._fire("decoded", packet)
  }

  destroy(): void {
    // Every message is a packet of its own.
  }
}

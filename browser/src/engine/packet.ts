// Engine.IO packets and polling payloads (protocol 4).

import type { PacketOptions } from "../parser.js"

export const enum Type {
  Open = "0",
  Close = "1",
  Ping = "2",
  Pong = "3",
  Message = "4",
  Upgrade = "5",
  Noop = "6",
}

export type Data = string | ArrayBuffer | ArrayBufferView | Blob

export interface Packet {
  type: string // a Type
  data?: Data
  options?: PacketOptions
}

const separator = "\x1e"

/** Encodes a packet as text; binary data as base64. */
export async function encodeText({ type, data = "" }: Packet): Promise<string> {
  return typeof data === "string" ? type + data : "b" + (await base64(data))
}

export async function encodePayload(packets: Packet[]): Promise<string> {
  return (await Promise.all(packets.map(encodeText))).join(separator)
}

/** Decodes a packet, or returns undefined for what is none. */
export function decode(data: string | ArrayBuffer): Packet | undefined {
  if (typeof data !== "string") return { type: Type.Message, data }
  const type = data[0]
  if (type === "b") {
    try {
      return { type: Type.Message, data: Uint8Array.from(atob(data.slice(1)), c => c.charCodeAt(0)).buffer }
    } catch {
      return undefined
    }
  }
  return type >= "0" && type <= "6" ? { type, data: data.slice(1) || undefined } : undefined
}

/** Decodes a payload, up to the first item that is no packet. */
export function decodePayload(payload: string): (Packet | undefined)[] {
  const packets = []
  for (const item of payload.split(separator)) {
    const packet = decode(item)
    packets.push(packet)
    if (!packet) break
  }
  return packets
}

async function base64(data: Exclude<Data, string>): Promise<string> {
  const b = ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data instanceof ArrayBuffer ? data : await data.arrayBuffer())
  let binary = ""
  // Not all at once: functions take only so many arguments.
  for (let i = 0; i < b.length; i += 8192) binary += String.fromCharCode(...b.subarray(i, i + 8192))
  return btoa(binary)
}

/** The bytes that data will take on a polling transport. */
export function sizeOf(data: Data = ""): number {
  if (typeof data !== "string") return Math.ceil(("size" in data ? data.size : data.byteLength) / 3) * 4
  let n = 0
  for (let i = 0; i < data.length; i++) {
    const c = data.charCodeAt(i)
    // A surrogate pair is two units of two bytes each.
    n += c < 0x80 ? 1 : c < 0x800 || (c >= 0xd800 && c < 0xe000) ? 2 : 3
  }
  return n
}

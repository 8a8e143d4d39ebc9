// Engine.IO packets and polling payloads (protocol 4).

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
  compress?: boolean
}

const separator = "\x1e"

/** Encodes a packet as text; binary data as base64. */
export async function encodeText({ type, data }: Packet): Promise<string> {
  if (data === undefined || typeof data === "string") return type + (data ?? "")
  return "b" + base64(await bytes(data))
}

export async function encodePayload(packets: Packet[]): Promise<string> {
  return (await Promise.all(packets.map(encodeText))).join(separator)
}

/** Decodes a packet, or returns undefined for what is none. */
export function decode(data: string | ArrayBuffer): Packet | undefined {
  if (typeof data !== "string") return { type: Type.Message, data }
  const type = data[0]
  if (type === "b") return { type: Type.Message, data: fromBase64(data.slice(1)) }
  if (type >= "0" && type <= "6") return data.length > 1 ? { type, data: data.slice(1) } : { type }
  return undefined
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

async function bytes(data: Exclude<Data, string>): Promise<Uint8Array> {
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return new Uint8Array(data instanceof ArrayBuffer ? data : await data.arrayBuffer())
}

function base64(b: Uint8Array): string {
  let binary = ""
  for (let i = 0; i < b.length; i += 8192) binary += String.fromCharCode(...b.subarray(i, i + 8192))
  return btoa(binary)
}

function fromBase64(text: string): ArrayBuffer {
  const binary = atob(text)
  const b = new Uint8Array(binary.length)
  for (let i = 0; i < b.length; i++) b[i] = binary.charCodeAt(i)
  return b.buffer
}

/** The bytes that data will take on a polling transport. */
export function sizeOf(data: Data | undefined): number {
  if (data === undefined) return 0
  if (typeof data === "string") {
    let n = 0
    for (let i = 0; i < data.length; i++) {
      const c = data.charCodeAt(i)
      // A surrogate pair is two units of two bytes each.
      n += c < 0x80 ? 1 : c < 0x800 || (c >= 0xd800 && c < 0xe000) ? 2 : 3
    }
    return n
  }
  return Math.ceil(1.33 * (data instanceof Blob ? data.size : data.byteLength))
}

// The frames of a WebSocket connection, as a client sends and reads them (RFC 6455, section 5).

import { randomBytes } from "node:crypto"

export const enum Opcode {
  Continuation = 0,
  Text = 1,
  Binary = 2,
  Close = 8,
  Ping = 9,
  Pong = 10,
}

/** The largest message that is read, in bytes. */
const maxMessage = 100 << 20

/** Builds the frame of a message: whole, and masked. */
export function frame(opcode: Opcode, payload: Uint8Array): Uint8Array {
  const n = payload.length
  const extended = n < 126 ? 0 : n < 0x10000 ? 2 : 8
  const head = 2 + extended
  const bytes = new Uint8Array(head + 4 + n)
  const view = new DataView(bytes.buffer)
  bytes[0] = 0x80 | opcode
  bytes[1] = 0x80 | (extended === 0 ? n : extended === 2 ? 126 : 127)
  if (extended === 2) view.setUint16(2, n)
  if (extended === 8) view.setBigUint64(2, BigInt(n))
  const mask = randomBytes(4)
  bytes.set(mask, head)
  bytes.set(payload, head + 4)
  for (let i = 0; i < n; i++) bytes[head + 4 + i] ^= mask[i & 3]
  return bytes
}

/** What breaks the protocol; the code is that of the close frame. */
export class ProtocolError extends Error {
  constructor(
    message: string,
    readonly code = 1002,
  ) {
    super(message)
  }
}

export interface Message {
  opcode: Opcode
  payload: Uint8Array
}

/** Makes messages of the bytes of a connection, in whatever pieces they come. */
export class FrameReader {
  private _chunks: Uint8Array[] = []
  private _length = 0 // of all chunks
  private _wanted = 2 // bytes before anything can be done
  private _parts: Uint8Array[] = [] // of a message in several frames
  private _opcode = Opcode.Continuation // of that message
  private _size = 0

  constructor(private readonly _tell: (message: Message) => void) {}

  /** Takes bytes, and tells the messages that they complete. Throws a ProtocolError. */
  _add(chunk: Uint8Array): void {
    this._chunks.push(chunk)
    this._length += chunk.length
    while (this._length >= this._wanted) {
      const bytes = this._joined()
      const used = this._frame(bytes)
      if (!used) continue // now it is known how much is wanted
      this._chunks = [bytes.subarray(used)]
      this._length -= used
      this._wanted = 2
    }
  }

  private _joined(): Uint8Array {
    if (this._chunks.length > 1) {
      const all = new Uint8Array(this._length)
      let at = 0
      for (const chunk of this._chunks) {
        all.set(chunk, at)
        at += chunk.length
      }
      this._chunks = [all]
    }
    return this._chunks[0]
  }

  /** Reads a frame. Returns how many bytes it has, or 0 if there are not all of them. */
  private _frame(bytes: Uint8Array): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const [first, second] = bytes
    if (second & 0x80) throw new ProtocolError("a masked frame")
    let size = second
    let head = 2
    if (second > 125) {
      head = second === 126 ? 4 : 10
      if (bytes.length < head) return this._want(head)
      size = second === 126 ? view.getUint16(2) : Number(view.getBigUint64(2))
    }
    const final = first >= 0x80
    const opcode: Opcode = first & 0x0f
    this._check(first, opcode, final, size)
    if (bytes.length < head + size) return this._want(head + size)
    const payload = bytes.slice(head, head + size)
    if (opcode >= Opcode.Close) this._tell({ opcode, payload })
    else this._part(opcode, final, payload)
    return head + size
  }

  private _want(n: number): 0 {
    this._wanted = n
    return 0
  }

  private _check(first: number, opcode: Opcode, final: boolean, size: number): void {
    if (first & 0x70) throw new ProtocolError("reserved bits are set")
    if (opcode >= Opcode.Close) {
      if (opcode > Opcode.Pong) throw new ProtocolError("an unknown opcode")
      if (!final || size > 125) throw new ProtocolError("a control frame that is too long, or not whole")
      return
    }
    if (opcode > Opcode.Binary) throw new ProtocolError("an unknown opcode")
    if ((opcode === Opcode.Continuation) !== (this._opcode !== Opcode.Continuation)) throw new ProtocolError("a message within a message, or none to continue")
    if (this._size + size > maxMessage) throw new ProtocolError("a message that is too big", 1009)
  }

  private _part(opcode: Opcode, final: boolean, payload: Uint8Array): void {
    this._opcode ||= opcode
    this._parts.push(payload)
    this._size += payload.length
    if (!final) return
    let whole = payload
    if (this._parts.length > 1) {
      whole = new Uint8Array(this._size)
      let at = 0
      for (const part of this._parts) {
        whole.set(part, at)
        at += part.length
      }
    }
    const message = { opcode: this._opcode, payload: whole }
    this._parts = []
    this._opcode = Opcode.Continuation
    this._size = 0
    this._tell(message)
  }
}

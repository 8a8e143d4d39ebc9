// MessagePack, as socket.io-msgpack-parser writes it: undefined and dates are
// extensions of type 0, numbers take the smallest form.

const text = new TextEncoder()

/** Bytes that grow. */
class Writer {
  private _bytes = new Uint8Array(256)
  private _view = new DataView(this._bytes.buffer)
  private _length = 0

  /** Returns where n more bytes begin. */
  private _grow(n: number): number {
    const at = this._length
    this._length += n
    if (this._length > this._bytes.length) {
      const bytes = new Uint8Array(Math.max(2 * this._bytes.length, this._length))
      bytes.set(this._bytes)
      this._bytes = bytes
      this._view = new DataView(bytes.buffer)
    }
    return at
  }

  _byte(n: number): void {
    const at = this._grow(1)
    this._bytes[at] = n
  }

  /** Writes a byte, and a number in the size that is named. */
  _tagged(tag: number, set: "setUint8" | "setUint16" | "setUint32" | "setFloat64", size: number, n: number): void {
    this._byte(tag)
    const at = this._grow(size)
    this._view[set](at, n)
  }

  _long(tag: number, n: number): void {
    this._byte(tag)
    const at = this._grow(8)
    this._view.setBigInt64(at, BigInt.asIntN(64, BigInt(n)))
  }

  _copy(bytes: Uint8Array): void {
    const at = this._grow(bytes.length)
    this._bytes.set(bytes, at)
  }

  /** Writes how many there are: in one byte below small, or after one of the tags, which follow each other. */
  _size(n: number, fixed: number, small: number, tag: number, tag8 = true): void {
    if (n < small) this._byte(fixed + n)
    else if (tag8 && n < 0x100) this._tagged(tag, "setUint8", 1, n)
    else if (n < 0x10000) this._tagged(tag8 ? tag + 1 : tag, "setUint16", 2, n)
    else this._tagged(tag8 ? tag + 2 : tag + 1, "setUint32", 4, n)
  }

  _end(): Uint8Array {
    return this._bytes.subarray(0, this._length)
  }
}

/** Encodes a value. Throws for those that have no form: functions but as
 * members of objects, which are left out, symbols, BigInts, and Blobs. */
export function encode(value: unknown): Uint8Array {
  const writer = new Writer()
  write(writer, value)
  return writer._end()
}

function write(to: Writer, value: unknown): void {
  switch (typeof value) {
    case "string": {
      const bytes = text.encode(value)
      to._size(bytes.length, 0xa0, 0x20, 0xd9)
      return to._copy(bytes)
    }
    case "number":
      return writeNumber(to, value)
    case "boolean":
      return to._byte(value ? 0xc3 : 0xc2)
    case "undefined":
      return to._copy(Uint8Array.of(0xd4, 0, 0))
    case "object":
      return value === null ? to._byte(0xc0) : writeObject(to, value)
  }
  throw new TypeError(`msgpack has no form for a ${typeof value}`)
}

function writeNumber(to: Writer, n: number): void {
  if (!Number.isInteger(n)) to._tagged(0xcb, "setFloat64", 8, n)
  else if (n >= 0) {
    if (n < 0x80) to._byte(n)
    else if (n < 0x100) to._tagged(0xcc, "setUint8", 1, n)
    else if (n < 0x10000) to._tagged(0xcd, "setUint16", 2, n)
    else if (n < 2 ** 32) to._tagged(0xce, "setUint32", 4, n)
    else if (n < 2 ** 64) to._long(0xcf, n)
    else to._tagged(0xcb, "setFloat64", 8, n)
  } else if (n >= -0x20) to._byte(n)
  else if (n >= -0x80) to._tagged(0xd0, "setUint8", 1, n)
  else if (n >= -0x8000) to._tagged(0xd1, "setUint16", 2, n)
  else if (n >= -(2 ** 31)) to._tagged(0xd2, "setUint32", 4, n)
  else if (n >= -(2 ** 63)) to._long(0xd3, n)
  else to._tagged(0xcb, "setFloat64", 8, n)
}

function writeObject(to: Writer, value: object): void {
  if (Array.isArray(value)) {
    to._size(value.length, 0x90, 0x10, 0xdc, false)
    for (const item of value) write(to, item)
    return
  }
  if (value instanceof Date) {
    to._byte(0xd7)
    return to._long(0, value.getTime())
  }
  const bytes = binary(value)
  if (bytes) {
    to._size(bytes.length, 0, 0, 0xc4)
    return to._copy(bytes)
  }
  const { toJSON } = value as { toJSON?: unknown }
  if (typeof toJSON === "function") return write(to, toJSON.call(value))
  if (typeof Blob === "function" && value instanceof Blob) throw new TypeError("msgpack has no form for a Blob: send its arrayBuffer()")
  const members = Object.entries(value).filter(([, member]) => typeof member !== "function")
  to._size(members.length, 0x80, 0x10, 0xde, false)
  for (const [key, member] of members) {
    write(to, key)
    write(to, member)
  }
}

function binary(value: object): Uint8Array | undefined {
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  return undefined
}

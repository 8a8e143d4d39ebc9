// MessagePack, read: what socket.io-msgpack-parser and other libraries write.

const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** Decodes one value, which has to be all there is. Binary data become
 * ArrayBuffers. Throws for what is not MessagePack. */
export function decode(message: ArrayBuffer | ArrayBufferView): unknown {
  const reader = new Reader(message)
  const value = reader._value()
  reader._end()
  return value
}

class Reader {
  private readonly _view: DataView
  private _at = 0

  constructor(message: ArrayBuffer | ArrayBufferView) {
    this._view = ArrayBuffer.isView(message)
      ? new DataView(message.buffer, message.byteOffset, message.byteLength)
      : new DataView(message)
  }

  _end(): void {
    if (this._at < this._view.byteLength) throw new Error(`${this._view.byteLength - this._at} trailing bytes`)
  }

  /** Returns where n bytes begin, and goes on after them. Beyond the end, whoever reads there throws. */
  private _skip(n: number): number {
    const at = this._at
    this._at += n
    return at
  }

  private _uint(size: number): number {
    const at = this._skip(size)
    return size === 1 ? this._view.getUint8(at) : size === 2 ? this._view.getUint16(at) : this._view.getUint32(at)
  }

  private _bytes(length: number): ArrayBuffer {
    const at = this._skip(length)
    if (this._at > this._view.byteLength) throw new RangeError("the message ends too early")
    return this._view.buffer.slice(this._view.byteOffset + at, this._view.byteOffset + at + length) as ArrayBuffer
  }

  private _text(length: number): string {
    return text.decode(this._bytes(length))
  }

  private _array(length: number): unknown[] {
    const array = []
    while (length--) array.push(this._value())
    return array
  }

  private _map(length: number): object {
    const map = {}
    while (length--) {
      const key = this._value() as PropertyKey
      // An assignment would not make "__proto__" a member.
      Object.defineProperty(map, key, { value: this._value(), writable: true, enumerable: true, configurable: true })
    }
    return map
  }

  private _extension(length: number): unknown {
    const type = this._view.getInt8(this._skip(1))
    const bytes = this._bytes(length)
    const view = new DataView(bytes)
    const seconds = () => {
      if (length === 4) return view.getUint32(0)
      if (length === 12) return Number(view.getBigInt64(4)) + view.getUint32(0) / 1e9
      const both = view.getBigUint64(0)
      return Number(both & 0x3ffffffffn) + Number(both >> 34n) / 1e9
    }
    if (type === -1 && (length === 4 || length === 8 || length === 12)) return new Date(seconds() * 1000) // the standard's
    if (type !== 0) return [type, bytes]
    if (length === 1) return undefined
    return length === 8 ? new Date(Number(view.getBigInt64(0))) : bytes
  }

  _value(): unknown {
    const tag = this._uint(1)
    if (tag < 0x80) return tag
    if (tag < 0x90) return this._map(tag & 0x0f)
    if (tag < 0xa0) return this._array(tag & 0x0f)
    if (tag < 0xc0) return this._text(tag & 0x1f)
    if (tag >= 0xe0) return tag - 0x100
    const view = this._view
    switch (tag) {
      case 0xc0:
        return null
      case 0xc2:
        return false
      case 0xc3:
        return true
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this._bytes(this._uint(1 << (tag - 0xc4)))
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this._extension(this._uint(1 << (tag - 0xc7)))
      case 0xca:
        return view.getFloat32(this._skip(4))
      case 0xcb:
        return view.getFloat64(this._skip(8))
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this._uint(1 << (tag - 0xcc))
      case 0xcf:
        return Number(view.getBigUint64(this._skip(8)))
      case 0xd0:
        return view.getInt8(this._skip(1))
      case 0xd1:
        return view.getInt16(this._skip(2))
      case 0xd2:
        return view.getInt32(this._skip(4))
      case 0xd3:
        return Number(view.getBigInt64(this._skip(8)))
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this._extension(1 << (tag - 0xd4))
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this._text(this._uint(1 << (tag - 0xd9)))
      case 0xdc:
      case 0xdd:
        return this._array(this._uint(2 << (tag - 0xdc)))
      case 0xde:
      case 0xdf:
        return this._map(this._uint(2 << (tag - 0xde)))
    }
    throw new Error("no value begins with c1")
  }
}

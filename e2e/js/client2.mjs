// The official client of Socket.IO 2, in Node and in browsers. What it cannot do at
// all behaviours say with since(3); suite/old.mjs has what it does in place of that.

/** modern gives the sockets of the library what behaviours are written with. */
export function modern(io) {
  const { emit } = io.Socket.prototype
  Object.assign(io.Socket.prototype, {
    emit(name, ...values) { return emit.call(this, name, ...values.map(plain)) },
    emitWithAck(name, ...values) { return new Promise(resolve => this.emit(name, ...values, resolve)) },
  })
  return io
}

/** plain replaces views, which the client does not take for binary, by what they show. */
function plain(value) {
  if (ArrayBuffer.isView(value)) return value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength)
  if (Array.isArray(value)) return value.map(plain)
  if (value?.constructor === Object) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
  return value
}

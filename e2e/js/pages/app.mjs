// What a page does with the official client. Which client it really has, the page
// does not know: run gets the function io, and returns what it saw.

const next = (emitter, event) => new Promise(resolve => emitter.once(event, (...args) => resolve(args)))

export async function run(io) {
  const seen = {}
  const socket = io({ auth: { token: "a page's" } })
  const hello = next(socket, "auth")
  await next(socket, "connect")
  seen.connected = [socket.connected, typeof socket.id, socket.id.length, socket.active, !!socket.recovered, socket.nsp]
  seen.auth = await hello

  seen.ack = await socket.emitWithAck("message-with-ack", 1, "2", { 3: [false] })
  seen.callback = await new Promise(resolve => socket.timeout(20_000).emit("message-with-ack", "in time", (...args) => resolve(args)))
  const heard = []
  socket.onAny((...args) => heard.push(args.length))
  socket.emit("message", "text", new Uint8Array([1, 2, 3]).buffer)
  const [text, data] = await next(socket, "message-back")
  seen.binary = [text, data instanceof ArrayBuffer, [...new Uint8Array(data)]]
  seen.heard = [...heard]

  // A namespace over the same connection.
  const custom = io("/custom")
  seen.namespace = await next(custom, "auth")
  seen.shared = custom.io === socket.io
  const refused = io("/nowhere")
  const [error] = await next(refused, "connect_error")
  seen.refused = [error instanceof Error, error.message, refused.active]

  // A connection that is lost comes back.
  socket.io.reconnectionDelay(1)
  const { id } = socket
  const gone = next(socket, "disconnect")
  const back = next(socket.io, "reconnect")
  socket.io.engine.close()
  seen.lost = (await gone)[0]
  seen.attempts = await back
  if (!socket.connected) await next(socket, "connect")
  seen.renewed = socket.id !== id
  seen.transport = socket.io.engine.transport.name === "websocket" || (await next(socket.io.engine, "upgrade"))[0].name === "websocket"
  socket.disconnect()
  seen.left = [socket.connected, socket.active]
  custom.disconnect()
  return seen
}

/** Shows what a page saw, or what went wrong, as its title. */
export function show(seen) {
  seen.then(
    value => { document.title = "seen " + JSON.stringify(value) },
    error => { document.title = "failed " + error.stack },
  )
}

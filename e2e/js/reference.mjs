// The handlers of ../peer, on the official server: it shows that the behaviours
// in suite/ are those of Socket.IO, not of our server. It restarts when asked
// for by a line on its standard input, and prints its port when it is up. Its
// argument is the client that it is for, one of clients.mjs.
import { createServer } from "node:http"
import { createInterface } from "node:readline"
import { Server } from "socket.io"
import msgpack from "socket.io-msgpack-parser"

const client = process.argv[2]
const options = {
  maxHttpBufferSize: 5_000_000,
  allowEIO3: client === "2",
  ...(client.endsWith("-msgpack") ? { parser: msgpack } : {}),
}

let io, http, port = 0

async function start() {
  http = createServer()
  io = new Server(http, options)
  handlers(io)
  await new Promise(resolve => http.listen(port, "127.0.0.1", resolve))
  port = http.address().port
  console.log(port)
}

createInterface(process.stdin).on("line", async () => {
  await io.close()
  await start()
}).on("close", () => process.exit(0))
await start()

function handlers(io) {
  const auth = socket => socket.emit("auth", socket.handshake.auth)
  const echo = socket => {
    socket.on("message", (...args) => socket.emit("message-back", ...args))
    socket.on("message-with-ack", (...args) => args.pop()(...args))
  }
  let release
  const released = new Promise(resolve => { release = resolve })

  io.of("/custom").on("connection", socket => { auth(socket); echo(socket) })
  io.of("/admin").use((socket, next) => {
    if (socket.handshake.auth.token === "123") return next()
    next(Object.assign(new Error("Not authorized"), { data: { code: 42, retry: false } }))
  }).on("connection", socket => { auth(socket); echo(socket) })
  io.of("/slow").use((_, next) => { released.then(() => next()) })
  io.of("/watch")
  const dynamic = io.of(/^\/dynamic-\d+$/)
  dynamic.on("connection", socket => { auth(socket); echo(socket) })
  io.of((name, auth, next) => next(null, name.startsWith("/asked-") && auth.token === "123")).on("connection", echo)

  io.on("connection", socket => {
    auth(socket)
    echo(socket)
    const log = []
    let held
    socket.on("disconnecting", () => { held = socket.rooms.size })
    socket.on("disconnect", reason => io.of("/watch").emit("gone", socket.id, reason, held, socket.rooms.size))

    socket.on("release", release)
    socket.on("tell dynamic", () => dynamic.emit("told"))
    socket.on("panic", () => {})
    socket.on("order", ({ item, amount, price, photo }, answer) => {
      if (amount <= 0) return answer({ error: { message: "nothing ordered", data: { item } } })
      answer({ total: price * amount, photo })
    })
    socket.on("move", (x, y, label, answer) => answer(y, x, label))
    socket.on("ask me", (...args) => {
      const answer = args.pop()
      socket.emit("question", ...args, (...values) => answer(...values))
    })
    socket.on("ask me briefly", answer => socket.timeout(50).emit("question", error => answer(error?.message ?? "no timeout")))
    socket.on("whoami", answer => answer({
      id: socket.id, transport: socket.conn.transport.name, namespace: socket.nsp.name,
      query: socket.handshake.query.from ?? "", header: socket.handshake.headers["x-from"] ?? "", auth: socket.handshake.auth,
      crossDomain: socket.handshake.xdomain, secure: socket.handshake.secure,
    }))

    const rooms = () => [...socket.rooms]
    socket.on("join", (list, answer) => { socket.join(list); answer(rooms()) })
    socket.on("leave", (room, answer) => { socket.leave(room); answer(rooms()) })
    socket.on("rooms", answer => answer(rooms()))
    socket.on("send", ({ rooms = [], except = [], all, volatile, local, value = null, data }, answer) => {
      let to = (all ? io : socket.broadcast).to(rooms).except(except)
      if (volatile) to = to.volatile
      if (local) to = to.local
      to.emit("sent", value, ...(data ? [data] : []))
      answer()
    })

    socket.on("leave me", () => { socket.emit("last words", 1); socket.disconnect() })
    socket.on("close me", () => { socket.emit("last words", 1); socket.disconnect(true) })

    socket.on("ask all", async ({ rooms, ms, value }, answer) => {
      try {
        answer({ answers: await io.to(rooms).timeout(ms).emitWithAck("question", value), error: null })
      } catch (e) {
        answer({ answers: e.responses, error: "some have not answered" })
      }
    })
    socket.on("move all", async ({ rooms, join, leave }, answer) => {
      io.to(rooms).socketsJoin(join)
      io.to(rooms).socketsLeave(leave)
      answer((await io.to(rooms).fetchSockets()).length)
    })
    socket.on("end all", ({ rooms, close }, answer) => { io.to(rooms).disconnectSockets(close); answer?.() })
    socket.on("spy", answer => {
      const [came, left] = [[], []]
      const noteIn = name => came.push(name)
      const noteOut = name => left.push(name)
      socket.onAny(noteIn)
      socket.onAnyOutgoing(noteOut)
      socket.once("spied", answer => {
        socket.offAny(noteIn)
        socket.offAnyOutgoing(noteOut)
        answer(came, left)
      })
      answer()
    })
    socket.on("filter", answer => {
      const arrived = []
      socket.on("error", () => {})
      socket.use((event, next) => {
        if (event[0] === "forbidden") return next(new Error("forbidden"))
        if (event[0] === "changed") event[1] *= 2
        next()
      })
      for (const name of ["forbidden", "changed"]) socket.on(name, (...args) => arrived.push(name, ...args))
      socket.once("once", () => arrived.push("once"))
      socket.on("arrived", answer => answer(arrived))
      answer()
    })

    socket.on("tomorrow", (at, answer) => answer(new Date(at.getTime() + 86_400_000)))

    socket.on("up", n => log.push(n))
    socket.on("log", answer => answer(log))
    socket.on("down", n => { for (let i = 0; i < n; i++) socket.emit("number", i) })
    socket.on("burst", n => { for (let i = 0; i < n; i++) socket.volatile.emit("drop", i); socket.emit("done") })
  })
}

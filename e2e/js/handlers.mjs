// The handlers of ../peer, for a server of Socket.IO 2, 3 or 4. Those with which the
// server does more than older ones can are only asked for by behaviours of newer ones.

export function handlers(io, version) {
  /** authOf returns what a client says of itself: to Socket.IO 2, by the query of its namespace. */
  const authOf = ({ handshake, request }) => version > 2 ? handshake.auth
    : Object.fromEntries(Object.entries(handshake.query).filter(([name]) => !(name in request._query)))
  const roomsOf = socket => version > 2 ? [...socket.rooms] : Object.keys(socket.rooms)

  const auth = socket => socket.emit("auth", authOf(socket))
  const echo = socket => {
    socket.on("message", (...args) => socket.emit("message-back", ...args))
    socket.on("message-with-ack", (...args) => args.pop()(...args))
    socket.on("whoami", answer => answer({
      id: socket.id, connection: socket.conn.id, transport: socket.conn.transport.name, namespace: socket.nsp.name,
      query: socket.handshake.query.from ?? "", header: socket.handshake.headers["x-from"] ?? "",
      cookie: socket.handshake.headers.cookie ?? "", auth: authOf(socket),
      crossDomain: socket.handshake.xdomain, secure: socket.handshake.secure,
    }))
  }
  let release
  const released = new Promise(resolve => { release = resolve })

  io.of("/custom").on("connection", socket => { auth(socket); echo(socket) })
  io.of("/admin").use((socket, next) => {
    if (authOf(socket).token === "123") return next()
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
    const data = socket.data ?? {}
    const log = data.log ??= []
    let held
    socket.on("disconnecting", () => { held = roomsOf(socket).length })
    socket.on("disconnect", reason => io.of("/watch").emit("gone", socket.id, reason, held, roomsOf(socket).length))

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

    const rooms = () => roomsOf(socket)
    const then = version > 2 ? (act, what, done) => { act.call(socket, what); done() } : (act, what, done) => act.call(socket, what, done)
    socket.on("join", (list, answer) => then(socket.join, list, () => answer(rooms())))
    socket.on("leave", (room, answer) => then(socket.leave, room, () => answer(rooms())))
    socket.on("rooms", answer => answer(rooms()))
    socket.on("send", ({ rooms = [], except = [], all, volatile, local, value = null, data }, answer) => {
      let to = all ? io.of("/") : socket.broadcast
      for (const room of rooms) to = to.to(room)
      if (except.length > 0) to = to.except(except)
      if (volatile) to = to.volatile
      if (local) to = to.local
      to.emit("sent", value, ...(data ? [data] : []))
      answer?.()
    })

    socket.on("leave me", () => { socket.emit("last words", 1); socket.disconnect() })
    socket.on("close me", () => { socket.emit("last words", 1); socket.disconnect(true) })
    socket.on("cut me", () => socket.conn.close())

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

    socket.on("tomorrow", (at, answer) => answer(new Date(new Date(at).getTime() + 86_400_000)))

    socket.on("up", (n, answer) => { log.push(n); answer?.() })
    socket.on("log", answer => answer(log))
    socket.on("down", n => { for (let i = 0; i < n; i++) socket.emit("number", i) })
    socket.on("burst", n => { for (let i = 0; i < n; i++) socket.volatile.emit("drop", i); socket.emit("done") })
    let tries = 0
    socket.on("third time", (value, answer) => { if (++tries >= 3) answer(value, tries) })
  })
}

// Which connections are shared, and a manager without io().
import { behaviour, connected, equal, next, ok } from "../../harness.mjs"
import { begin, script } from "../../script.mjs"

/** shared returns a socket that may share its connection. */
function shared(t, address, options = {}) {
  const socket = t.io(t.url + address, { ...t.options(), forceNew: false, autoConnect: false, ...options })
  t.sockets.push(socket)
  return socket
}

behaviour("manager: namespaces of a server share it", async t => {
  await script(t)
  const main = shared(t, "/")
  equal(shared(t, "/custom").io === main.io, true, "another namespace")
  equal(shared(t, "/other?a=1").io === main.io, true, "another query")
  equal(shared(t, "/").io === main.io, false, "the same namespace")
  equal(shared(t, "/custom").io === main.io, false, "the same namespace, again")
  equal(shared(t, "/third", { path: "/elsewhere" }).io === main.io, false, "another path")
  equal(shared(t, "/third", { forceNew: true }).io === main.io, false, "forceNew")
  equal(shared(t, "/third", { multiplex: false }).io === main.io, false, "multiplex")
  equal(shared(t, "/third").io === main.io, true, "what was made on its own is not shared")
})

behaviour("manager: one session for several namespaces", async t => {
  const server = await script(t)
  const main = shared(t, "/", { autoConnect: true })
  const session = await server.session()
  await session.grant()
  await connected(main)
  const custom = main.io.socket("/custom", { auth: { a: 1 } })
  t.sockets.push(custom)
  equal(main.io.socket("/custom") === custom, true, "the same socket")
  await session.expect('40/custom,{"a":1}')
  session.say('40/custom,{"sid":"c"}')
  await connected(custom)
  equal([main.id, custom.id, server.handshakes], ["socket-session-0", "c", 1])
  main.disconnect()
  await session.expect("41")
  custom.emit("still", 1)
  await session.expect('42/custom,["still",1]')
  custom.disconnect()
  await session.expect("41/custom,", "closed")
})

behaviour("manager: the address's path is the namespace, its query that of the connection", async t => {
  const server = await script(t)
  const socket = t.socket("/a/b%20c?x=1&y=%C3%A9", { query: { z: "3" } })
  equal(socket.nsp, "/a/b%20c")
  const session = await server.session()
  const { x, y, z } = session.query
  equal([x, y, z ?? "none"], ["1", "é", "none"])
  await session.expect("40/a/b%20c,")
})

behaviour("manager: open() tells of a failure, and tries nothing again", async t => {
  const server = await script(t)
  server.refuse = () => 500
  const socket = t.socket("/", { autoConnect: false, reconnection: true, reconnectionDelay: 1 })
  const attempts = []
  socket.io.on("reconnect_attempt", n => attempts.push(n))
  const failure = await new Promise(resolve => socket.io.open(resolve))
  ok(failure instanceof Error, "an error")
  server.refuse = () => undefined
  equal(await new Promise(resolve => socket.io.open(error => resolve(error ?? "none"))), "none")
  equal(attempts, [])
})

behaviour("manager: nothing happens before open()", async t => {
  const server = await script(t)
  const socket = t.socket("/", { autoConnect: false })
  equal([socket.active, socket.connected, server.handshakes], [false, false, 0])
  socket.connect()
  await (await server.session()).grant()
  await connected(socket)
})

behaviour("manager: its settings can be asked for and changed", async t => {
  await script(t)
  const { io } = t.socket("/", { autoConnect: false, reconnection: true })
  equal([io.reconnection(), io.reconnectionAttempts() === Infinity, io.reconnectionDelay(), io.reconnectionDelayMax(), io.randomizationFactor(), io.timeout()],
    [true, true, 1000, 5000, 0.5, 20_000])
  equal(io.reconnection(false).reconnectionAttempts(3).reconnectionDelay(4).reconnectionDelayMax(5).randomizationFactor(0).timeout(6) === io, true)
  equal([io.reconnection(), io.reconnectionAttempts(), io.reconnectionDelay(), io.reconnectionDelayMax(), io.randomizationFactor(), io.timeout()],
    [false, 3, 4, 5, 0, 6])
})

behaviour("manager: tells of pings, packets, and the end", async t => {
  const { socket, session } = await begin(t)
  const ping = next(socket.io, "ping")
  session.say("2")
  await session.expect("3")
  await ping
  const packet = next(socket.io, "packet")
  session.say('42["x",1]')
  const [{ type, nsp, data }] = await packet
  equal([type, nsp, data], [2, "/", ["x", 1]])
  const closed = next(socket.io, "close")
  socket.disconnect()
  equal((await closed)[0], "forced close")
})

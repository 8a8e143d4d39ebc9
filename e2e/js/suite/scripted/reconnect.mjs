// How a manager comes back: its events, attempts and delays.
import { behaviour, connected, equal, next, ok } from "../../harness.mjs"
import { begin, moved, script } from "../../script.mjs"

/** lost are the events of a connection that is cut: a poll that fails is an error. */
const lost = t => t.mode === "polling" ? ["error", "disconnect"] : ["disconnect"]

const eager = { reconnection: true, reconnectionDelay: 1, reconnectionDelayMax: 1 }

/** record notes events of an emitter by their names, with a number if that is the first argument. */
function record(log, emitter, ...names) {
  for (const name of names) emitter.on(name, value => log.push(typeof value === "number" ? `${name} ${value}` : name))
}

function recorded(socket) {
  const log = []
  record(log, socket.io, "open", "error", "reconnect_attempt", "reconnect", "reconnect_error", "reconnect_failed")
  record(log, socket, "connect", "connect_error", "disconnect")
  return log
}

behaviour("reconnect: the events after a connection is lost", async t => {
  const { server, socket, session } = await begin(t, eager)
  const log = recorded(socket)
  let refusals = 1
  server.refuse = () => refusals-- > 0 ? 503 : undefined
  session.cut()
  const back = await server.session()
  await back.grant()
  await next(socket, "connect")
  equal(log, [
    ...lost(t), "reconnect_attempt 1", "connect_error", "error", "reconnect_error",
    "reconnect_attempt 2", "open", "reconnect 2", "connect",
  ])
})

behaviour("reconnect: after a first connection that is refused", async t => {
  const server = await script(t)
  let refusals = 2
  server.refuse = () => refusals-- > 0 ? 500 : undefined
  const socket = t.socket("/", eager)
  const log = recorded(socket)
  let active
  socket.once("connect_error", () => { active = socket.active })
  await (await server.session()).grant()
  await connected(socket)
  equal(active, true)
  equal(log, [
    "connect_error", "error", "reconnect_attempt 1", "connect_error", "error", "reconnect_error",
    "reconnect_attempt 2", "open", "reconnect 2", "connect",
  ])
})

behaviour("reconnect: attempts are given up", async t => {
  const server = await script(t)
  server.refuse = () => 500
  const socket = t.socket("/", { ...eager, reconnectionAttempts: 2 })
  const log = recorded(socket)
  await next(socket.io, "reconnect_failed")
  await Promise.resolve()
  equal(log, [
    "connect_error", "error", "reconnect_attempt 1", "connect_error", "error", "reconnect_error",
    "reconnect_attempt 2", "connect_error", "error", "reconnect_failed", "reconnect_error",
  ])
  server.refuse = () => undefined
  socket.connect()
  await (await server.session()).grant()
  await connected(socket)
})

behaviour("reconnect: not, if it is switched off", async t => {
  const { server, socket, session } = await begin(t)
  const log = recorded(socket)
  session.cut()
  await next(socket, "disconnect")
  socket.connect()
  await (await server.session()).grant()
  await connected(socket)
  equal(log, [...lost(t), "open", "connect"])
  equal(server.handshakes, 2)
})

/** delays returns those of the first n attempts to connect. */
async function delays(t, n, options) {
  const server = await script(t)
  server.refuse = () => 500
  const { setTimeout, Math: { random } } = globalThis
  t.ends.push(() => { globalThis.setTimeout = setTimeout; Math.random = random })
  let running // the timer that is over, by its time
  globalThis.setTimeout = (fn, ms, ...args) => setTimeout(() => {
    running = ms
    fn(...args)
  }, ms > 1000 && ms < 9000 ? 0 : ms)
  Math.random = () => 0.75
  const socket = t.socket("/", { reconnection: true, reconnectionAttempts: n, ...options })
  const asked = []
  socket.io.on("reconnect_attempt", () => asked.push(running))
  await next(socket.io, "reconnect_failed")
  return asked
}

behaviour("reconnect: delays are doubled, and bounded", async t => {
  equal(await delays(t, 4, { reconnectionDelay: 1001, reconnectionDelayMax: 5000, randomizationFactor: 0 }), [1001, 2002, 4004, 5000])
})

behaviour("reconnect: delays differ at random, by half if nothing is said", async t => {
  equal(await delays(t, 4, {}), [1375, 2750, 5000, 5000])
})

behaviour("reconnect: an attempt that takes too long", async t => {
  const server = await script(t)
  server.refuse = () => 0
  const socket = t.socket("/", { ...eager, timeout: 30 })
  const [error] = await next(socket, "connect_error")
  equal(error.message, "timeout")
  server.refuse = () => undefined
  await (await server.session()).grant()
  await connected(socket)
})

behaviour("reconnect: disconnect() ends it, and connect() begins again", async t => {
  const { server, socket, session } = await begin(t, eager)
  const log = recorded(socket)
  const attempt = next(socket.io, "reconnect_attempt")
  socket.io.once("reconnect_attempt", () => socket.disconnect())
  session.cut()
  await attempt
  ok(!socket.active, "not active")
  socket.connect()
  await (await server.session()).grant()
  await connected(socket)
  equal(server.handshakes, 2)
  equal(log, [...lost(t), "reconnect_attempt 1", "open", "connect"])
})

behaviour("reconnect: after the engine was closed", async t => {
  const { server, socket } = await begin(t, eager)
  const closed = next(socket, "disconnect")
  socket.io.engine.close()
  equal((await closed)[0], "forced close")
  await (await server.session()).grant()
  await connected(socket)
})

behaviour("reconnect: with auth asked for, and the query of now, each time", async t => {
  const server = await script(t)
  let n = 0
  const socket = t.socket("/", { ...eager, query: { a: 1 }, auth: give => give({ n: ++n }) })
  const first = await server.session()
  await first.grant({}, '40{"n":1}')
  await connected(socket)
  await moved(t, socket, first)
  socket.io.opts.query = { a: 2 }
  first.cut()
  const second = await server.session()
  await second.grant({}, '40{"n":2}')
  await connected(socket)
  equal([first.query.a, second.query.a], ["1", "2"])
})

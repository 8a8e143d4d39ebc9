// Connection state recovery: what the client tells, and what it makes of the answer.
import { behaviour, collect, connected, equal, next, ok } from "../../harness.mjs"
import { moved, script } from "../../script.mjs"

const eager = { reconnection: true, reconnectionDelay: 1, reconnectionDelayMax: 1 }

/** recoverable returns a connected socket whose state the server can restore. */
async function recoverable(t, options) {
  const server = await script(t)
  const socket = t.socket("/", { ...eager, ...options })
  const session = await server.session()
  await session.grant({ sid: "one", pid: "p1" }, options?.auth ? `40${JSON.stringify(options.auth)}` : "40")
  await connected(socket)
  ok(!socket.recovered, "not recovered")
  await moved(t, socket, session)
  return { server, socket, session }
}

behaviour("recovery: by id and offset, with what was missed before connect", async t => {
  const { server, socket, session } = await recoverable(t)
  session.say('42["x",1,"offset 1"]', '42["x",2,"offset 2"]', '42["x",{"no":"offset"}]')
  await collect(socket, "x", 3)
  const log = []
  socket.on("x", n => log.push(n))
  socket.on("connect", () => log.push("connect"))
  session.cut()
  const again = await server.session()
  await again.expect('40{"pid":"p1","offset":"offset 2"}')
  again.say('42["x",3,"offset 3"]', '40{"sid":"one","pid":"p1"}')
  await next(socket, "connect")
  equal([log, socket.recovered, socket.id], [[3, "connect"], true, "one"])
  again.cut()
  await (await server.session()).expect('40{"pid":"p1","offset":"offset 3"}')
})

behaviour("recovery: none with another private id", async t => {
  const { server, socket, session } = await recoverable(t)
  session.cut()
  const again = await server.session()
  await again.grant({ sid: "two", pid: "p2" }, '40{"pid":"p1"}')
  await next(socket, "connect")
  equal([socket.recovered, socket.id], [false, "two"])
})

behaviour("recovery: beside auth", async t => {
  const { server, socket, session } = await recoverable(t, { auth: { token: "t" } })
  session.say('42["x","offset"]')
  await next(socket, "x")
  session.cut()
  await (await server.session()).expect('40{"pid":"p1","offset":"offset","token":"t"}')
})

behaviour("recovery: a connection that the server cannot restore has no ids", async t => {
  const server = await script(t)
  const socket = t.socket("/", eager)
  const session = await server.session()
  await session.grant()
  await connected(socket)
  session.say('42["x","no offset"]')
  await next(socket, "x")
  session.cut()
  await (await server.session()).grant()
  await connected(socket)
  ok(!socket.recovered, "not recovered")
})

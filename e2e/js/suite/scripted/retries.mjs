// The queue of the option "retries".
import { behaviour, connected, equal, ok } from "../../harness.mjs"
import { begin, script, writable } from "../../script.mjs"

behaviour("retries: one at a time, in order", async t => {
  const { socket, session } = await begin(t, { retries: 3, ackTimeout: 20_000 })
  const answers = []
  const done = [1, 2, 3].map(n => new Promise(resolve => socket.emit("x", n, (...args) => { answers.push(args); resolve() })))
  await session.expect('420["x",1]')
  session.say('430["a",1]')
  await session.expect('421["x",2]')
  session.say('431["b"]')
  await session.expect('422["x",3]')
  session.say('432[]')
  await Promise.all(done)
  equal(answers, [[null, "a", 1], [null, "b"], [null]])
})

behaviour("retries: sent again with a new id, then given up", async t => {
  const { socket, session } = await begin(t, { retries: 2, ackTimeout: 20 })
  const failed = new Promise(resolve => socket.emit("x", resolve))
  const kept = new Promise(resolve => socket.emit("y", (...args) => resolve(args)))
  await session.expect('420["x"]', '421["x"]', '422["x"]', '423["y"]')
  session.say('430["late"]', '433[1]')
  equal((await failed).message, "operation has timed out")
  const [error] = await kept
  ok(error === null || error.message === "operation has timed out", error) // the time is short
})

behaviour("retries: no try is used up while there is no connection, and the head is sent again after it", async t => {
  const { server, socket, session } = await begin(t, { retries: 1, ackTimeout: 20_000 })
  const answers = []
  const done = ["a", "b"].map(name => new Promise(resolve => socket.emit(name, (...args) => { answers.push([name, ...args]); resolve() })))
  await session.expect('420["a"]')
  socket.disconnect()
  socket.connect()
  const again = await server.session()
  await again.grant()
  await connected(socket)
  await again.expect('421["a"]')
  again.say("431[1]")
  await again.expect('422["b"]')
  again.say("432[2]")
  await Promise.all(done)
  equal(answers, [["a", null, 1], ["b", null, 2]])
})

behaviour("retries: a promise", async t => {
  const { socket, session } = await begin(t, { retries: 3, ackTimeout: 20_000 })
  const answer = socket.emitWithAck("x")
  await session.expect('420["x"]')
  session.say("430[5]")
  equal(await answer, 5)
})

behaviour("retries: volatile events do not wait", async t => {
  const { socket, session } = await begin(t, { retries: 3, ackTimeout: 20_000 })
  socket.emit("x")
  await session.expect('420["x"]')
  await writable(socket)
  socket.volatile.emit("now")
  await session.expect('42["now"]')
})

behaviour("retries: emitted offline", async t => {
  const server = await script(t)
  const socket = t.socket("/", { retries: 1, ackTimeout: 20_000 })
  socket.emit("a")
  socket.emit("b")
  const session = await server.session()
  await session.grant()
  await session.expect('420["a"]')
  session.say("430[]")
  await session.expect('421["b"]')
})

// Acknowledgements: their numbers, timeouts, and the end of the connection.
import { behaviour, connected, equal, next } from "../../harness.mjs"
import { begin, script } from "../../script.mjs"

const timedOut = "operation has timed out"
const cutOff = "socket has been disconnected"
const message = promise => promise.then(() => "none", error => error.message)

behaviour("acks: their ids go on over connections", async t => {
  const { server, socket, session } = await begin(t)
  socket.emit("a", () => {})
  socket.emit("b", () => {})
  await session.expect('420["a"]', '421["b"]')
  socket.disconnect().connect()
  const again = await server.session()
  await again.grant()
  await connected(socket)
  const answer = socket.emitWithAck("c")
  await again.expect('422["c"]')
  again.say('430["nobody waits"]', '4399["unknown"]', '432["answer","more"]')
  equal(await answer, "answer")
})

behaviour("acks: error first where there can be one", async t => {
  const { socket, session } = await begin(t)
  const plain = new Promise(resolve => socket.emit("a", (...args) => resolve(args)))
  const timed = new Promise(resolve => socket.timeout(20_000).emit("b", (...args) => resolve(args)))
  const promised = socket.timeout(20_000).emitWithAck("c")
  await session.expect('420["a"]', '421["b"]', '422["c"]')
  session.say('432[3,4]', '431[2,"x"]', '430[1]')
  equal([await plain, await timed, await promised], [[1], [null, 2, "x"], 3])
})

behaviour("acks: one that comes too late is ignored", async t => {
  const { socket, session } = await begin(t)
  const calls = []
  await new Promise(resolve => socket.timeout(10).emit("a", (...args) => { calls.push(args); resolve() }))
  session.say('430[1]', '42["next"]')
  await next(socket, "next")
  equal(calls.map(([error, ...rest]) => [error.message, ...rest]), [[timedOut]])
})

behaviour("acks: a default timeout, which a call can replace", async t => {
  const { socket } = await begin(t, { ackTimeout: 10 })
  equal((await new Promise(resolve => socket.emit("a", resolve))).message, timedOut)
  equal(await message(socket.emitWithAck("b")), timedOut)
  equal(await message(socket.timeout(15).emitWithAck("c")), timedOut)
})

behaviour("acks: an event that timed out in the buffer is not sent any more", async t => {
  const server = await script(t)
  const socket = t.socket("/", { autoConnect: false })
  equal(await message(socket.timeout(5).emitWithAck("gone")), timedOut)
  socket.emit("kept")
  socket.connect()
  const session = await server.session()
  await session.grant()
  await session.expect('42["kept"]')
})

behaviour("acks: at the end of the connection", async t => {
  const { server, socket, session } = await begin(t)
  const log = []
  socket.emit("plain", () => log.push("plain"))
  const timed = new Promise(resolve => socket.timeout(20_000).emit("timed", resolve))
  const promised = message(socket.emitWithAck("promised"))
  await session.expect('420["plain"]', '421["timed"]', '422["promised"]')
  session.cut()
  equal([(await timed).message, await promised], [cutOff, cutOff])
  const later = socket.emitWithAck("later") // in the buffer, it waits
  socket.connect()
  const again = await server.session()
  await again.grant()
  await again.expect('423["later"]')
  again.say('430["too late"]', '433["now"]')
  equal(await later, "now")
  equal(log, [])
})

behaviour("acks: those of the buffer survive the end of the connection", async t => {
  const server = await script(t)
  const socket = t.socket()
  const answer = socket.emitWithAck("patient")
  const first = await server.session()
  await first.expect("40")
  first.cut()
  await next(socket, "disconnect")
  socket.connect()
  const session = await server.session()
  await session.grant()
  await session.expect('420["patient"]')
  session.say("430[1]")
  equal(await answer, 1)
})

behaviour("acks: the server asks: the first answer counts, with all arguments", async t => {
  const { socket, session } = await begin(t)
  socket.on("question", (...args) => {
    const answer = args.pop()
    answer(...args, "first")
    answer("second")
    socket.emit("done")
  })
  session.say('4212["question",1,[2]]')
  await session.expect('4312[1,[2],"first"]', '42["done"]')
})

behaviour("acks: binary ones, both ways", async t => {
  const { socket, session } = await begin(t)
  socket.on("question", (data, answer) => answer({ data }))
  session.say('451-5["question",{"_placeholder":true,"num":0}]', Buffer.from([1, 2]))
  await session.expect('461-5[{"data":{"_placeholder":true,"num":0}}]')
  equal(await session.next(), t.mode === "polling" ? "bAQI=" : Buffer.from([1, 2]))
  const answer = socket.emitWithAck("x")
  await session.expect('420["x"]')
  session.say('461-0[{"_placeholder":true,"num":0}]', Buffer.from([3]))
  equal(await answer, Buffer.from([3]))
})

behaviour("acks: timeouts that are over leave nothing behind", async t => {
  const { socket, session } = await begin(t)
  const answered = socket.timeout(20).emitWithAck("a")
  await session.expect('420["a"]')
  session.say("430[1]")
  equal(await answered, 1)
  equal(await message(socket.timeout(30).emitWithAck("b")), timedOut) // after the time of the first
})

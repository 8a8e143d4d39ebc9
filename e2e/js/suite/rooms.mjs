import { behaviour, equal, never, next, settled } from "../harness.mjs"

// hears says which of the sockets get the event that one sends.
async function hears(sender, send, sockets) {
  const heard = new Set()
  for (const socket of sockets) socket.on("sent", () => heard.add(socket))
  await sender.emitWithAck("send", send)
  await settled(...sockets)
  for (const socket of sockets) socket.off("sent")
  return sockets.map(socket => heard.has(socket))
}

behaviour("rooms: join and leave, and the room of one's own id", async t => {
  const socket = await t.connect()
  equal(await socket.emitWithAck("rooms"), [socket.id])
  equal((await socket.emitWithAck("join", ["a", "b", "a", "räume \"x\""])).sort(), [socket.id, "a", "b", "räume \"x\""].sort())
  equal((await socket.emitWithAck("leave", "a")).sort(), [socket.id, "b", "räume \"x\""].sort())
  equal((await socket.emitWithAck("leave", "never there")).sort(), [socket.id, "b", "räume \"x\""].sort())
})

behaviour("rooms: who hears what", async t => {
  const [a, b, c, d] = [await t.connect(), await t.connect(), await t.connect(), await t.connect()]
  const all = [a, b, c, d]
  await a.emitWithAck("join", ["x"])
  await b.emitWithAck("join", ["x", "y"])
  await c.emitWithAck("join", ["y"])
  const [yes, no] = [true, false]
  equal(await hears(a, {}, all), [no, yes, yes, yes], "broadcast")
  equal(await hears(a, { all: true }, all), [yes, yes, yes, yes], "all")
  equal(await hears(a, { rooms: ["x"] }, all), [no, yes, no, no], "to a room of one's own")
  equal(await hears(d, { rooms: ["x"] }, all), [yes, yes, no, no], "to a room of others")
  equal(await hears(d, { rooms: ["x", "y"] }, all), [yes, yes, yes, no], "to two rooms")
  equal(await hears(d, { rooms: ["x"], except: ["y"] }, all), [yes, no, no, no], "to a room, except one")
  equal(await hears(a, { except: ["y"] }, all), [no, no, no, yes], "except a room")
  equal(await hears(a, { all: true, except: ["x", "y"] }, all), [no, no, no, yes], "all, except two rooms")
  equal(await hears(a, { rooms: [c.id] }, all), [no, no, yes, no], "to one")
  equal(await hears(a, { rooms: ["nobody"] }, all), [no, no, no, no], "to an empty room")
  equal(await hears(a, { all: true, local: true }, all), [yes, yes, yes, yes], "local")
  await b.emitWithAck("leave", "x")
  equal(await hears(d, { rooms: ["x"] }, all), [yes, no, no, no], "after leaving")
})

behaviour("rooms: each hears it once, though in several", async t => {
  const [a, b] = [await t.connect(), await t.connect()]
  await b.emitWithAck("join", ["x", "y", "z"])
  let count = 0
  b.on("sent", () => count++)
  await a.emitWithAck("send", { rooms: ["x", "y", "z", b.id] })
  await settled(b)
  equal(count, 1)
})

behaviour("rooms: binary data to all, over their different transports", async t => {
  const a = await t.connect()
  const others = [await t.connect(), await t.connect("/", { transports: ["polling"], upgrade: false }), await t.connect("/", { transports: ["websocket"] })]
  const got = Promise.all(others.map(socket => next(socket, "sent")))
  await a.emitWithAck("send", { value: { s: "é" }, data: new Uint8Array([0, 255, 1]) })
  equal(await got, others.map(() => [{ s: "é" }, new Uint8Array([0, 255, 1])]))
}, { only: ({ mode }) => mode !== "upgrade" })

behaviour("rooms: who has left the server hears nothing", async t => {
  const [a, b] = [await t.connect(), await t.connect()]
  const gone = await t.watch()
  await b.emitWithAck("join", ["x"])
  const check = never(b, "sent")
  const { id } = b
  b.disconnect()
  await gone(id)
  equal(await hears(a, { rooms: ["x"] }, [a]), [false])
  check()
})

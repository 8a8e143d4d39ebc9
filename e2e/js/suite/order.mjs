import { behaviour, collect, connected, equal, numbers, upgraded } from "../harness.mjs"

behaviour("order: 20 events at once, right after connect", async t => {
  for (let i = 0; i < 20; i++) {
    const socket = t.socket()
    socket.once("connect", () => { for (const n of numbers(20)) socket.emit("up", n) })
    await connected(socket)
    equal(await socket.emitWithAck("log"), numbers(20))
    socket.disconnect()
  }
})

behaviour("order: events emitted before connect", async t => {
  const socket = t.socket()
  for (const n of numbers(20)) socket.emit("up", n)
  equal(await socket.emitWithAck("log"), numbers(20))
})

behaviour("order: 1000 events each way, across the upgrade", async t => {
  const socket = t.socket()
  await connected(socket)
  const down = collect(socket, "number", 1000)
  socket.emit("down", 1000)
  const moved = upgraded(socket)
  let n = 0
  // in small portions, so that some go before, some while and some after it moves
  const engine = socket.io.engine
  while (n < 1000) {
    const portion = engine.transport.name === "websocket" ? 1000 - n : Math.min(25, 900 - n)
    for (let i = 0; i < portion; i++) socket.emit("up", n++)
    await new Promise(resolve => setTimeout(resolve, 1))
  }
  await moved
  equal(await down, numbers(1000))
  equal(await socket.emitWithAck("log"), numbers(1000))
}, { only: ({ mode }) => mode === "upgrade" })

behaviour("order: 1000 events each way, all before the upgrade can be done", async t => {
  const socket = t.socket()
  await connected(socket)
  const down = collect(socket, "number", 1000)
  socket.emit("down", 1000)
  for (const n of numbers(1000)) socket.emit("up", n)
  await upgraded(socket)
  equal(await down, numbers(1000))
  equal(await socket.emitWithAck("log"), numbers(1000))
}, { only: ({ mode }) => mode === "upgrade" })

behaviour("order: 1000 events each way", async t => {
  const socket = await t.connect()
  const down = collect(socket, "number", 1000)
  socket.emit("down", 1000)
  for (const n of numbers(1000)) socket.emit("up", n)
  equal(await down, numbers(1000))
  equal(await socket.emitWithAck("log"), numbers(1000))
})

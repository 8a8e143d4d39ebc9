// The move from polling to WebSocket.
import { behaviour, connected, equal, next, numbers, ok } from "../../harness.mjs"
import { begin, script } from "../../script.mjs"

const upgrading = { only: ({ mode }) => mode === "upgrade" }

/** start returns a socket that is connected, by polling still, and may be upgrading. */
async function start(t, onProbe, options) {
  const server = await script(t)
  server.onProbe = onProbe
  const socket = t.socket("/", options)
  const session = await server.session()
  const failed = new Promise(resolve => socket.io.engine.once("upgradeError", resolve))
  await session.grant()
  await connected(socket)
  return { server, socket, session, failed }
}

/** stays sees that polling goes on both ways. */
async function stays({ socket, session }) {
  equal(socket.io.engine.transport.name, "polling")
  socket.emit("up", 1)
  await session.expect('42["up",1]')
  session.say('42["down",2]')
  equal(await next(socket, "down"), [2])
}

behaviour("upgrade: packets keep their order", async t => {
  let probe
  const probed = new Promise(resolve => { probe = resolve })
  const { socket, session } = await start(t, (ws, session) => ws.once("message", data => probe([ws, session, data.toString()])))
  const [ws, , text] = await probed
  equal(text, "2probe")
  for (const n of numbers(5)) socket.emit("n", n) // by polling
  const moving = next(socket.io.engine, "upgrading")
  ws.on("message", data => data.toString() === "5" ? session.moved(ws) : session.hear(data.toString()))
  session.say('42["down",0]')
  session.probe(ws)
  await moving
  for (const n of [5, 6, 7]) socket.emit("n", n) // in the pause
  await next(socket.io.engine, "upgrade")
  for (const n of [8, 9]) socket.emit("n", n)
  for (const n of numbers(10)) await session.expect(`42["n",${n}]`)
}, upgrading)

behaviour("upgrade: what the server says while it is under way", async t => {
  const { socket, session } = await start(t)
  const got = []
  const done = new Promise(resolve => socket.on("n", n => { if (got.push(n) === 20) resolve() }))
  for (const n of numbers(10)) session.say(`42["n",${n}]`)
  if (socket.io.engine.transport.name !== "websocket") await next(socket.io.engine, "upgrade")
  for (const n of numbers(10)) session.say(`42["n",${n + 10}]`)
  await done
  equal(got, numbers(20))
}, upgrading)

for (const [name, onProbe] of [
  ["is closed at once", ws => ws.close()],
  ["is cut", ws => ws.terminate()],
  ["is answered with something else", ws => ws.once("message", () => ws.send("3other"))],
]) {
  behaviour(`upgrade: a probe that ${name}: polling goes on`, async t => {
    const begun = await start(t, onProbe)
    const error = await begun.failed
    ok(error instanceof Error && error.message.startsWith("probe error"), error)
    await stays(begun)
  }, upgrading)
}

behaviour("upgrade: a probe that is never answered: polling goes on", async t => {
  let probed
  const probe = new Promise(resolve => { probed = resolve })
  const begun = await start(t, ws => ws.once("message", probed))
  await probe
  await stays(begun)
}, upgrading)

behaviour("upgrade: not wanted", async t => {
  const begun = await start(t, undefined, { upgrade: false })
  await stays(begun)
  ok(begun.server.requests.every(([method]) => method !== "WebSocket"), "no WebSocket")
}, upgrading)

behaviour("upgrade: only to a transport of the options", async t => {
  const { server, socket, session } = await begin(t, {}, { upgrades: ["websocket"] })
  socket.emit("x")
  await session.expect('42["x"]')
  ok(server.requests.every(([method]) => method !== "WebSocket"), "no WebSocket")
}, { only: ({ mode }) => mode === "polling" })

behaviour("upgrade: remembered for the next connection", async t => {
  const { server } = await begin(t, { rememberUpgrade: true })
  const socket = t.socket("/", { rememberUpgrade: true })
  await (await server.session()).grant()
  await connected(socket)
  equal(socket.io.engine.transport.name, "websocket")
  const other = t.socket()
  await (await server.session()).grant()
  await connected(other)
  equal(server.requests.filter(([, path]) => !path.includes("sid=")).map(([method]) => method), ["GET", "WebSocket", "GET"])
}, upgrading)

behaviour("upgrade: close() waits for it", async t => {
  let answer
  const probed = new Promise(resolve => { answer = resolve })
  const { socket, session } = await start(t, ws => ws.once("message", () => answer(ws)))
  const ws = await probed
  ws.on("message", data => data.toString() === "5" ? session.moved(ws) : session.hear(data.toString()))
  ws.on("close", () => session.hear("closed"))
  const moving = next(socket.io.engine, "upgrading")
  ws.send("3probe")
  await moving
  socket.emit("last")
  const closed = next(socket, "disconnect")
  socket.io.engine.close()
  session.say("6")
  await session.expect('42["last"]', "closed")
  equal((await closed)[0], "forced close")
}, upgrading)

// What happens below Socket.IO, against a server that says what it is told to.

import assert from "node:assert/strict"
import { next, open, record, Script, test } from "./support.mjs"

/** Starts a script, and a socket that is connected to it. */
async function begin(t, { handshake, ...options } = {}) {
  const script = new Script(handshake)
  const url = await script.start(t)
  const socket = open(t, url, { transports: ["polling"], ...options })
  await script.waitFor("40")
  const connected = next(socket, "connect")
  script.say('40{"sid":"x"}')
  await connected
  return { script, socket, engine: socket.io.engine }
}

for (const transport of ["polling", "websocket"]) {
  test(`packets that are none, or broken (${transport})`, async t => {
    for (const [packet, message] of [
      ["4x", /unknown packet type/], ["47", /unknown packet type/], ["42{", /invalid payload/], ["42[", /invalid payload/], ["42{}", /invalid payload/],
      ['42["connect"]', /invalid payload/], ["42[]", /invalid payload/], ["42[null]", /invalid payload/], ['42abc["x"]', /invalid payload/],
      ["41{}", /invalid payload/], ["43{}", /invalid payload/], ["40[]", /invalid payload/], ["40null", /invalid payload/],
      ["45", /Illegal attachments/], ["451", /Illegal attachments/], ['450-["x"]', /Illegal attachments/], ["451.5-[]", /Illegal attachments/],
      ['4511-["x"]', /too many attachments/], ["bAQID", /got binary data/],
    ]) {
      const { script, socket } = await begin(t, { transports: [transport] })
      const end = next(socket, "disconnect")
      script.say(packet)
      const [reason, error] = await end
      assert.equal(reason, "parse error", packet)
      assert.match(error.message, message)
    }
    for (const packets of [['451-["x",{"_placeholder":true,"num":1}]', "bAQID"], ['451-["x"]', "42[\"y\"]"]]) {
      const { script, socket } = await begin(t, { transports: [transport] })
      const end = next(socket, "disconnect")
      script.say(...packets)
      assert.equal((await end)[0], "parse error")
    }
  })

  test(`Engine.IO packets that are none (${transport})`, async t => {
    for (const packet of ["", "x", "7", "b?"]) {
      const { script, socket } = await begin(t, { transports: [transport] })
      const end = next(socket, "disconnect")
      if (transport === "polling") script.say(packet, "42[\"too late\"]")
      else script.say(packet)
      const [reason, error] = await end
      assert.deepEqual([reason, error.message], ["transport error", "server error"], JSON.stringify(packet))
    }
  })

  test(`forms of packets that are fine (${transport})`, async t => {
    const { script, socket } = await begin(t, { transports: [transport] })
    const log = record(socket, "e", "3")
    const last = next(socket, "last")
    script.say('42/,["e",0]', '42["e"]', '42[3,"numeric"]', '42/other,["e","not ours"]', "439[1]", '451-7["e",{"_placeholder":true,"num":0}]', "bAQID", '42["last"]')
    await last
    assert.deepEqual(log.slice(0, 3), [["e", 0], ["e"], ["3", "numeric"]])
    assert.deepEqual([...new Uint8Array(log[3][1])], [1, 2, 3])
    log[3][2](new Uint8Array([1]))
    await script.waitFor('461-7[{"_placeholder":true,"num":0}]')
    if (transport === "polling") await script.waitFor("bAQ==")
  })
}

test("the server's word that it closes, by polling", async t => {
  const { script, socket } = await begin(t)
  const log = record(socket, "e", "disconnect")
  const end = next(socket, "disconnect")
  script.say('42["e",1]', "1", '42["e",2]')
  await end
  assert.deepEqual(log, [["e", 1], ["disconnect", "transport close", { description: "transport closed by the server" }]])
})

test("a listener that disconnects drops the rest of the payload", async t => {
  const { script, socket } = await begin(t)
  const log = record(socket, "e")
  socket.on("e", () => socket.disconnect())
  const end = next(socket, "disconnect")
  script.say('42["e",1]', '42["e",2]')
  await end
  await script.waitFor("1")
  assert.deepEqual(log, [["e", 1]])
})

test("an acknowledgement goes to the socket that was asked, or nowhere", async t => {
  const { script, socket } = await begin(t, { transports: ["websocket"] })
  const other = socket.io.socket("/other") // which keeps the connection
  await script.waitFor("40/other,")
  const granted = next(other, "connect")
  script.say('40/other,{"sid":"o"}')
  await granted
  const asked = [next(socket, "one"), next(socket, "two"), next(socket, "three")]
  script.say('427["one"]', '428["two"]', '429["three"]')
  const [[one], [two], [three]] = await Promise.all(asked)
  one(1)
  socket.disconnect()
  two("while disconnected")
  await script.waitFor("41")
  socket.connect()
  await script.waitFor("40")
  const connected = next(socket, "connect")
  script.say('421["early"]', '40{"sid":"y"}')
  socket.once("early", ack => ack(4))
  await connected
  three("under another id")
  socket.emit("end")
  await script.waitFor('42["end"]')
  assert.deepEqual(script.heard.map(([, text]) => text), ["40", "40/other,", "437[1]", "41", "40", "431[4]", '42["end"]'])
  other.disconnect()
})

test("heartbeats are answered, and missed", async t => {
  const { script, socket } = await begin(t, { handshake: { pingInterval: 150, pingTimeout: 150 } })
  const ping = next(socket.io, "ping")
  script.say("2")
  await Promise.all([ping, script.waitFor("3")])
  assert.equal((await next(socket, "disconnect"))[0], "ping timeout")
})

test("a late timer is noticed when something is sent", async t => {
  const { script, socket } = await begin(t, { reconnection: true, reconnectionDelay: 10 })
  const now = Date.now()
  const clock = t.mock.method(Date, "now", () => now + 60_000)
  const end = next(socket, "disconnect")
  socket.emit("kept", 1)
  socket.emit("kept", 2)
  assert.equal(socket.sendBuffer.length, 2)
  assert.equal((await end)[0], "ping timeout")
  clock.mock.restore()
  const connected = next(socket, "connect")
  script.heard = []
  await script.waitFor("40")
  script.say('40{"sid":"y"}')
  await connected
  await script.waitFor('42["kept",1]')
  await script.waitFor('42["kept",2]')
})

test("POSTs keep within the server's limit", async t => {
  const { script, engine } = await begin(t, { handshake: { maxPayload: 100 } })
  let release
  const held = new Promise(resolve => (release = resolve))
  script.answer = async res => {
    await held
    res.end("ok")
  }
  engine.send("first")
  for (const n of [30, 30, 35, 1, 200, 5]) engine.send("x".repeat(n))
  engine.send("€".repeat(31))
  engine.send("€€")
  engine.send(new Uint8Array(60))
  engine.send(new Uint8Array(16))
  engine.send(new Blob([new Uint8Array(15)]))
  release()
  await new Promise(resolve => {
    const check = () => (engine.writeBuffer.length ? engine.once("drain", check) : resolve())
    check()
  })
  const posts = script.heard.map(([, body]) => body.split("\x1e").map(packet => packet.length - 1)).slice(1)
  assert.deepEqual(posts, [[5], [30, 30, 35], [1], [200], [5], [31], [2, 80], [24, 20]])
})

test("a request that fails, or is too late", async t => {
  {
    const { script, socket } = await begin(t)
    script.answer = res => {
      res.statusCode = 413
      res.end()
    }
    const end = next(socket, "disconnect")
    socket.emit("x")
    const [reason, error] = await end
    assert.deepEqual([reason, error.message, error.description, error.context.status], ["transport error", "xhr post error", 413, 413])
  }
  const { socket } = await begin(t, { requestTimeout: 300 })
  const [reason, error] = await next(socket, "disconnect")
  assert.deepEqual([reason, error.message, error.description], ["transport error", "xhr poll error", 0])
})

for (const [name, end] of [["is closed", ws => ws.close()], ["breaks", ws => ws.terminate()], ["says something else", ws => ws.send("4hello")]]) {
  test(`a candidate that ${name} in the pause`, async t => {
    const script = new Script({ upgrades: ["websocket"] })
    let probe
    script.onProbe = ws => (probe = ws)
    const url = await script.start(t)
    const socket = open(t, url, { transports: ["polling", "websocket"] })
    const { engine } = socket.io
    await Promise.all([script.waitFor("40"), script.waitFor("2probe")])
    const upgrading = next(engine, "upgrading")
    const failed = next(engine, "upgradeError")
    probe.send("3probe")
    await upgrading
    socket.io.engine.send("held back")
    end(probe)
    assert.match((await failed)[0].message, /^probe error/)
    await script.waitFor("4held back")
    assert.deepEqual(script.heard.at(-1)[0], "polling")
    const connected = next(socket, "connect")
    script.say('40{"sid":"x"}')
    await connected
    const came = next(socket, "later")
    script.say('42["later"]')
    await came
    assert.deepEqual([engine.upgrading, engine.transport.name], [false, "polling"])
  })
}

test("close() waits for the upgrade and for what is buffered", async t => {
  const script = new Script({ upgrades: ["websocket"] })
  let probe
  script.onProbe = ws => (probe = ws)
  const url = await script.start(t)
  const socket = open(t, url, { transports: ["polling", "websocket"] })
  const { engine } = socket.io
  await Promise.all([script.waitFor("40"), script.waitFor("2probe")])
  const upgrading = next(engine, "upgrading")
  probe.send("3probe")
  await upgrading
  engine.send("last words")
  engine.close()
  engine.send("too late")
  assert.equal(engine.readyState, "closing")
  const closed = next(engine, "close")
  const ended = new Promise(resolve => probe.on("close", resolve))
  script.say("6")
  assert.equal((await closed)[0], "forced close")
  await ended
  assert.deepEqual(script.heard.slice(-2), [["websocket", "5"], ["websocket", "4last words"]])
})

test("options of the requests", async t => {
  const { script, socket } = await begin(t, { path: "/p/", query: { a: "1", EIO: "9" }, timestampRequests: false, forceBase64: true })
  assert.deepEqual(Object.fromEntries(script.lastQuery), { a: "1", EIO: "4", transport: "polling", sid: "s" })
  socket.disconnect()
})

test("no transport that is known", async t => {
  const socket = open(t, "http://127.0.0.1:1", { transports: ["toString", "pigeon"] })
  assert.equal((await next(socket, "connect_error"))[0], "No transports available")
})

test("a server of an older protocol", async t => {
  const script = new Script()
  const url = await script.start(t)
  const socket = open(t, url, { transports: ["websocket"] })
  await script.waitFor("40")
  const failed = next(socket, "connect_error")
  script.say("40")
  assert.match((await failed)[0].message, /older protocol/)
  assert.equal(socket.connected, false)
})

test("the page goes offline", async t => {
  const page = new EventTarget()
  globalThis.addEventListener = page.addEventListener.bind(page)
  globalThis.removeEventListener = page.removeEventListener.bind(page)
  t.after(() => {
    delete globalThis.addEventListener
    delete globalThis.removeEventListener
  })
  const { socket } = await begin(t)
  const end = next(socket, "disconnect")
  page.dispatchEvent(new Event("offline"))
  assert.deepEqual(await end, ["transport close", { description: "network connection lost" }])
})

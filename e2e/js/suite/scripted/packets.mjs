// Packets as they are on the wire: binary kinds, and what is none.
import { behaviour, connected, equal, next } from "../../harness.mjs"
import { begin } from "../../script.mjs"

const eager = { reconnection: true, reconnectionDelay: 1, reconnectionDelayMax: 1 }

for (const [name, ...packets] of [
  ["an unknown type", "49"],
  ["no type", "4"],
  ["broken JSON", '42["x"'],
  ["an event without a name", "42[]"],
  ["an event with a name that is none", '42[{}]'],
  ["an event with a reserved name", '42["disconnect"]'],
  ["an event that is no list", '42{}'],
  ["an ack that is no list", '430{}'],
  ["a grant that is no object", '40"x"'],
  ["a DISCONNECT with a payload", '41{}'],
  ["a refusal that is a list", '44[]'],
  ["a binary event without a count", '45["x"]'],
  ["a binary event of too many attachments", '4511-["x"]'],
  ["a placeholder out of range", '451-["x",{"_placeholder":true,"num":1}]', Buffer.from([1])],
  ["a text in the place of an attachment", '451-["x",{"_placeholder":true,"num":0}]', '42["x"]'],
  ["an attachment that nobody awaits", Buffer.from([1])],
]) {
  behaviour(`packets: ${name} ends the connection`, async t => {
    const { server, socket, session } = await begin(t, eager)
    const closed = next(socket, "disconnect")
    session.say(...packets)
    equal((await closed)[0], "parse error")
    await (await server.session()).grant()
    await connected(socket)
  })
}

for (const [name, packet, want] of [
  ["a number as the name", '42[7,"x"]', ["7", "x"]],
  ["an id in an event", '4217["y",1]', ["y", 1]],
  ["an empty name", '42["",1]', ["", 1]],
]) {
  behaviour(`packets: ${name} is fine`, async t => {
    const { socket, session } = await begin(t)
    const got = next(socket, want[0])
    session.say(packet)
    equal((await got).slice(0, 1), want.slice(1))
  })
}

const eight = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8])
for (const [name, value, bytes] of [
  ["an ArrayBuffer", eight.buffer, eight],
  ["a Uint8Array", eight, eight],
  ["a view of a part", eight.subarray(2, 4), [3, 4]],
  ["a Uint16Array", new Uint16Array(eight.buffer, 2, 2), [3, 4, 5, 6]],
  ["a Float64Array", new Float64Array(eight.buffer), eight],
  ["a DataView", new DataView(eight.buffer, 7), [8]],
  ["a Buffer", Buffer.from([9, 8]), [9, 8]],
  ["an empty one", new Uint8Array(), []],
]) {
  behaviour(`packets: ${name} is sent as its bytes`, async t => {
    const { socket, session } = await begin(t)
    socket.emit("x", { value }, 1)
    await session.expect('451-["x",{"value":{"_placeholder":true,"num":0}},1]')
    const data = Buffer.from(bytes)
    equal(await session.next(), t.mode === "polling" ? "b" + data.toString("base64") : data)
  })
}

behaviour("packets: a Blob is sent as its bytes, among others, in order", async t => {
  const { socket, session } = await begin(t)
  socket.emit("x", new Blob([eight.subarray(0, 3)]), eight.subarray(7))
  socket.emit("y")
  const data = bytes => t.mode === "polling" ? "b" + Buffer.from(bytes).toString("base64") : Buffer.from(bytes)
  await session.expect('452-["x",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]')
  equal([await session.next(), await session.next(), await session.next()], [data([1, 2, 3]), data([8]), '42["y"]'])
}, { only: ({ library }) => library === "ours" }) // the official one in Node takes a Blob for binary only in browsers

behaviour("packets: several attachments come, nested, each at its place", async t => {
  const { socket, session } = await begin(t)
  const got = next(socket, "x")
  session.say('453-["x",{"a":[{"_placeholder":true,"num":1}]},{"_placeholder":true,"num":0},{"_placeholder":true,"num":2}]',
    Buffer.from([1]), Buffer.from([]), Buffer.from([2, 3]))
  equal(await got, [{ a: [Buffer.from([])] }, Buffer.from([1]), Buffer.from([2, 3])])
})

behaviour("packets: a connection cut between attachments leaves nothing to the next", async t => {
  const { server, socket, session } = await begin(t, eager)
  session.say('452-["x",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]', Buffer.from([1]))
  session.say('2')
  await session.expect("3") // so it has come
  session.cut()
  const again = await server.session()
  await again.grant()
  await connected(socket)
  again.say('42["y",1]')
  equal(await next(socket, "y"), [1])
})

behaviour("packets: forceBase64 sends text", async t => {
  const { socket, session } = await begin(t, { forceBase64: true })
  equal(session.query.b64, "1")
  socket.emit("x", eight)
  await session.expect('451-["x",{"_placeholder":true,"num":0}]', "b" + Buffer.from(eight).toString("base64"))
})

behaviour("packets: base64 comes as binary data", async t => {
  const { socket, session } = await begin(t)
  session.say('451-["x",{"_placeholder":true,"num":0}]', "bAQID")
  equal(await next(socket, "x"), [Buffer.from([1, 2, 3])])
})

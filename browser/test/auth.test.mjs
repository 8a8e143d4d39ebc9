// A server that asks for the auth data of now. It is an event, so any server can.

import assert from "node:assert/strict"
import { inEachMode, next, open, serve, test } from "./support.mjs"

const asks = "socket.io:auth"

inEachMode("auth data are given anew", async (t, options) => {
  const { server, url } = await serve(t)
  let token = 0
  const socket = open(t, url, { ...options, auth: give => setTimeout(() => give({ token: ++token })) })
  const heard = []
  socket.onAny(name => heard.push(name))
  const [peer] = await next(server, "connection")
  assert.deepEqual(peer.handshake.auth, { token: 1 })
  assert.deepEqual(await peer.emitWithAck(asks), { token: 2 })
  assert.deepEqual(heard, [])

  socket.auth = { token: "by hand" }
  assert.deepEqual(await peer.emitWithAck(asks), { token: "by hand" })
  socket.auth = undefined
  assert.deepEqual(await peer.emitWithAck(asks), {})
  peer.emit(asks) // asks for nothing
  peer.emit("after")
  assert.deepEqual(await next(socket, "after"), [])
})

test("a listener of the page gives auth data itself", async t => {
  const { server, url } = await serve(t)
  const socket = open(t, url, { auth: { token: "option" } })
  socket.on(asks, answer => answer({ token: "listener" }))
  const [peer] = await next(server, "connection")
  assert.deepEqual(await peer.emitWithAck(asks), { token: "listener" })
})

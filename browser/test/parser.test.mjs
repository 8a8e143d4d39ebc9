// The option "parser".

import assert from "node:assert/strict"
import { EventEmitter } from "node:events"
import * as official from "socket.io-parser"
import { bytes, connect, inEachMode, next, serve } from "./support.mjs"

inEachMode("the official parser", async (t, options) => {
  const { server, url } = await serve(t)
  server.on("connection", peer => peer.on("echo", (...args) => args.pop()(...args)))
  const socket = await connect(t, url, { ...options, parser: official })
  const [text, data] = await new Promise(done => socket.emit("echo", { a: 1 }, new Uint8Array([1, 2]), (...args) => done(args)))
  assert.deepEqual([text, bytes(data)], [{ a: 1 }, [1, 2]])
})

/** A parser of which each packet is one text. */
const reversed = {
  Encoder: class {
    encode({ type, nsp, data, id }) {
      return [[...JSON.stringify({ type, nsp, data, id })].reverse().join("")]
    }
  },
  Decoder: class extends EventEmitter {
    add(text) {
      this.emit("decoded", JSON.parse([...text].reverse().join("")))
    }
    destroy() {}
  },
}

inEachMode("a parser of one's own", async (t, options) => {
  const { server, url } = await serve(t, { parser: reversed })
  const peer = next(server, "connection")
  const socket = await connect(t, url, { ...options, parser: reversed })
  ;(await peer)[0].on("echo", (...args) => args.pop()(...args)).emit("hello", "you")
  assert.deepEqual(await next(socket, "hello"), ["you"])
  assert.equal(await socket.emitWithAck("echo", 7), 7)
  const ended = next(socket, "disconnect")
  server.engine.clients[socket.io.engine.id].write("nonsense")
  const [reason, error] = await ended
  assert.equal(reason, "parse error")
  assert.ok(error instanceof SyntaxError)
})

// The clients that the behaviours run with, in Node: the official ones, and ours.
import { io as v4 } from "socket.io-client"
import { io as v3 } from "socket.io-client-v3"
import v2 from "socket.io-client-v2"
import msgpack from "socket.io-msgpack-parser"
import { modern } from "./client2.mjs"
import { io as ours } from "./ours.mjs"
import { io as oursMsgpack } from "../../browser/npm/esm/node-msgpack.js"

/**
 * clients by name: the function of the library, and the generation of
 * Socket.IO that it is of.
 */
export const clients = {
  "ours": { io: ours, generation: 4, library: "ours" },
  "ours-msgpack": { io: oursMsgpack, generation: 4, library: "ours", parser: "msgpack" },
  "4": { io: v4, generation: 4, library: "official" },
  "4-msgpack": { io: (url, options) => v4(url, { ...options, parser: msgpack }), generation: 4, parser: "msgpack" },
  "3": { io: renewed(v3), generation: 3 },
  "2": { io: modern(v2), generation: 2 },
}

/** renewed gives the sockets of an older library what behaviours are written with. */
function renewed(io) {
  return (...args) => {
    const socket = io(...args)
    socket.emitWithAck = (name, ...values) => new Promise(resolve => socket.emit(name, ...values, resolve))
    return socket
  }
}

// The handlers of ../peer, on an official server: it shows that the behaviours
// in suite/ and ../behaviours are those of Socket.IO, not of our server. Its
// argument says which server it is, as one JSON object: see parameters. It
// restarts when asked for by a line on its standard input, and prints its port
// when it is up.
import { createServer } from "node:http"
import { createInterface } from "node:readline"
import { promisify } from "node:util"
import { Server as Server4 } from "socket.io"
import { Server as Server3 } from "socket.io-v3"
import Server2 from "socket.io-v2"
import msgpack from "socket.io-msgpack-parser"
import { handlers } from "./handlers.mjs"

// parameters: version 2, 3 or 4; msgpack: the packets are of that kind; eio3:
// clients of Socket.IO 2 are let in; recovery: clients go on where they were;
// deflate: WebSocket messages are compressed.
const parameters = { version: 4, msgpack: false, eio3: false, recovery: false, deflate: false, ...JSON.parse(process.argv[2]) }
const { version } = parameters
const Server = { 2: Server2, 3: Server3, 4: Server4 }[version]
const options = {
  maxHttpBufferSize: 5_000_000,
  perMessageDeflate: parameters.deflate ? { threshold: 1024 } : false,
  allowRequest: (request, decide) => refuses(request) ? decide("refused", false) : decide(null, true),
  ...(version > 2 ? { allowEIO3: parameters.eio3, cookie: { name: "io" }, cors: { origin: "*" } } : {}),
  ...(parameters.msgpack ? { parser: msgpack } : {}),
  ...(parameters.recovery ? { connectionStateRecovery: {} } : {}),
}

/** refuses reports whether a request asks not to be let in, over its transport. */
function refuses(request) {
  const query = new URL(request.url, "http://localhost").searchParams
  return query.getAll("refuse").includes(query.get("transport"))
}

let io, http, port = 0

async function start() {
  http = createServer()
  io = new Server(http, options)
  handlers(io, version)
  await new Promise(resolve => http.listen(port, "127.0.0.1", resolve))
  port = http.address().port
  console.log(port)
}

createInterface({ input: process.stdin }).on("line", async () => {
  await promisify(io.close.bind(io))()
  await start()
}).on("close", () => process.exit(0))
await start()

// Connects to examples/frameworks with the official client, in Node, and prints
// what became of it. Parameters come as one JSON object: url, transports.
import { io } from "socket.io-client"

const { url, transports } = JSON.parse(process.argv[2])
const socket = io(url, { path: "/api/socket.io/", transports, reconnection: false, extraHeaders: { origin: url } })
socket.on("connect_error", (err) => {
  console.error(err)
  process.exit(1)
})
const { engine } = socket.io
// With both transports the connection begins with polling, and moves.
const upgraded = transports.length > 1 && new Promise((resolve) => engine.once("upgrade", resolve))
await new Promise((resolve) => socket.once("connect", resolve))
await upgraded
const text = "hello, ".repeat(1000)
const answer = await socket.timeout(20000).emitWithAck("echo", text)
console.log(JSON.stringify({ transport: engine.transport.name, echoed: answer === text }))
socket.disconnect()
process.exit(0)

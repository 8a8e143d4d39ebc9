// The official server for a client behind a bad link. It prints its port, and reads lines:
// "have 5" says that the client has got five events of those that are emitted, which begins with
// "have 0"; "report" asks for what has happened. Its argument has options of the server, "down",
// the number of events, and "ahead", how many may be under way.
import { createServer } from "node:http"
import { createInterface } from "node:readline"
import { Server } from "socket.io"

const { down, ahead, ...options } = JSON.parse(process.argv[2])

const http = createServer()
const io = new Server(http, options)
const result = { arrivals: [], fresh: 0, orphans: 0, asked: 0, answered: 0, failed: 0, wrong: 0 }
let connections = 0, sent = 0, have = -ahead, asking = true

io.use((socket, next) => { // before the client knows that it is connected
  socket.number = connections++
  next()
})

const live = new Set()

io.on("connection", socket => {
  if (!socket.recovered) {
    result.fresh++
    if (sent > 0) have = Math.max(have, sent) // what is missing then will not come any more
    if (sent > 0 && sent === down) socket.emit("n", down - 1) // but the end shall be known
  }
  live.add(socket)
  socket.on("disconnect", () => {
    live.delete(socket)
    // A session may have been given to two connections. When the first of them ends, the other gets
    // no events any more, and does not know: this server's own gap.
    for (const other of live) {
      if (other.id !== socket.id) continue
      result.orphans++
      other.conn.close()
    }
  })
  const arrived = (n, answer) => {
    result.arrivals.push([socket.number, n])
    answer(n)
  }
  socket.on("n", (n, _key, answer) => arrived(n, answer))
  socket.on("echo", arrived)
  socket.on("ask me", () => { for (let i = 0; i < 4; i++) ask(socket) })
  emit()
})

function emit() {
  while (sent < down && sent < have + ahead) io.emit("n", sent++)
}

// ask asks the client, as long as it is there.
function ask(socket) {
  if (!asking || !socket.connected) return
  const n = result.asked++
  socket.timeout(1000).emit("ask", n, (err, answer) => {
    if (err) result.failed++
    else if (answer === n) result.answered++
    else result.wrong++
    ask(socket)
  })
}

createInterface(process.stdin).on("line", line => {
  const [word, n] = line.split(" ")
  if (word === "have") {
    if (n === "0") result.fresh = 1
    have = Math.max(have, Number(n))
    emit()
  }
  if (word === "report") report()
}).on("close", () => process.exit(0))

// report waits for answers that are under way.
function report() {
  asking = false
  if (result.asked > result.answered + result.failed + result.wrong) return setTimeout(report, 10)
  console.log(JSON.stringify(result))
}

http.listen(0, "127.0.0.1", () => console.log(http.address().port))

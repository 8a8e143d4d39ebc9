// What only browsers do.
import { behaviour, equal, never, next, ok } from "../harness.mjs"

// Not where the connection is in a worker.
const inPage = { only: ({ where, library, generation }) => where === "browser" && library !== undefined && generation === 4 }

behaviour("browser: the page goes offline", async t => {
  const socket = await t.connect()
  const closed = next(socket, "disconnect")
  window.dispatchEvent(new Event("offline"))
  const [reason, details] = await closed
  equal([reason, details?.description], ["transport close", "network connection lost"])
}, inPage)

behaviour("browser: a page that is left closes the connection, silently, if that is wanted", async t => {
  const gone = await t.watch() // by a connection that stays
  const socket = await t.connect("/", { closeOnBeforeunload: true })
  const { id } = socket
  const check = never(socket, "disconnect")
  window.dispatchEvent(new Event("beforeunload"))
  const answered = socket.emitWithAck("rooms").then(() => { throw new Error("still connected") })
  const [reason] = await Promise.race([gone(id), answered])
  ok(reason.startsWith("transport "), reason)
  check()
}, inPage)

behaviour("browser: a Blob, there and back", async t => {
  const socket = await t.connect()
  socket.emit("message", new Blob([Uint8Array.of(1, 2, 3)]), Uint8Array.of(4))
  equal(await next(socket, "message-back"), [Uint8Array.of(1, 2, 3), Uint8Array.of(4)])
}, inPage)

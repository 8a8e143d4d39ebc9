// What the types allow, and what they do not. The compiler is the test.

import io, { connect, Manager, protocol, Socket, type ManagerOptions, type SocketOptions, type SocketState } from "@gosio/client"

interface FromServer {
  message: (text: string, at: number) => void
  ask: (question: string, answer: (yes: boolean) => void) => void
  nothing: () => void
}

interface ToServer {
  send: (text: string) => void
  call: (n: number, answer: (result: { ok: boolean }) => void) => void
  either: (x: string | number) => void
}

const equal = <T>(_: T, __: T): void => {}

const socket: Socket<FromServer, ToServer> = io("/chat", { auth: { token: "t" }, retries: 3, ackTimeout: 1000 })

// Events that come.
socket.on("message", (text, at) => {
  equal<string>(text, "")
  equal<number>(at, 0)
})
socket.once("ask", (question, answer) => {
  equal<string>(question, "")
  answer(true)
  // @ts-expect-error an acknowledgement has its type, too
  answer("yes")
})
socket.on("nothing", () => {})
// @ts-expect-error no such event
socket.on("other", () => {})
// @ts-expect-error the first argument is a text
socket.on("message", (n: number) => n)
socket.off("message").off()
socket.listeners("message")[0]?.("text", 1)
socket.hasListeners("ask")

// The socket's own events.
socket.on("connect", () => {})
socket.on("disconnect", (reason, details) => {
  equal<Socket.DisconnectReason>(reason, "ping timeout")
  // @ts-expect-error no such reason
  equal<typeof reason>(reason, "because")
  if (details instanceof Error) details.message
  else details?.description
})
socket.on("connect_error", error => {
  error.message
  error.data?.anything
})

// Events that go.
socket.emit("send", "text").emit("call", 1, result => equal<boolean>(result.ok, true))
socket.volatile.compress(false).emit("either", 1)
// @ts-expect-error a number is no text
socket.emit("send", 1)
// @ts-expect-error an argument is missing
socket.emit("send")
// @ts-expect-error no such event
socket.emit("message", "text", 1)
// @ts-expect-error the library's own
socket.emit("connect")

// Acknowledgements.
async function acknowledged(): Promise<void> {
  equal<boolean>((await socket.emitWithAck("call", 1)).ok, true)
  equal<boolean>((await socket.timeout(1000).emitWithAck("call", 1)).ok, true)
  // @ts-expect-error an argument is missing
  await socket.emitWithAck("call")
}
void acknowledged
socket.timeout(1000).emit("call", 1, (error, result) => {
  equal<Error>(error, new Error())
  equal<boolean>(result.ok, true)
})
// @ts-expect-error with a timeout there is an error before the result
socket.timeout(1000).emit("call", 1, (result: { ok: boolean }) => result.ok)

// Catch-all listeners.
socket.onAny((event: string, ...args: unknown[]) => [event, args])
socket.prependAnyOutgoing(event => event).offAnyOutgoing()

// What there is to see.
equal<string | undefined>(socket.id, undefined)
equal<boolean>(socket.connected || socket.recovered || socket.active, true)
equal<SocketState>(socket.state, "reconnecting")
const end: () => void = socket.onState(state => equal<SocketState>(state, "connected"))
end()
// @ts-expect-error known to nobody but the library
socket._deactivate()
// @ts-expect-error to be read only
socket.nsp = "/other"

// Without types, everything goes.
const loose = io({ path: "/elsewhere", transports: ["websocket"], query: { a: 1 } })
loose.on("anything", (a, b) => [a.b.c, b])
loose.emit("anything", 1, { two: [3] }, (answer: string) => answer)
loose.emitWithAck("anything").then(answer => answer.whatever)

// Options, and managers.
const options: Partial<ManagerOptions & SocketOptions> = {
  reconnectionDelay: 100, randomizationFactor: 0, timeout: false, auth: give => give({ token: "t" }), maxBuffered: 10, forceNew: true,
}
// @ts-expect-error no such option
connect("https://example.org", { reconect: true })
const manager = new Manager<FromServer, ToServer>("https://example.org", options)
manager.on("reconnect_attempt", attempt => equal<number>(attempt, 1))
manager.reconnection(false).timeout(1).reconnectionDelay()
// @ts-expect-error no such event
manager.on("message", () => {})
manager.socket("/chat", { auth: { token: "t" } }).on("message", text => text.length)
equal<number>(protocol, 5)

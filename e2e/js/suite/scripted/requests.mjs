// What requests look like: paths, queries, headers.
import { behaviour, connected, equal, ok } from "../../harness.mjs"
import { begin, script } from "../../script.mjs"

const address = path => new URL(path, "http://x")
const isWebSocket = ([method]) => method === "WebSocket"

behaviour("requests: the parameters of the protocol", async t => {
  const { server } = await begin(t, { query: { user: "é&=" } })
  const [first] = server.requests
  const { pathname, searchParams } = address(first[1])
  equal([pathname, searchParams.get("EIO"), searchParams.get("transport"), searchParams.has("sid"), searchParams.get("user")],
    ["/socket.io/", "4", t.mode === "websocket" ? "websocket" : "polling", false, "é&="])
  for (const [, path] of server.requests.slice(1)) {
    const { searchParams } = address(path)
    equal([searchParams.get("EIO"), searchParams.get("sid"), searchParams.get("user")], ["4", "session-0", "é&="])
  }
  for (const request of server.requests) equal(address(request[1]).searchParams.has("t"), !isWebSocket(request), "a timestamp")
})

behaviour("requests: timestamps by choice", async t => {
  const { server } = await begin(t, { timestampRequests: true, timestampParam: "stamp" })
  const stamps = server.requests.map(([, path]) => address(path).searchParams.get("stamp"))
  ok(stamps.every(stamp => /^\w+$/.test(stamp)), `stamps ${stamps}`)
  equal(new Set(stamps).size, stamps.length)
  const without = await begin(t, { timestampRequests: false })
  for (const [, path] of without.server.requests) equal(address(path).searchParams.has("t"), false)
})

for (const [options, want] of [
  [{ path: "/a/b" }, "/a/b/"],
  [{ path: "/a/b/" }, "/a/b/"],
  [{ path: "/a/b/", addTrailingSlash: false }, "/a/b"],
  [{ addTrailingSlash: false }, "/socket.io"],
]) {
  behaviour(`requests: the path of ${JSON.stringify(options)}`, async t => {
    const { server } = await begin(t, options)
    for (const [, path] of server.requests) equal(address(path).pathname, want)
  })
}

behaviour("requests: headers", async t => {
  const { server, socket, session } = await begin(t, { extraHeaders: { "X-Extra": "yes" } })
  socket.emit("x")
  await session.expect('42["x"]')
  for (const request of server.requests) {
    const [method, , headers] = request
    equal(headers["x-extra"], "yes", method)
    if (isWebSocket(request)) continue
    equal(headers.accept, "*/*")
    if (method === "POST") equal(headers["content-type"], "text/plain;charset=UTF-8")
  }
})

behaviour("requests: options for one transport", async t => {
  const server = await script(t)
  const socket = t.socket("/", {
    query: { for: "all" },
    transportOptions: { polling: { query: { for: "polling" } }, websocket: { query: { for: "websocket" } } },
  })
  const session = await server.session()
  await session.grant()
  await connected(socket)
  equal(session.query.for, t.mode === "websocket" ? "websocket" : "polling")
})

behaviour("requests: WebSocket subprotocols", async t => {
  const { server } = await begin(t, { protocols: ["one", "two"] })
  const { "sec-websocket-protocol": protocols } = server.requests.find(isWebSocket)[2]
  equal(protocols.replace(" ", ""), "one,two")
}, { only: ({ mode }) => mode !== "polling" })

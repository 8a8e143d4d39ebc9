// All that can be imported, and from where.

import * as client from "@gosio/client"
import { Decoder, Encoder, io as packed } from "@gosio/client/msgpack"
import { io as shared, type Options } from "@gosio/client/shared"

const parser: client.Parser = { Encoder, Decoder }
client.io("https://example.org", { parser, transports: [client.WebSocket, client.Fetch] })
packed().emit("event")
const options: Options = { worker: new URL("https://example.org/worker.js") }
shared(options).on("event", () => {})
export { client }

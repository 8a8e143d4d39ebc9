// Runs the behaviours with a client in Node. Parameters come as one JSON object,
// see run in harness.mjs; client is one of clients.mjs. Where the server is a
// script, the behaviours are those that bring it along.
import { clients } from "./clients.mjs"
import { run } from "./harness.mjs"

const { client, ...parameters } = JSON.parse(process.argv[2])
await import(parameters.server === "script" ? "./suite/scripted/all.mjs" : "./suite/all.mjs")
await run({ ...parameters, ...clients[client], where: "node" })
process.exit(0)

// Runs the behaviours with an official client, in Node. Parameters come as one
// JSON object, see run in harness.mjs; client is one of clients.mjs.
import { clients } from "./clients.mjs"
import { run } from "./harness.mjs"
import "./suite/all.mjs"

const { client, ...parameters } = JSON.parse(process.argv[2])
await run({ ...parameters, ...clients[client], where: "node" })
process.exit(0)

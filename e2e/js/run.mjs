// Runs the behaviours with the official client, in Node. Parameters come as
// one JSON object, see run in harness.mjs.
import { io } from "socket.io-client"
import { run } from "./harness.mjs"
import "./suite/all.mjs"

await run({ ...JSON.parse(process.argv[2]), io, where: "node" })
process.exit(0)

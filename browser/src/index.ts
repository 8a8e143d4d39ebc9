// The entry of the module: the client with the transports of browsers and the
// parser that all servers have.

import { defaults } from "./defaults.js"
import { transports } from "./engine/transports.js"
import { Decoder, Encoder } from "./packet.js"

defaults._transports = transports
defaults._parser = { Encoder, Decoder }

export * from "./api.js"
export { default } from "./api.js"

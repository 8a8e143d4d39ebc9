// The entry of the client for servers that speak MessagePack. The module itself can be
// the option "parser" of other clients and servers.

import { defaults } from "../defaults.js"
import { transports } from "../engine/transports.js"
import { Decoder, Encoder } from "./parser.js"

defaults._transports = transports
defaults._parser = { Encoder, Decoder }

export * from "../api.js"
export { Decoder, Encoder }
export { default } from "../api.js"

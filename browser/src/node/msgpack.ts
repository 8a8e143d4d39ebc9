// The entry of the client for Node, for servers that speak MessagePack.

import { defaults } from "../defaults.js"
import { Decoder, Encoder } from "../msgpack/parser.js"

export * from "./index.js"
export { default } from "./index.js"
export { Decoder, Encoder }

defaults._parser = { Encoder, Decoder } // after that of the module above

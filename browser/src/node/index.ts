// The entry of the client for Node.

import { defaults } from "../defaults.js"
import { Decoder, Encoder } from "../packet.js"
import { Cookies } from "./cookies.js"
import { transports } from "./transports.js"

defaults._transports = transports
defaults._parser = { Encoder, Decoder }
defaults._cookies = () => new Cookies()

export * from "../api.js"
export { default } from "../api.js"
// Instead of those of browsers.
export { NodePolling as NodeXHR, NodePolling as XHR, NodeWebSocket, NodeWebSocket as WebSocket } from "./transports.js"

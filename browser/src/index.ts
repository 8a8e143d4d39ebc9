// The entry of the module: the client with the transports of browsers, and what
// can be imported by name.

import { defaults } from "./defaults.js"
import { transports } from "./engine/transports.js"
import { Decoder, Encoder } from "./packet.js"

defaults._transports = transports
defaults._parser = { Encoder, Decoder }

export { io, io as connect, io as default, protocol } from "./io.js"
export { Manager } from "./manager.js"
export { Socket } from "./socket.js"
// The official client has several classes where this one needs one.
export { Polling as Fetch, Polling as NodeXHR, Polling as XHR } from "./engine/polling.js"
export { WebSocketTransport as NodeWebSocket, WebSocketTransport as WebSocket } from "./engine/websocket.js"
export type { DefaultEventsMap, EventsMap } from "./events.js"
export type { ManagerOptions, ManagerReservedEvents, Options } from "./manager.js"
export type { Packet, Parser } from "./parser.js"
export type { DisconnectDescription, ExtendedError, SocketOptions, SocketReservedEvents, SocketState } from "./types.js"

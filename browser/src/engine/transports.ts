// The transports of browsers by name, in the order in which they are used.

import { Polling } from "./polling.js"
import type { TransportClass } from "./transport.js"
import { WebSocketTransport } from "./websocket.js"

export const transports: Record<string, TransportClass> = {
  polling: Polling,
  websocket: WebSocketTransport,
}

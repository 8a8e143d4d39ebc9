// The options of a connection. Each is optional.

import type { Cookies } from "../node/cookies.js"
import type { NodeOptions } from "../node/options.js"
import type { TimerOptions } from "../timer.js"
import type { TransportClass } from "./transport.js"

export interface ConnectionOptions extends TimerOptions, NodeOptions {
  /** The server, if no address is given; the same as hostname. */
  host: string
  hostname: string
  port: string | number
  secure: boolean
  /** The HTTP path of the server. Default "/socket.io". */
  path: string
  /** Whether the path ends with a slash. Default true. */
  addTrailingSlash: boolean
  /** Query parameters of every request. EIO, transport, sid, t and b64 are the protocol's. */
  query: Record<string, unknown>
  /** The transports to use, by name or as classes; the first one is tried. Default ["polling", "websocket"]. */
  transports: readonly (string | TransportClass)[]
  /** Options that are different for a transport, by its name. */
  transportOptions: Record<string, EngineOptions>
  /** Whether the next transport is tried when one fails to connect. Default false: only the first is. */
  tryAllTransports: boolean
  /** Whether to move from polling to a better transport. Default true. */
  upgrade: boolean
  /** Whether to begin with WebSocket if the last connection of the page ended up with it. Default false. */
  rememberUpgrade: boolean
  /** Sends binary data as base64. Default false. */
  forceBase64: boolean
  /** Sends cookies to other sites; in Node, keeps and sends those that the server sets. Default false. */
  withCredentials: boolean
  /** Headers of polling requests, and outside of browsers, where that is possible, of WebSocket's. */
  extraHeaders: Record<string, string>
  /** A random parameter against caches: by default with polling only. */
  timestampRequests: boolean
  /** Its name. Default "t". */
  timestampParam: string
  /** Milliseconds after which a polling request is given up. Default 0: never. */
  requestTimeout: number
  /** Whether to close without a "disconnect" event when the page is left. Default false. */
  closeOnBeforeunload: boolean
  /** WebSocket subprotocols. */
  protocols: string | string[]
  _cookies: Cookies // of Node
}

/** The options as the engine uses them. */
export type EngineOptions = Partial<ConnectionOptions>

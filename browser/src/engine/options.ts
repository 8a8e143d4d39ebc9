// The options of a connection. Each is optional.

export interface ConnectionOptions {
  hostname: string
  port: string | number
  secure: boolean
  /** The HTTP path of the server. Default "/socket.io". */
  path: string
  /** Whether the path ends with a slash. Default true. */
  addTrailingSlash: boolean
  /** Query parameters of every request. */
  query: Record<string, unknown>
  /** The transports to use; the first one is tried. Default ["polling", "websocket"]. */
  transports: string[]
  /** Whether to move from polling to a better transport. Default true. */
  upgrade: boolean
  /** Sends binary data as base64. Default false. */
  forceBase64: boolean
  /** Sends cookies to other sites. Default false. */
  withCredentials: boolean
  /** Headers of polling requests. */
  extraHeaders: Record<string, string>
  /** A random parameter against caches: by default with polling only. */
  timestampRequests: boolean
  /** Its name. Default "t". */
  timestampParam: string
  /** Milliseconds after which a polling request is given up. Default 0: never. */
  requestTimeout: number
  /** WebSocket subprotocols. */
  protocols: string | string[]
}

/** The options as the engine uses them. */
export type EngineOptions = Partial<ConnectionOptions>

// What only Node can do: the options of its own, and what they mean for a request.

import type { EngineOptions } from "../engine/options.js"

/** Options that Node has beside those of browsers. Those of TLS are as in tls.connect. */
export interface NodeOptions {
  /** An http.Agent or https.Agent, for polling and WebSocket. Default: one connection each. */
  agent: unknown
  /** The local address to connect from. */
  localAddress: string
  /** Certificate and key of the client, in the form of PKCS #12. */
  pfx: unknown
  /** The private key of the client. */
  key: unknown
  passphrase: string
  /** The certificate of the client. */
  cert: unknown
  /** The authorities that may have signed the server's certificate. Default: the well-known ones. */
  ca: unknown
  ciphers: string
  /** Whether the server's certificate is checked. Default true. */
  rejectUnauthorized: boolean
}

const names = ["agent", "localAddress", "pfx", "key", "passphrase", "cert", "ca", "ciphers", "rejectUnauthorized"] as const

/** Returns the options of a request to a server, with what is given, and its headers. */
export function requestOptions(opts: EngineOptions, method: string, headers: Record<string, string>): object {
  const chosen = Object.fromEntries(names.map(name => [name, opts[name]]).filter(([, value]) => value !== undefined && value !== null))
  const cookie = opts._cookies?._header()
  return { ...chosen, method, headers: { ...headers, ...opts.extraHeaders, ...(cookie && { Cookie: cookie }) } }
}

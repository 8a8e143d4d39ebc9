// What the address given to io() means: the server, and in its path the namespace.

export interface Address {
  hostname: string
  port: string
  secure: boolean
  /** The namespace; "/" if the address has no path. */
  path: string
  /** The query parameters; undefined if the address has none. */
  query?: Record<string, string>
  /** The server, as the key under which connections are shared. */
  id: string
}

/** Parses an address. Without one, or without a host, the page's is taken. */
export function parse(address?: string): Address {
  const page = typeof location === "undefined" ? undefined : location
  let uri = address ?? page?.origin
  if (uri === undefined) throw new Error("an address is needed outside of a page")
  if (uri.startsWith("//")) uri = (page?.protocol ?? "https:") + uri
  else if (uri.startsWith("/")) uri = (page?.origin ?? "https://localhost") + uri
  else if (!/^\w+:\/\//.test(uri)) uri = (page?.protocol ?? "https:") + "//" + uri
  const { protocol, hostname, port, searchParams, search } = new URL(uri)
  const secure = protocol === "https:" || protocol === "wss:"
  // Not that of URL, which would encode it.
  const path = /^\w+:\/\/[^/?#]*([^?#]*)/.exec(uri)?.[1] || "/"
  const effective = port || (secure ? "443" : "80")
  return {
    hostname,
    port: effective,
    secure,
    path,
    query: search ? Object.fromEntries(searchParams) : undefined,
    id: `${secure ? "https" : "http"}://${hostname}:${effective}`,
  }
}

// What the address given to io() means: the server, and in its path the namespace.

export interface Address {
  hostname: string
  port: string
  secure: boolean
  /** The path; "/" if the address has none. */
  namespace: string
  /** The query parameters; undefined if the address has none. */
  query?: Record<string, string>
  /** The server, as the key under which connections are shared. */
  id: string
}

/** Parses an address. Without one, or without a host, the page's is taken;
 * outside of a page a missing scheme is https. */
export function parse(address?: string): Address {
  const page: Partial<Location> = typeof location === "undefined" ? {} : location
  const scheme = page.protocol ?? "https:"
  let uri = address ?? page.origin
  if (uri === undefined) throw new Error("an address is needed outside of a page")
  if (uri.startsWith("//")) uri = scheme + uri
  else if (uri.startsWith("/")) uri = (page.origin ?? "https://localhost") + uri
  else if (!/^\w+:\/\//.test(uri)) uri = scheme + "//" + uri
  const { protocol, hostname, port, searchParams, search } = new URL(uri)
  const secure = protocol === "https:" || protocol === "wss:"
  const effective = port || (secure ? "443" : "80")
  return {
    hostname,
    port: effective,
    secure,
    // Not the path of URL, which would encode it.
    namespace: /^\w+:\/\/[^/?#]*([^?#]*)/.exec(uri)![1] || "/",
    query: search ? Object.fromEntries(searchParams) : undefined,
    id: `http${secure ? "s" : ""}://${hostname}:${effective}`,
  }
}

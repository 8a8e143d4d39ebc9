// io(), and the rules by which connections are shared.

import type { DefaultEventsMap, EventsMap } from "./events.js"
import { Manager, type Options } from "./manager.js"
import { Socket } from "./socket.js"
import { parse } from "./url.js"

/** The revision of the Socket.IO protocol. */
export const protocol = 5

const managers: Record<string, Manager> = {}

/**
 * Connects to a server, by default that of the page. The address's path is the
 * namespace; the path of requests is the option "path". The connection is
 * shared with the other namespaces of the server, unless the options forceNew
 * or multiplex say otherwise. Throws if there is neither an address nor a page.
 */
function lookup<Listen extends EventsMap = DefaultEventsMap, Emit extends EventsMap = Listen>(opts?: Options): Socket<Listen, Emit>
function lookup<Listen extends EventsMap = DefaultEventsMap, Emit extends EventsMap = Listen>(uri?: string, opts?: Options): Socket<Listen, Emit>
function lookup<Listen extends EventsMap = DefaultEventsMap, Emit extends EventsMap = Listen>(
  uri?: string | Options,
  opts?: Options,
): Socket<Listen, Emit>
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function lookup(uri?: string | Options, opts: Options = {}): Socket<any, any> {
  if (typeof uri === "object") [uri, opts] = [undefined, uri]
  const { id, namespace } = parse(uri)
  const key = id + (opts.path ?? "/socket.io")
  const shared = !opts.forceNew && opts.multiplex !== false && !managers[key]?.nsps[namespace]
  const manager = shared ? (managers[key] ??= new Manager(uri, opts)) : new Manager(uri, opts)
  return manager.socket(namespace, opts)
}

export const io = Object.assign(lookup, { Manager, Socket, protocol, io: lookup, connect: lookup })

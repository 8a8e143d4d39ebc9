// The entry of the module: io(), and what can be imported by name.

import { Manager, type Options as ManagerOptions } from "./manager.js"
import { Socket } from "./socket.js"
import { parse } from "./url.js"

export type Options = ManagerOptions & {
  /** Makes a connection of its own. Default false. */
  forceNew?: boolean
  /** Whether sockets of several namespaces share a connection. Default true. */
  multiplex?: boolean
}

/** The revision of the Socket.IO protocol. */
export const protocol = 5

const managers: Record<string, Manager> = {}

/** Connects to a server, by default that of the page. The address's path is
 * the namespace; the path of requests is the option "path". */
function lookup(uri?: string | Options, opts: Options = {}): Socket {
  if (typeof uri === "object") [uri, opts] = [undefined, uri]
  const { id, namespace } = parse(uri)
  const key = id + (opts.path ?? "/socket.io")
  const shared = !opts.forceNew && opts.multiplex !== false && !managers[key]?.nsps[namespace]
  const manager = shared ? (managers[key] ??= new Manager(uri, opts)) : new Manager(uri, opts)
  return manager.socket(namespace, opts)
}

export const io = Object.assign(lookup, { Manager, Socket, protocol, io: lookup, connect: lookup })

export { io as connect, Manager, Socket }
export default io

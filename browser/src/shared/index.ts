// The entry of the bundle in which all tabs of a site share one connection. The
// same file is the script of the worker that has it.

import { io as own, Manager, protocol, Socket, type Options as OwnOptions } from "../index.js"
import { parse } from "../url.js"
import { Host } from "./host.js"
import { hold } from "./locks.js"
import { SharedManager } from "./manager.js"
import { isWorker, type ToHost } from "./messages.js"

export type Options = OwnOptions & {
  /** Where the script of the worker is: this file, on the page's origin. By
   * default where the page has it from, which is right unless a bundler moved it. */
  worker?: string | URL
}

const managers: Record<string, SharedManager> = {}

/**
 * Connects to a server, together with all other tabs that do so with the same
 * options. Where that cannot be, the tab has a connection of its own, as with
 * the options forceNew and multiplex: false.
 */
function lookup(uri?: string | Options, opts: Options = {}): Socket {
  if (typeof uri === "object") [uri, opts] = [undefined, uri]
  const { worker = import.meta.url, ...rest } = opts
  if (rest.forceNew || rest.multiplex === false) return own(uri, rest)
  const { id, namespace, query = rest.query } = parse(uri)
  const { auth, autoConnect, ...settings } = { ...rest, query }
  // Whoever says to be somebody else is not to be connected as this one.
  const key = id + " " + JSON.stringify([settings, typeof auth === "function" ? "function" : auth])
  const make = () => new SharedManager(key, worker, { uri: id, opts: settings }, autoConnect)
  const manager = managers[key]?.nsps[namespace] ? make() : (managers[key] ??= make())
  return manager.socket(namespace, rest)
}

/** Serves the pages that come to this worker. They have the same name for the same settings. */
async function work(): Promise<void> {
  let host: Host | undefined
  const lock = hold()
  Object.assign(globalThis, {
    onconnect: ({ ports: [port] }: MessageEvent) => {
      port.onmessage = async ({ data: [, settings, theirs] }: MessageEvent<ToHost & ["hello", ...unknown[]]>) => {
        const own = await lock
        host ??= new Host(settings)
        host._add(port, theirs, own)
      }
    },
  })
}

if (isWorker()) void work()

export const io = Object.assign(lookup, { Manager, Socket, protocol, io: lookup, connect: lookup })

export { io as connect, Manager, protocol, Socket }
export default io

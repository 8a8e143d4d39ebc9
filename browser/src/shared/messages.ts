// What a page and its host, the worker, say to each other.

import type { Options } from "../manager.js"
import type { Packet } from "../packet.js"

/** To be raised when messages change: a site may change its scripts while tabs are open. */
const version = 1

/** The name of the worker with the connection of that key. */
export const workerName = (key: string): string => `socket.io ${version} ${key}`

/** Whether this script runs as such a worker. */
export const isWorker = (): boolean => "onconnect" in globalThis && self.name.startsWith(workerName(""))

/** The connection that a host has. */
export interface Settings {
  uri: string
  opts: Options
}

export type ToHost =
  | [type: "hello", settings: Settings, lock: string] // the first, to a worker
  | [type: "open"] // wants the connection
  | [type: "close"] // does not want it any more, nor any namespace
  | [type: "join", nsp: string]
  | [type: "packet", packet: Packet]
  | [type: "taken"] // a batch of messages

export type ToPage =
  | [type: "hello", lock: string]
  | [type: "ask", nsp: string] // for the CONNECT packet, with the auth data
  | [type: "closed"] // the answer to "close"
  | [type: "lagging"] // nothing follows until "open"
  | [type: "engine", id: string, transport: string] // before "open", and after an upgrade
  | [type: "event", event: string, ...args: unknown[]] // of the manager

/** So many messages are taken as one. */
export const batch = 100

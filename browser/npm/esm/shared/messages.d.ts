import type { Options } from "../manager.js";
import type { Packet } from "../packet.js";
/** The name of the worker with the connection of that key. */
export declare const workerName: (key: string) => string;
/** Whether this script runs as such a worker. */
export declare const isWorker: () => boolean;
/** The connection that a host has. */
export interface Settings {
    uri: string;
    opts: Options;
}
export type ToHost = [type: "hello", settings: Settings, lock: string] | [type: "open"] | [type: "close"] | [type: "join", nsp: string] | [type: "packet", packet: Packet] | [type: "taken"];
export type ToPage = [type: "hello", lock: string] | [type: "ask", nsp: string] | [type: "closed"] | [type: "lagging"] | [type: "engine", id: string, transport: string] | [type: "event", event: string, ...args: unknown[]];
/** So many messages are taken as one. */
export declare const batch = 100;

import { Emitter } from "./emitter.js";
import { Engine } from "./engine/engine.js";
import type { ConnectionOptions } from "./engine/options.js";
import type { DefaultEventsMap, EventsMap } from "./events.js";
import type { Packet, Parser } from "./parser.js";
import { Socket } from "./socket.js";
import type { DisconnectDescription, SocketOptions } from "./types.js";
interface Reconnection {
    /** Whether to connect again when the connection is lost. Default true. */
    reconnection: boolean;
    /** Attempts before giving up. Default Infinity. */
    reconnectionAttempts: number;
    /** Milliseconds before the first attempt. Default 1000. */
    reconnectionDelay: number;
    /** The longest delay in milliseconds. Default 5000. */
    reconnectionDelayMax: number;
    /** By which share a delay may differ, 0 to 1. Default 0.5. */
    randomizationFactor: number;
    /** Milliseconds that an attempt may take; false for no limit. Default 20000. */
    timeout: number | false;
}
export interface ManagerOptions extends ConnectionOptions, Reconnection {
    /** Makes a connection of its own. Default false. */
    forceNew: boolean;
    /** Whether sockets of several namespaces share a connection. Default true. */
    multiplex: boolean;
    /** Whether to connect at once. Default true. */
    autoConnect: boolean;
    /** Turns packets into messages and back; the server must have the same. Default: that of the bundle. */
    parser: Parser;
}
export type Options = Partial<ManagerOptions & SocketOptions>;
/** The events of a Manager. */
export interface ManagerReservedEvents {
    /** There is a connection: the first, or again. */
    open: () => void;
    /** An attempt to connect has failed, or a connection. */
    error: (error: Error) => void;
    close: (reason: string, description?: DisconnectDescription) => void;
    /** The server has asked whether the client is there, and got an answer. */
    ping: () => void;
    packet: (packet: Packet) => void;
    /** Before an attempt to connect again: its number, from 1. */
    reconnect_attempt: (attempt: number) => void;
    reconnect_error: (error: Error) => void;
    /** There have been reconnectionAttempts, and there is no further one. */
    reconnect_failed: () => void;
    /** The attempt of that number was successful. */
    reconnect: (attempt: number) => void;
}
/** The connection to a server. The type parameters are the events that its
 * sockets listen to, and those that they emit. */
export declare class Manager<Listen extends EventsMap = DefaultEventsMap, Emit extends EventsMap = Listen> extends Emitter<{}, ManagerReservedEvents> {
    readonly uri: string;
    readonly opts: Options;
    /** The connection of now; undefined before the first. */
    engine?: Engine;
    /** The sockets by namespace. */
    readonly nsps: Record<string, Socket<any, any>>;
    constructor(uri?: string | Options, opts?: Options);
    /** Connects. The callback gets the error of a failure, after which nothing is tried again. */
    open(callback?: (error?: Error) => void): this;
    /** The same as open. */
    connect(callback?: (error?: Error) => void): this;
    /** Returns the socket of a namespace, the same one each time. */
    socket(nsp: string, opts?: Options): Socket<Listen, Emit>;
    /** Closes the connection for good: nothing is tried again until open(). */
    close(): void;
    reconnection(): boolean;
    reconnection(on: boolean): this;
    reconnectionAttempts(): number;
    reconnectionAttempts(n: number): this;
    reconnectionDelay(): number;
    reconnectionDelay(ms: number): this;
    reconnectionDelayMax(): number;
    reconnectionDelayMax(ms: number): this;
    randomizationFactor(): number;
    randomizationFactor(share: number): this;
    timeout(): number | false;
    timeout(ms: number | false): this;
}
export {};

import type { DefaultEventsMap, EventsMap } from "./events.js";
import { Manager, type Options } from "./manager.js";
import { Socket } from "./socket.js";
/** The revision of the Socket.IO protocol. */
export declare const protocol = 5;
/**
 * Connects to a server, by default that of the page. The address's path is the
 * namespace; the path of requests is the option "path". The connection is
 * shared with the other namespaces of the server, unless the options forceNew
 * or multiplex say otherwise. Throws if there is neither an address nor a page.
 */
declare function lookup<Listen extends EventsMap = DefaultEventsMap, Emit extends EventsMap = Listen>(opts?: Options): Socket<Listen, Emit>;
declare function lookup<Listen extends EventsMap = DefaultEventsMap, Emit extends EventsMap = Listen>(uri?: string, opts?: Options): Socket<Listen, Emit>;
declare function lookup<Listen extends EventsMap = DefaultEventsMap, Emit extends EventsMap = Listen>(uri?: string | Options, opts?: Options): Socket<Listen, Emit>;
export declare const io: typeof lookup & {
    Manager: typeof Manager;
    Socket: typeof Socket;
    protocol: number;
    io: typeof lookup;
    connect: typeof lookup;
};
export {};

import { Manager, type Options } from "../manager.js";
import type { Packet } from "../packet.js";
import type { Socket } from "../socket.js";
import { type Settings } from "./messages.js";
export declare class SharedManager extends Manager {
    constructor(key: string, script: string | URL, settings: Settings, autoConnect?: boolean);
    open(callback?: (error?: Error) => void): this;
    /** Takes this page's sockets out of the connection, which the last page closes. */
    close(): void;
    socket(nsp: string, opts?: Options): Socket;
}

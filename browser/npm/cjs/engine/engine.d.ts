import { Emitter } from "../emitter.js";
import type { PacketOptions } from "../parser.js";
import { type Data, type Packet } from "./packet.js";
import type { EngineOptions } from "./options.js";
import { type Transport } from "./transport.js";
/**
 * Events: "handshake" (its data), "open", "packet" (packet), "heartbeat" (with
 * each packet), "data" and "message" (data), "ping" and "pong" (which answers
 * it), "packetCreate" (packet), "flush", "drain", "upgrading" (transport),
 * "upgrade" (transport), "upgradeError" (error, with the name of the transport),
 * "error" (error), "close" (reason, details).
 */
export declare class Engine extends Emitter {
    readonly opts: EngineOptions;
    id?: string;
    readyState: "opening" | "open" | "closing" | "closed";
    transport: Transport;
    writeBuffer: Packet[];
    upgrading: boolean;
    constructor(opts: EngineOptions);
    /** Sends a message; the callback is called when the transport gets it. */
    send(data: Data, options?: PacketOptions, callback?: () => void): this;
    /** The same as send. */
    write(data: Data, options?: PacketOptions, callback?: () => void): this;
    /** Closes after what is buffered has been sent. */
    close(): this;
}

import { Emitter } from "../emitter.js";
import { type Packet } from "./packet.js";
import type { EngineOptions } from "./options.js";
/** Why a transport failed; what the page gets as the argument of connect_error. */
export declare class TransportError extends Error {
    readonly description?: unknown;
    readonly context?: unknown;
    readonly type = "TransportError";
    constructor(message: string, description?: unknown, context?: unknown);
}
/** A transport as the engine makes it; its prototype has the name. */
export interface TransportClass {
    new (opts: EngineOptions, query: Record<string, string>): Transport;
    readonly prototype: Transport;
}
export declare abstract class Transport extends Emitter {
    readonly query: Record<string, string>;
    abstract readonly name: string;
    writable: boolean;
    constructor(_opts: EngineOptions, query: Record<string, string>);
}

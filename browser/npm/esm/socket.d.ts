import type { AllButLast, Answered, DecorateAcknowledgements, DefaultEventsMap, EventNames, EventParams, EventsMap, Last } from "./events.js";
import type { Manager, Options } from "./manager.js";
import { type Packet } from "./parser.js";
import { Stateful } from "./state.js";
import type { DisconnectReason, SocketOptions, SocketReservedEvents, SocketState } from "./types.js";
type Args = any[];
/** A namespace of a server. The type parameters are the events that come from
 * the server, and those that go there. */
export declare class Socket<Listen extends EventsMap = DefaultEventsMap, Emit extends EventsMap = Listen> extends Stateful<Listen, SocketReservedEvents> {
    readonly io: Manager<any, any>;
    readonly nsp: string;
    /** Known while connected. Changes with each connection, unless it was recovered. */
    id?: string;
    connected: boolean;
    /** Whether the server has restored the state of the connection before, and what was missed. */
    recovered: boolean;
    /** What the server gets at the next connection. */
    auth?: SocketOptions["auth"];
    /** Packets that wait for the connection. */
    sendBuffer: Packet[];
    /** Events that came before the connection was granted. */
    receiveBuffer: Args[];
    constructor(io: Manager<any, any>, nsp: string, _opts?: Options);
    get disconnected(): boolean;
    /** Whether the socket connects again by itself. */
    get active(): boolean;
    /** How the socket is, for pages to show. */
    get state(): SocketState;
    /** The next event is dropped if it cannot be sent at once. */
    get volatile(): this;
    /** Whether the next event may be compressed. Default true. */
    compress(on: boolean): this;
    /** The next event's acknowledgement has to come within so many milliseconds;
     * it gets the error "operation has timed out" otherwise, or null before its arguments. */
    timeout(ms: number): Socket<Listen, DecorateAcknowledgements<Emit>>;
    /** Connects, unless that is done or tried for already. */
    connect(): this;
    /** The same as connect. */
    open(): this;
    /** Leaves the namespace, for good: it takes connect() to come back. The last
     * namespace closes the connection. */
    disconnect(): this;
    /** The same as disconnect. */
    close(): this;
    /** Sends the event "message". */
    send(...args: Args): this;
    /** Sends an event, now or as soon as there is a connection. A function as the
     * last argument gets the acknowledgement, after an error or null if there is a
     * timeout, or retries. Throws if the name is reserved, or too many events wait. */
    emit<Ev extends EventNames<Emit>>(event: Ev, ...args: EventParams<Emit, Ev>): this;
    /** Sends an event, and resolves to the first argument of its acknowledgement.
     * Rejects with "operation has timed out", "socket has been disconnected", or
     * with what emit throws. */
    emitWithAck<Ev extends EventNames<Emit>>(event: Ev, ...args: AllButLast<EventParams<Emit, Ev>>): Promise<Answered<Last<EventParams<Emit, Ev>>>>;
}
export declare namespace Socket {
    export { DisconnectReason };
}
export {};

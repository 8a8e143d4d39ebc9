import { Emitter } from "./emitter.js";
import type { EventsMap, Listener } from "./events.js";
export declare class CatchAll<Own extends EventsMap, Reserved extends EventsMap> extends Emitter<Own, Reserved> {
    /** Adds a listener for all events from the server: it gets the name and the arguments. */
    onAny(fn: Listener): this;
    /** Adds one that is called before the others. */
    prependAny(fn: Listener): this;
    /** Removes one, or, if none is named, all. */
    offAny(fn?: Listener): this;
    listenersAny(): Listener[];
    /** Adds a listener for all events to the server, called when they are really sent. */
    onAnyOutgoing(fn: Listener): this;
    /** Adds one that is called before the others. */
    prependAnyOutgoing(fn: Listener): this;
    /** Removes one, or, if none is named, all. */
    offAnyOutgoing(fn?: Listener): this;
    listenersAnyOutgoing(): Listener[];
}

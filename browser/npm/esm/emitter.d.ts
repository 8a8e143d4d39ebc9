import type { DefaultEventsMap, EventListener, EventNames, EventsMap, Listener } from "./events.js";
/** Calls a listener. What it throws is reported as uncaught, and stops nothing else. */
export declare function call(fn: Listener, self: unknown, args: unknown[]): void;
/** Returns the list without one listener, or, if none is named, an empty list.
 * It is a new list, so that one that is being walked stays as it is. */
export declare function without<T extends Listener>(list: T[], fn?: Listener): T[];
/** The type parameters are the events of the application, and those of the library. */
export declare class Emitter<Own extends EventsMap = DefaultEventsMap, Reserved extends EventsMap = {}> {
    /** Adds a listener. */
    on<Ev extends EventNames<Own> | EventNames<Reserved>>(event: Ev, fn: EventListener<Own, Reserved, Ev>): this;
    /** Adds a listener for the next such event only. */
    once<Ev extends EventNames<Own> | EventNames<Reserved>>(event: Ev, fn: EventListener<Own, Reserved, Ev>): this;
    /** Removes one listener, all of an event, or, without arguments, all. */
    off<Ev extends EventNames<Own> | EventNames<Reserved>>(event?: Ev, fn?: EventListener<Own, Reserved, Ev>): this;
    /** Returns the listeners of an event. */
    listeners<Ev extends EventNames<Own> | EventNames<Reserved>>(event: Ev): EventListener<Own, Reserved, Ev>[];
    hasListeners(event: EventNames<Own> | EventNames<Reserved>): boolean;
    /** The same as on. */
    addEventListener<Ev extends EventNames<Own> | EventNames<Reserved>>(event: Ev, fn: EventListener<Own, Reserved, Ev>): this;
    /** The same as off. */
    removeListener<Ev extends EventNames<Own> | EventNames<Reserved>>(event?: Ev, fn?: EventListener<Own, Reserved, Ev>): this;
    /** The same as off. */
    removeEventListener<Ev extends EventNames<Own> | EventNames<Reserved>>(event?: Ev, fn?: EventListener<Own, Reserved, Ev>): this;
    /** Removes all listeners of an event, or all. */
    removeAllListeners(event?: EventNames<Own> | EventNames<Reserved>): this;
}

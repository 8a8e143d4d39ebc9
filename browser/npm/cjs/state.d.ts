import { CatchAll } from "./catchall.js";
import type { EventsMap } from "./events.js";
import type { SocketState } from "./types.js";
export declare abstract class Stateful<Own extends EventsMap, Reserved extends EventsMap> extends CatchAll<Own, Reserved> {
    abstract get state(): SocketState;
    /** Has a listener called with the state at each change. Returns a function that ends that. */
    onState(fn: (state: SocketState) => void): () => void;
}

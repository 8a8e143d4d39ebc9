import type { Engine } from "./engine.js";
import type { Polling } from "./polling.js";
/** Tries a transport beside the one in use. Failure changes nothing. Returns a
 * function that gives the try up, for when the connection closes. */
export declare function probe(engine: Engine, polling: Polling, name: string): () => void;

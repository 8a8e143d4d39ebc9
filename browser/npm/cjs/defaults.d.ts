import type { TransportClass } from "./engine/transport.js";
import type { Parser } from "./parser.js";
export declare const defaults: {
};

import type { TransportClass } from "./engine/transport.js";
import type { Cookies } from "./node/cookies.js";
import type { Parser } from "./parser.js";
export declare const defaults: {
};

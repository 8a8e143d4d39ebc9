import type { TransportClass } from "./transport.js";
export declare const transports: Record<string, TransportClass>;

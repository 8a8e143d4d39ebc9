import type { Packet } from "./parser.js";
import { type TimerOptions } from "./timer.js";
/** What gets an acknowledgement: an error, or null and the arguments. */
export type Answer = (error: Error | null, ...args: any[]) => void;
export declare class Acks {
}

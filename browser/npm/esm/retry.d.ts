import type { Answer } from "./acks.js";
interface Entry {
}
export declare class RetryQueue {
    constructor(_retries: number, _ready: () => boolean);
}
export {};

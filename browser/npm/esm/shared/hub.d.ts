import { type Packet } from "../packet.js";
/** What a hub sees of a page. */
export interface Member {
}
export declare class Hub {
    constructor(_nsp: string, _send: (packet: Packet) => void);
}

import { Transport } from "./transport.js";
import { type Packet } from "./packet.js";
export declare class WebSocketTransport extends Transport {
    get name(): string;
}

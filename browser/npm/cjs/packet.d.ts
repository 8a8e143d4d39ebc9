import { Emitter } from "./emitter.js";
import type { Data } from "./engine/packet.js";
import { PacketType, type Packet } from "./parser.js";
export { PacketType, type Packet };
export declare class Encoder {
    /** Returns the messages that carry a packet. Throws what JSON throws. */
    encode(packet: Packet): Data[];
}
/** Decodes the messages of one connection. Throws if they make no packet. */
export declare class Decoder extends Emitter<{}, {
    decoded: (packet: Packet) => void;
}> {
    /** Takes a message, and tells the packet that it completes, if any. */
    add(message: Data): void;
    /** Forgets a packet that is not complete. */
    destroy(): void;
}

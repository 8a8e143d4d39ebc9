import { Emitter } from "../emitter.js";
import type { Data } from "../engine/packet.js";
import { type Packet } from "../parser.js";
export declare class Encoder {
    encode({ type, data, id, nsp }: Packet): Data[];
}
export declare class Decoder extends Emitter<{}, {
    decoded: (packet: Packet) => void;
}> {
    add(message: Data): void;
    destroy(): void;
}

import type { PacketOptions } from "../parser.js";
export declare const enum Type {
    Open = "0",
    Close = "1",
    Ping = "2",
    Pong = "3",
    Message = "4",
    Upgrade = "5",
    Noop = "6"
}
export type Data = string | ArrayBuffer | ArrayBufferView | Blob;
export interface Packet {
    type: string;
    data?: Data;
    options?: PacketOptions;
}
/** Encodes a packet as text; binary data as base64. */
export declare function encodeText({ type, data }: Packet): Promise<string>;
export declare function encodePayload(packets: Packet[]): Promise<string>;
/** Decodes a packet, or returns undefined for what is none. */
export declare function decode(data: string | ArrayBuffer): Packet | undefined;
/** Decodes a payload, up to the first item that is no packet. */
export declare function decodePayload(payload: string): (Packet | undefined)[];
/** The bytes that data will take on a polling transport. */
export declare function sizeOf(data?: Data): number;

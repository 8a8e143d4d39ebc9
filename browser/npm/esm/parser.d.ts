import type { Data } from "./engine/packet.js";
export declare const enum PacketType {
    Connect = 0,
    Disconnect = 1,
    Event = 2,
    Ack = 3,
    ConnectError = 4,
    BinaryEvent = 5,
    BinaryAck = 6
}
/** A Socket.IO packet. */
export interface Packet {
    /** 0 connect, 1 disconnect, 2 event, 3 acknowledgement, 4 connect error. */
    type: number;
    nsp: string;
    data?: any;
    id?: number;
    options?: PacketOptions;
}
export interface PacketOptions {
    /** Whether the transport may compress it. Default true. */
    compress?: boolean;
}
export interface Encoder {
    /** Returns the messages that carry a packet. */
    encode(packet: Packet): Data[];
}
/** Decodes the messages of one connection after another. */
export interface Decoder {
    /** Takes a message; the packet that it completes, if any, is told to the
     * listener of "decoded". An error ends the connection. */
    add(message: Data): void;
    on(event: "decoded", listener: (packet: Packet) => void): unknown;
    /** Forgets a packet that is not complete: the connection has ended. */
    destroy(): void;
}
/** Client and server must use the same. */
export interface Parser {
    Encoder: new () => Encoder;
    Decoder: new () => Decoder;
}
/** Whether no event may have this name, as it is one of the library's own. */
export declare const isReserved: (event: unknown) => boolean;
export declare const isObject: (v: unknown) => v is object;
/** Whether a packet from the wire has the data that its type wants. */
export declare function isValid({ type, data }: Packet): boolean;

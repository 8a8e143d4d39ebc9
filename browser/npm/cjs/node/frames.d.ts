export declare const enum Opcode {
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10
}
/** Builds the frame of a message: whole, and masked. */
export declare function frame(opcode: Opcode, payload: Uint8Array): Uint8Array;
/** What breaks the protocol; the code is that of the close frame. */
export declare class ProtocolError extends Error {
    readonly code: number;
    constructor(message: string, code?: number);
}
export interface Message {
    opcode: Opcode;
    payload: Uint8Array;
}
/** Makes messages of the bytes of a connection, in whatever pieces they come. */
export declare class FrameReader {
    constructor(_tell: (message: Message) => void);
}

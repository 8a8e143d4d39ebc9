import type { EngineOptions } from "../engine/options.js";
/** The handlers get what those of a browser's WebSocket get, as far as the transport looks at it. */
export declare class NodeSocket {
    onopen?: () => void;
    onmessage?: (event: {
        data: string | ArrayBuffer;
    }) => void;
    onerror?: (event: {
        type: "error";
        message: string;
        error: Error;
    }) => void;
    onclose?: (event: {
        type: "close";
        code: number;
        reason: string;
    }) => void;
    constructor(url: string, protocols: string | string[], _opts: EngineOptions);
    /** Sends a message: text, or binary data. */
    send(data: string | ArrayBuffer | ArrayBufferView): void;
    /** Closes the connection, once the server has agreed, or has had the time to. */
    close(): void;
}

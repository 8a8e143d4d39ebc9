type Auth = Record<string, any>;
export interface SocketOptions {
    /** What the server gets as handshake.auth: an object, or a function that gives it at each connection. */
    auth?: Auth | ((callback: (auth?: object) => void) => void);
    /** Milliseconds that an acknowledgement may take, unless timeout() says otherwise. Default: any time. */
    ackTimeout?: number;
    /** How often an event is sent again, one at a time, until it is acknowledged. Wants ackTimeout. Default 0. */
    retries?: number;
    /** How many events may wait for a connection, or with retries for those before them. Default 10000.
     * There is no room for a further one: its acknowledgement, if it takes errors, gets
     * "send buffer is full", else emit throws that. */
    maxBuffered?: number;
}
/** Why a socket was disconnected. It connects again by itself, but for the first two. */
export type DisconnectReason = "io server disconnect" | "io client disconnect" | "ping timeout" | "transport close" | "transport error" | "parse error";
/** Why a connection ended: an error, or what is known of a connection that was closed. */
export type DisconnectDescription = Error | {
    description: string;
    context?: unknown;
};
/** Why a connection was not made; data is what a middleware of the server has added. */
export interface ExtendedError extends Error {
    data?: any;
}
/** The events that a Socket has by itself. */
export interface SocketReservedEvents {
    /** The socket is connected: for the first time, or again. */
    connect: () => void;
    /** The server has refused the socket, which is not active then, or cannot be reached. */
    connect_error: (error: ExtendedError) => void;
    disconnect: (reason: DisconnectReason, description?: DisconnectDescription) => void;
}
/** How a socket is: "connecting" for the first time, or "reconnecting" after a
 * connection was lost; "disconnected" if nothing happens until connect(). */
export type SocketState = "connecting" | "connected" | "reconnecting" | "disconnected";
export {};

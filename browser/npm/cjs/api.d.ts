export { io, io as connect, io as default, protocol } from "./io.js";
export { Manager } from "./manager.js";
export { Socket } from "./socket.js";
export { Polling as Fetch, Polling as NodeXHR, Polling as XHR } from "./engine/polling.js";
export { WebSocketTransport as NodeWebSocket, WebSocketTransport as WebSocket } from "./engine/websocket.js";
export type { DefaultEventsMap, EventsMap } from "./events.js";
export type { ManagerOptions, ManagerReservedEvents, Options } from "./manager.js";
export type { Packet, Parser } from "./parser.js";
export type { DisconnectDescription, ExtendedError, SocketOptions, SocketReservedEvents, SocketState } from "./types.js";

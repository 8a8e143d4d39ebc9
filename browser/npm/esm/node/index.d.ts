export * from "../api.js";
export { default } from "../api.js";
export { NodePolling as NodeXHR, NodePolling as XHR, NodeWebSocket, NodeWebSocket as WebSocket } from "./transports.js";

import type { Packet } from "../engine/packet.js";
import { Polling } from "../engine/polling.js";
import type { TransportClass } from "../engine/transport.js";
import { WebSocketTransport } from "../engine/websocket.js";
export declare class NodePolling extends Polling {
}
export declare class NodeWebSocket extends WebSocketTransport {
}
export declare const transports: Record<string, TransportClass>;

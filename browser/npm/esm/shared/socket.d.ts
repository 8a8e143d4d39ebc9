import { Socket } from "../socket.js";
import type { SharedManager } from "./manager.js";
export declare class SharedSocket extends Socket {
    readonly io: SharedManager;
    disconnect(): this;
}

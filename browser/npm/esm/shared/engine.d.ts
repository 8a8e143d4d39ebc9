import { Emitter } from "../emitter.js";
/** Events: "upgrade" (transport), "close" (reason, details). */
export declare class SharedEngine extends Emitter {
    id?: string;
    readyState: "open" | "closed";
    transport: {
        name: string;
        writable: boolean;
    };
}

import { type Settings, type ToHost, type ToPage } from "./messages.js";
export declare class Link {
    constructor(_key: string, _script: string | URL, _settings: Settings, _receive: (message: ToPage) => void, _lost: () => void);
}

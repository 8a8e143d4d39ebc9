import { type Settings } from "./messages.js";
export declare class Host {
    constructor({ uri, opts }: Settings);
}

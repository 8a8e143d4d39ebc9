import { Manager, protocol, Socket, type Options as OwnOptions } from "../index.js";
export type Options = OwnOptions & {
    /** Where the script of the worker is: this file, on the page's origin. By
     * default where the page has it from, which is right unless a bundler moved it. */
    worker?: string | URL;
};
/**
 * Connects to a server, together with all other tabs that do so with the same
 * options. Where that cannot be, the tab has a connection of its own, as with
 * the options forceNew and multiplex: false.
 */
declare function lookup(uri?: string | Options, opts?: Options): Socket;
export declare const io: typeof lookup & {
    Manager: typeof Manager;
    Socket: typeof Socket;
    protocol: number;
    io: typeof lookup;
    connect: typeof lookup;
};
export { io as connect, Manager, protocol, Socket };
export default io;

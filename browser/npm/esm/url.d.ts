export interface Address {
    hostname: string;
    port: string;
    secure: boolean;
    /** The path; "/" if the address has none. */
    namespace: string;
    /** The query parameters; undefined if the address has none. */
    query?: Record<string, string>;
    /** The server, as the key under which connections are shared. */
    id: string;
}
/** Parses an address. Without one, or without a host, the page's is taken;
 * outside of a page a missing scheme is https. */
export declare function parse(address?: string): Address;

/** Takes a lock that nobody else has, for good, and returns its name. Rejects
 * where there are no locks: in pages that are not secure, or without an origin. */
export declare function hold(): Promise<string>;
/** Calls fn when the holder of a lock has ended. */
export declare function watch(name: string, fn: () => void): void;

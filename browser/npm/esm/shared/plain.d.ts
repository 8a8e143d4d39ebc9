/** Returns what JSON would make of a value, but with its binary values as they are. */
export declare function plain(value: unknown): unknown;
/** Returns what is known of an error, which a port would shorten to its message. */
export declare const describe: (value: unknown) => unknown;
/** Makes an error of its description. */
export declare const revive: (description: unknown) => Error;

/** Encodes a value. Throws for those that have no form: functions but as
 * members of objects, which are left out, symbols, BigInts, and Blobs. */
export declare function encode(value: unknown): Uint8Array;

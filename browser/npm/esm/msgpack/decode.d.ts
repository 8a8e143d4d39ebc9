/** Decodes one value, which has to be all there is. Binary data become
 * ArrayBuffers. Throws for what is not MessagePack. */
export declare function decode(message: ArrayBuffer | ArrayBufferView): unknown;

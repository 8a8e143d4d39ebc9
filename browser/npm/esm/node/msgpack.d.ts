import { Decoder, Encoder } from "../msgpack/parser.js";
export * from "./index.js";
export { default } from "./index.js";
export { Decoder, Encoder };

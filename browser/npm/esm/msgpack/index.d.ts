import { Decoder, Encoder } from "./parser.js";
export * from "../api.js";
export { Decoder, Encoder };
export { default } from "../api.js";

import { io } from "./index.js";
export { io as default };

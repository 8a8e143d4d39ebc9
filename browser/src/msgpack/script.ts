// The entry of the script: one value, the function io.

import { io } from "./index.js"

export { io as default }

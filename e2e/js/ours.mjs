// Our client as Node programs get it.
import { readFile } from "node:fs/promises"
import { WebSocket } from "ws"

const built = new URL("../../browser/dist/socket.io.esm.min.js", import.meta.url) // the one line to switch

globalThis.WebSocket ??= WebSocket // which Node 20 lacks

// As a module, whatever package the file is in.
export const { io, Manager } = await import("data:text/javascript," + encodeURIComponent(await readFile(built, "utf8")))

// Our client as Node programs get it.
export { io, Manager } from "../../browser/npm/esm/node.js"

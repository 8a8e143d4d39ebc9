import { io } from "@gosio/client/shared"
import worker from "@gosio/client/shared?url"
import { show } from "./app.mjs"

const socket = io({ worker })
show(new Promise(resolve => socket.on("connect", () => resolve([socket.id, socket.io.constructor !== undefined]))))

import { io } from "socket.io-client"
import { run, show } from "./app.mjs"

show(run(io))

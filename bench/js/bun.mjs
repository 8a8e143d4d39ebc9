// The official server on Bun, with the engine that its authors made for it.
import { Server as Engine } from "@socket.io/bun-engine";
import { Server } from "socket.io";
import { handle, listenOn, serve } from "./contract.mjs";

const io = new Server();
const engine = new Engine({ path: "/socket.io/" });
io.bind(engine);
handle(io);
const server = Bun.serve({ ...listenOn, ...engine.handler() });
serve(server.port, () => Bun.gc(true));

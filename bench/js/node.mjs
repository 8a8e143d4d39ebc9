// The official server on Node. Run it with --expose-gc.
import { createServer } from "node:http";
import { Server } from "socket.io";
import { handle, listenOn, serve } from "./contract.mjs";

const httpServer = createServer();
handle(new Server(httpServer));
httpServer.listen(listenOn.port, listenOn.hostname, () => serve(httpServer.address().port, globalThis.gc));

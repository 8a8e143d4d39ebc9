// What the official servers of the bench share: the handlers, and what they
// say and hear on their standard output and input.
import { createInterface } from "node:readline";

const [hostname, port] = (process.env.ADDR ?? "127.0.0.1:0").split(":");

export const listenOn = { hostname, port: Number(port) };

export function handle(io) {
  io.on("connection", (socket) => {
    socket.on("echo", (text) => socket.emit("echo", text));
    socket.on("call", (text, ack) => ack(text));
    socket.on("bin", (buffer) => socket.emit("bin", buffer));
    socket.on("join", (rooms, ack) => {
      rooms.forEach((room) => socket.join(room));
      ack();
    });
    socket.on("leave", (rooms, ack) => {
      rooms.forEach((room) => socket.leave(room));
      ack();
    });
    socket.on("cast", (room, text) => (room === "" ? io : io.to(room)).emit("cast", text));
  });
}

// serve says that the server can be reached, and answers commands until
// standard input ends, and then ends the program.
export function serve(port, collectGarbage) {
  console.log(`listening ${hostname}:${port}`);
  createInterface({ input: process.stdin })
    .on("line", (line) => {
      if (line === "settle") {
        collectGarbage();
        console.log("settled");
      }
    })
    .on("close", () => process.exit(0));
}

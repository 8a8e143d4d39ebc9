// The official client, cut time and again: each event comes once and in order,
// and what it sends with retries is handled once.
//
//   node recovery.mjs '{"url":"http://127.0.0.1:3000","transport":"websocket","last":9999,"cuts":100,"seed":1}'

import { io } from "socket.io-client";

const { url, transport, last, cuts, seed } = JSON.parse(process.argv[2]);

let state = seed;
function random(n) { // the same with every run
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return (state >>> 8) % n;
}

const socket = io(url, {
  transports: [transport], reconnectionDelay: 1, reconnectionDelayMax: 1,
  retries: 1000, ackTimeout: 500,
});
const result = { seen: 0, cuts: 0, recovered: 0, acknowledged: 0, problem: "" };

function end(problem = "") {
  result.problem = problem;
  console.log(JSON.stringify(result));
  process.exit(0);
}

// cut ends the connection, though not from within a listener: networks do not either.
const cut = () => setImmediate(() => {
  const engine = socket.io.engine;
  if (cutOff || engine.readyState !== "open") return;
  cutOff = true;
  result.cuts++;
  if (transport === "websocket") engine.transport.ws.terminate();
  else engine.close();
});

let first = "", nextCut = 10, cutOff = false;
socket.on("connect", () => {
  if (first && socket.id !== first) end(`another id after ${result.cuts} cuts and ${result.seen} events`);
  if (first && !socket.recovered) end("not recovered");
  if (first) result.recovered++;
  first ||= socket.id;
  cutOff = false;
  if (result.cuts > 0 && random(4) === 0) cut(); // at once
});

function done() {
  if (result.seen === last + 1 && result.acknowledged === 200) end();
}

socket.on("n", (n) => {
  if (n !== result.seen) end(`event ${n} in place of ${result.seen}`);
  result.seen++;
  if (--nextCut === 0) {
    nextCut = 1 + random(Math.floor(last / cuts / 2));
    cut();
  }
  done();
});

setInterval(() => socket.volatile.emit("seen", result.seen), 5);

for (let i = 0; i < 200; i++) {
  socket.emit("add", i, `key ${i}`, (err, times) => {
    if (err) end(`event ${i} was given up: ${err}`);
    if (times !== 1) end(`event ${i} was handled ${times} times`);
    result.acknowledged++;
    done();
  });
}

// The official client, as the bench compares it: see the package work in
// clients/internal for what it does and answers. Run it on Node with --expose-gc, or on Bun.
import { createInterface } from "node:readline";
import { io } from "socket.io-client";

const clients = 100;
const inFlight = 16;
const atOnce = 32; // so many connect at a time

const [address, scenario] = process.argv.slice(2);

let ops = 0; // answered, and rightly
let wrong = 0;
let first = ""; // that was wrong
let stopping = false;
let open = 0; // questions that will be asked until stopping, and then be answered
let stopped = () => {};

function expect(got, want) {
  if (got !== want && ++wrong === 1) {
    first = `${JSON.stringify(got)} instead of ${JSON.stringify(want)}`.slice(0, 300);
  }
}

// done tells whether nothing is to be asked any more, and then ends a question.
function done() {
  if (!stopping) return false;
  if (--open === 0) stopped();
  if (open < 0) expect("an answer more", "nothing");
  return true;
}

const texts = (client) =>
  Array.from({ length: 64 }, (_, i) => {
    const head = `${String(client).padStart(8, "0")}-${String(i).padStart(8, "0")}`;
    return (head + "abcdefghijklmnopqrstuvwxyz012345".repeat(2)).slice(0, 64);
  });

// connect resolves to a client that has joined the main namespace.
function connect(event, transport = "websocket") {
  return new Promise((resolve) => {
    const socket = io(`http://${address}`, { transports: [transport], forceNew: true, reconnection: false });
    const fail = (why) => {
      console.error("connection lost:", why);
      process.exit(1);
    };
    socket.on("connect", () => {
      if (!socket.id) fail("connected without an id");
      resolve(socket);
    });
    socket.on("connect_error", fail);
    socket.on("disconnect", (reason) => reason === "io client disconnect" || fail(reason));
    socket.on("echo", event);
    socket.on("cast", event);
  });
}

// each calls f with the numbers from 0 to n-1, for some of them at a time.
const each = (n, f) =>
  Promise.all(
    Array.from({ length: Math.min(n, atOnce) }, async (_, first) => {
      for (let i = first; i < n; i += atOnce) await f(i);
    }),
  );

async function echo(questions, transport) {
  const askers = [];
  await each(clients, async (i) => {
    const mine = texts(i);
    let sent = 0;
    let got = 0;
    let socket = null;
    const next = () => socket.emit("echo", mine[sent++ % mine.length]);
    socket = await connect((text) => {
      expect(text, mine[got++ % mine.length]);
      ops++;
      if (!done()) next();
    }, transport);
    askers.push(next);
  });
  open = clients * questions;
  for (const next of askers) for (let i = 0; i < questions; i++) next();
}

async function call() {
  const sockets = [];
  await each(clients, async (i) => (sockets[i] = await connect((text) => expect(text, "nothing"))));
  open = clients * inFlight;
  for (const [i, socket] of sockets.entries()) {
    const mine = texts(i);
    for (let j = 0; j < inFlight; j++) {
      let asked = 0;
      const next = () => {
        const text = mine[j * 4 + (asked++ % 4)];
        socket.emit("call", text, (answer) => {
          expect(answer, text);
          ops++;
          if (!done()) next();
        });
      };
      next();
    }
  }
}

async function stream() {
  const sent = texts(0);
  const sockets = [];
  let casts = 0;
  let left = 0; // clients that have not got all
  const cast = () => {
    left = clients;
    for (let i = 0; i < inFlight; i++) sockets[0].emit("cast", "", sent[casts++ % sent.length]);
  };
  await each(clients, async (i) => {
    let got = 0;
    sockets[i] = await connect((text) => {
      expect(text, sent[got++ % sent.length]);
      ops++;
      if (got % inFlight === 0 && --left === 0 && !done()) cast();
    });
  });
  open = 1;
  cast();
}

function storm() {
  open = atOnce;
  for (let i = 0; i < atOnce; i++) {
    (async () => {
      while (!done()) {
        (await connect((text) => expect(text, "nothing"))).disconnect();
        ops++;
      }
    })();
  }
}

const scenarios = {
  echo16: () => echo(inFlight),
  echo1: () => echo(1),
  polling: () => echo(1, "polling"),
  call,
  stream,
  storm,
  idle: () => {},
};

const commands = {
  count: () => `${ops} ${wrong} ${first}`,
  stop: async () => {
    stopping = true;
    if (open > 0) await new Promise((resolve) => (stopped = resolve));
    return commands.count();
  },
  add: async (n) => {
    await each(n, () => connect((text) => expect(text, "nothing")));
    return "added";
  },
  settle: () => {
    globalThis.Bun ? Bun.gc(true) : gc();
    return "settled";
  },
};

await scenarios[scenario]();
console.log("working");
createInterface({ input: process.stdin })
  .on("line", async (line) => {
    const [command, argument] = line.split(" ");
    console.log((await commands[command](Number(argument))).trim());
  })
  .on("close", () => process.exit(0));

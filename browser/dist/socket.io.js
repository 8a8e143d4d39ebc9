(function(global){
"use strict";
var bundle = (() => {
  var __defProp = Object.defineProperty;
  var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
  var __getOwnPropNames = Object.getOwnPropertyNames;
  var __hasOwnProp = Object.prototype.hasOwnProperty;
  var __export = (target, all) => {
    for (var name in all)
      __defProp(target, name, { get: all[name], enumerable: true });
  };
  var __copyProps = (to, from, except, desc) => {
    if (from && typeof from === "object" || typeof from === "function") {
      for (let key of __getOwnPropNames(from))
        if (!__hasOwnProp.call(to, key) && key !== except)
          __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
    }
    return to;
  };
  var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);

  // src/script.ts
  var script_exports = {};
  __export(script_exports, {
    default: () => io
  });

  // src/backoff.ts
  var Backoff = class {
    constructor(min, max, jitter) {
      this.min = min;
      this.max = max;
      this.jitter = jitter;
    }
    min;
    max;
    jitter;
    attempts = 0;
    /** Returns the next delay in milliseconds, and counts an attempt. */
    next() {
      let ms = this.min * 2 ** this.attempts++;
      if (this.jitter) {
        const random = Math.random();
        const deviation = Math.floor(random * this.jitter * ms);
        ms += Math.floor(random * 10) % 2 ? deviation : -deviation;
      }
      return Math.floor(Math.min(ms, this.max));
    }
    reset() {
      this.attempts = 0;
    }
  };

  // src/emitter.ts
  var Emitter = class {
    callbacks = /* @__PURE__ */ new Map();
    on(event, fn) {
      const list = this.callbacks.get(event);
      if (list) list.push(fn);
      else this.callbacks.set(event, [fn]);
      return this;
    }
    once(event, fn) {
      const wrapped = (...args) => {
        this.off(event, wrapped);
        fn.apply(this, args);
      };
      wrapped.fn = fn;
      return this.on(event, wrapped);
    }
    /** Removes one listener, all of an event, or, without arguments, all. */
    off(event, fn) {
      if (event === void 0) {
        this.callbacks.clear();
      } else if (!fn) {
        this.callbacks.delete(event);
      } else {
        const list = this.callbacks.get(event) ?? [];
        const i = list.findIndex((l) => l === fn || l.fn === fn);
        if (i >= 0) {
          const rest = [...list.slice(0, i), ...list.slice(i + 1)];
          if (rest.length) this.callbacks.set(event, rest);
          else this.callbacks.delete(event);
        }
      }
      return this;
    }
    /** Calls the listeners of an event. Subclasses send events by emit(). */
    fire(event, ...args) {
      for (const fn of [...this.callbacks.get(event) ?? []]) fn.apply(this, args);
    }
    listeners(event) {
      return [...this.callbacks.get(event) ?? []];
    }
    hasListeners(event) {
      return this.callbacks.has(event);
    }
    addEventListener(event, fn) {
      return this.on(event, fn);
    }
    removeListener(event, fn) {
      return this.off(event, fn);
    }
    removeEventListener(event, fn) {
      return this.off(event, fn);
    }
    removeAllListeners(event) {
      return this.off(event);
    }
  };

  // src/engine/packet.ts
  var separator = "";
  async function encodeText({ type, data }) {
    if (data === void 0 || typeof data === "string") return type + (data ?? "");
    return "b" + base64(await bytes(data));
  }
  async function encodePayload(packets) {
    return (await Promise.all(packets.map(encodeText))).join(separator);
  }
  function decode(data) {
    if (typeof data !== "string") return { type: "4" /* Message */, data };
    const type = data[0];
    if (type === "b") return { type: "4" /* Message */, data: fromBase64(data.slice(1)) };
    if (type >= "0" && type <= "6") return data.length > 1 ? { type, data: data.slice(1) } : { type };
    return void 0;
  }
  function decodePayload(payload) {
    const packets = [];
    for (const item of payload.split(separator)) {
      const packet = decode(item);
      packets.push(packet);
      if (!packet) break;
    }
    return packets;
  }
  async function bytes(data) {
    if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return new Uint8Array(data instanceof ArrayBuffer ? data : await data.arrayBuffer());
  }
  function base64(b) {
    let binary = "";
    for (let i = 0; i < b.length; i += 8192) binary += String.fromCharCode(...b.subarray(i, i + 8192));
    return btoa(binary);
  }
  function fromBase64(text) {
    const binary = atob(text);
    const b = new Uint8Array(binary.length);
    for (let i = 0; i < b.length; i++) b[i] = binary.charCodeAt(i);
    return b.buffer;
  }
  function sizeOf(data) {
    if (data === void 0) return 0;
    if (typeof data === "string") {
      let n = 0;
      for (let i = 0; i < data.length; i++) {
        const c = data.charCodeAt(i);
        n += c < 128 ? 1 : c < 2048 || c >= 55296 && c < 57344 ? 2 : 3;
      }
      return n;
    }
    return Math.ceil(1.33 * (data instanceof Blob ? data.size : data.byteLength));
  }

  // src/engine/transport.ts
  var TransportError = class extends Error {
    constructor(message, description, context) {
      super(message);
      this.description = description;
      this.context = context;
    }
    description;
    context;
    type = "TransportError";
  };
  var Transport = class extends Emitter {
    constructor(opts, query) {
      super();
      this.opts = opts;
      this.query = query;
    }
    opts;
    query;
    writable = false;
    state = "opening";
    close() {
      if (this.state === "closed") return;
      const wasOpen = this.state !== "opening";
      this.onClose();
      this.doClose(wasOpen);
    }
    onOpen() {
      this.state = "open";
      this.writable = true;
      this.fire("open");
    }
    onData(data) {
      this.onPacket(decode(data));
    }
    onPacket(packet) {
      this.fire("packet", packet);
    }
    onDrain() {
      this.writable = true;
      this.fire("drain");
    }
    onError(message, description, context) {
      if (this.state !== "closed") this.fire("error", new TransportError(message, description, context));
    }
    onClose(details) {
      this.state = "closed";
      this.writable = false;
      this.fire("close", details);
    }
    url(scheme) {
      const { secure, hostname, port, path, timestampRequests, timestampParam, query } = this.opts;
      const params = new URLSearchParams();
      for (const [key, value] of Object.entries({ ...query, EIO: "4", transport: this.name, ...this.query })) {
        params.set(key, String(value));
      }
      if (timestampRequests || scheme === "http" && timestampRequests !== false) {
        params.set(timestampParam, Math.random().toString(36).slice(2, 10));
      }
      const host = hostname.includes(":") && !hostname.startsWith("[") ? `[${hostname}]` : hostname;
      const standard = !port || port === (secure ? "443" : "80");
      return `${scheme}${secure ? "s" : ""}://${host}${standard ? "" : ":" + port}${path}?${params}`;
    }
  };

  // src/engine/polling.ts
  var Polling = class extends Transport {
    name = "polling";
    polling = false;
    aborter = new AbortController();
    idle;
    // called when a pause has nothing to wait for any more
    open() {
      void this.poll();
    }
    send(packets) {
      this.writable = false;
      void this.post(packets);
    }
    /** Stops polling once the requests under way have ended, then calls back. */
    pause(paused) {
      this.state = "pausing";
      this.idle = () => {
        this.state = "paused";
        paused();
      };
      this.checkIdle();
    }
    /** Goes on after a pause that has led to nothing. */
    resume() {
      if (this.state !== "pausing" && this.state !== "paused") return;
      this.idle = void 0;
      this.state = "open";
      if (!this.polling) void this.poll();
    }
    checkIdle() {
      if (this.idle && !this.polling && this.writable) {
        const idle = this.idle;
        this.idle = void 0;
        idle();
      }
    }
    async poll() {
      this.polling = true;
      const payload = await this.request("poll");
      this.polling = false;
      if (payload === void 0 || this.state === "closed") return;
      for (const packet of decodePayload(payload)) {
        if (this.state === "opening" && packet?.type === "0" /* Open */) this.onOpen();
        if (packet?.type === "1" /* Close */) {
          this.onClose({ description: "transport closed by the server" });
          return;
        }
        this.onPacket(packet);
        if (this.closed()) return;
      }
      if (this.state === "open") void this.poll();
      else this.checkIdle();
    }
    async post(packets) {
      const answer = await this.request("post", await encodePayload(packets));
      if (answer === void 0 || this.state === "closed") return;
      this.onDrain();
      this.checkIdle();
    }
    /** Makes a request and returns the body of the answer, or undefined after an error. */
    async request(kind, body) {
      const { extraHeaders, withCredentials, requestTimeout } = this.opts;
      const headers = { Accept: "*/*", ...extraHeaders };
      if (body !== void 0) headers["Content-type"] = "text/plain;charset=UTF-8";
      const signals = [this.aborter.signal];
      if (requestTimeout) signals.push(AbortSignal.timeout(requestTimeout));
      let status = 0;
      let context;
      try {
        const response = await fetch(this.url("http"), {
          method: body === void 0 ? "GET" : "POST",
          body,
          headers,
          cache: "no-store",
          credentials: withCredentials ? "include" : "same-origin",
          signal: signals.length > 1 ? AbortSignal.any(signals) : signals[0]
        });
        context = response;
        status = response.status;
        if (status === 200) return await response.text();
      } catch (error) {
        context ??= error;
      }
      this.onError(`xhr ${kind} error`, status, context);
      return void 0;
    }
    doClose(wasOpen) {
      if (wasOpen) void this.post([{ type: "1" /* Close */ }]);
      else this.aborter.abort();
    }
    closed() {
      return this.state === "closed";
    }
  };

  // src/engine/upgrade.ts
  function probe(engine, polling, name) {
    const candidate = engine.create(name);
    let over = false;
    const fail = (error) => {
      if (over) return;
      over = true;
      const paused = engine.upgrading;
      engine.upgrading = false;
      candidate.off().close();
      if (engine.state === "closed") return;
      if (paused) polling.resume();
      announce("upgradeError", error);
      engine.flush();
    };
    const announce = (event, argument) => {
      ;
      engine.fire(event, argument);
    };
    const takeOver = () => {
      if (over || engine.state === "closed") return;
      over = true;
      candidate.off();
      engine.setTransport(candidate);
      candidate.send([{ type: "5" /* Upgrade */ }]);
      engine.upgrading = false;
      announce("upgrade", candidate);
      engine.flush();
    };
    candidate.on("open", () => candidate.send([{ type: "2" /* Ping */, data: "probe" }]));
    candidate.on("packet", (packet) => {
      if (packet?.type !== "3" /* Pong */ || packet.data !== "probe" || engine.upgrading || engine.state !== "open") {
        fail(new Error("probe error"));
        return;
      }
      engine.upgrading = true;
      announce("upgrading", candidate);
      polling.pause(takeOver);
    });
    candidate.on("error", (error) => fail(new Error("probe error: " + (error?.message ?? error))));
    candidate.on("close", () => fail(new Error("probe error: transport closed")));
    candidate.open();
    return {
      abort() {
        if (over) return;
        over = true;
        candidate.off().close();
      }
    };
  }

  // src/engine/websocket.ts
  var WebSocketTransport = class extends Transport {
    name = "websocket";
    ws;
    open() {
      let ws;
      try {
        ws = new WebSocket(this.url("ws"), this.opts.protocols);
      } catch (error) {
        setTimeout(() => this.onError("websocket error", error));
        return;
      }
      this.ws = ws;
      ws.binaryType = "arraybuffer";
      ws.onopen = () => this.onOpen();
      ws.onmessage = ({ data }) => this.onData(data);
      ws.onerror = (event) => this.onError("websocket error", event);
      ws.onclose = (event) => {
        if (this.state !== "closed") this.onClose({ description: "websocket connection closed", context: event });
      };
    }
    send(packets) {
      this.writable = false;
      void this.write(packets).then(() => {
        if (this.state !== "closed") this.onDrain();
      });
    }
    async write(packets) {
      for (const packet of packets) {
        const { type, data } = packet;
        if (data === void 0 || typeof data === "string") this.ws?.send(type + (data ?? ""));
        else this.ws?.send(this.opts.forceBase64 ? await encodeText(packet) : data);
      }
    }
    doClose() {
      this.ws?.close();
    }
  };

  // src/engine/engine.ts
  var transports = {
    polling: Polling,
    websocket: WebSocketTransport
  };
  var Engine = class extends Emitter {
    constructor(opts) {
      super();
      this.opts = opts;
      if (typeof addEventListener === "function" && opts.hostname !== "localhost") addEventListener("offline", this.offline);
      const name = opts.transports.find((t) => t in transports);
      if (!name) {
        setTimeout(() => this.onError("No transports available"));
        return;
      }
      this.setTransport(this.create(name));
      this.transport.open();
    }
    opts;
    id;
    state = "opening";
    transport;
    writeBuffer = [];
    upgrading = false;
    // nothing is sent until the new transport has taken over
    sending = 0;
    // how many packets of the buffer the transport has
    maxPayload = 0;
    patience = 0;
    // milliseconds without a ping after which the server is gone
    expiry = Infinity;
    pingTimer;
    upgrades = [];
    offline = () => this.onClose("transport close", { description: "network connection lost" });
    /** Makes a transport for this connection. */
    create(name) {
      const query = {};
      if (this.id) query.sid = this.id;
      if (this.opts.forceBase64 && (name !== "polling" || !this.id)) query.b64 = "1";
      return new transports[name](this.opts, query);
    }
    /** Makes t the transport that everything goes over. */
    setTransport(t) {
      this.transport?.off();
      this.transport = t;
      t.on("drain", () => this.onDrain());
      t.on("packet", (packet) => this.onPacket(packet));
      t.on("error", (error) => this.onError(error));
      t.on("close", (details) => this.onClose("transport close", details));
    }
    onPacket(packet) {
      if (this.state === "closed") return;
      if (!packet) {
        this.onError(new TransportError("server error", "parser error"));
        return;
      }
      this.fire("packet", packet);
      switch (packet.type) {
        case "0" /* Open */:
          if (this.state === "opening") this.onHandshake(packet);
          break;
        case "2" /* Ping */:
          this.push({ type: "3" /* Pong */ });
          this.fire("ping");
          this.heartbeat();
          break;
        case "4" /* Message */:
          this.fire("data", packet.data ?? "");
          break;
        case "1" /* Close */:
          this.onClose("transport close");
      }
    }
    onHandshake(packet) {
      let handshake;
      try {
        handshake = JSON.parse(packet.data);
      } catch (error) {
        this.onError(new TransportError("server error", "parser error", error));
        return;
      }
      this.id = this.transport.query.sid = handshake.sid;
      this.maxPayload = handshake.maxPayload;
      this.patience = handshake.pingInterval + handshake.pingTimeout;
      this.fire("handshake", handshake);
      this.state = "open";
      this.fire("open");
      this.flush();
      if (this.isClosing()) return;
      this.heartbeat();
      if (this.opts.upgrade && this.transport instanceof Polling) {
        for (const name of handshake.upgrades) {
          if (this.opts.transports.includes(name) && name in transports) this.upgrades.push(probe(this, this.transport, name));
        }
      }
    }
    heartbeat() {
      clearTimeout(this.pingTimer);
      if (this.isClosing()) return;
      this.expiry = Date.now() + this.patience;
      this.pingTimer = setTimeout(() => this.onClose("ping timeout"), this.patience);
    }
    /** Reports whether the server has been silent for too long: a timer can be
     * late, as after the sleep of a laptop. The connection is closed then. */
    expired() {
      if (Date.now() <= this.expiry) return false;
      if (this.expiry) {
        this.expiry = 0;
        setTimeout(() => this.onClose("ping timeout"));
      }
      return true;
    }
    send(data, compress = true) {
      this.push({ type: "4" /* Message */, data, compress });
    }
    write(data) {
      this.send(data);
    }
    push(packet) {
      if (this.isClosing()) return;
      this.writeBuffer.push(packet);
      this.flush();
    }
    /** Hands the buffer to the transport, if that can take it. */
    flush() {
      if (this.state === "closed" || this.state === "opening" || !this.transport.writable || this.upgrading || !this.writeBuffer.length) return;
      const batch = this.writeBuffer.slice(0, this.batchSize());
      this.sending = batch.length;
      this.transport.send(batch);
      this.fire("flush");
    }
    /** How many packets fit into one request: at least one. */
    batchSize() {
      const all = this.writeBuffer.length;
      if (!this.maxPayload || this.transport.name !== "polling") return all;
      let size = 1;
      for (let i = 0; i < all; i++) {
        size += sizeOf(this.writeBuffer[i].data);
        if (i > 0 && size > this.maxPayload) return i;
        size += 2;
      }
      return all;
    }
    onDrain() {
      this.writeBuffer.splice(0, this.sending);
      this.sending = 0;
      if (this.writeBuffer.length) this.flush();
      else this.fire("drain");
    }
    /** Closes after what is buffered has been sent. */
    close() {
      if (this.isClosing()) return;
      if (this.state === "opening") {
        this.onClose("forced close");
        return;
      }
      this.state = "closing";
      const finish = () => {
        if (!this.upgrading) this.onClose("forced close");
        else {
          this.once("upgrade", done);
          this.once("upgradeError", done);
        }
      };
      const done = () => {
        this.off("upgrade", done);
        this.off("upgradeError", done);
        if (this.writeBuffer.length) this.once("drain", finish);
        else finish();
      };
      if (this.upgrading) finish();
      else done();
    }
    isClosing() {
      return this.state === "closing" || this.state === "closed";
    }
    onError(error) {
      if (this.state === "closed") return;
      this.fire("error", error);
      this.onClose("transport error", error);
    }
    onClose(reason, details) {
      if (this.state === "closed") return;
      this.state = "closed";
      clearTimeout(this.pingTimer);
      if (typeof removeEventListener === "function") removeEventListener("offline", this.offline);
      for (const upgrade of this.upgrades) upgrade.abort();
      this.transport?.off().close();
      this.fire("close", reason, details);
      this.writeBuffer = [];
      this.sending = 0;
    }
  };

  // src/engine/options.ts
  function withDefaults(opts) {
    const path = (opts.path ?? "/socket.io").replace(/\/$/, "") + (opts.addTrailingSlash === false ? "" : "/");
    return {
      hostname: "localhost",
      port: "",
      secure: false,
      addTrailingSlash: true,
      query: {},
      upgrade: true,
      forceBase64: false,
      withCredentials: false,
      timestampParam: "t",
      requestTimeout: 0,
      ...opts,
      path,
      transports: [...opts.transports ?? ["polling", "websocket"]]
    };
  }

  // src/packet.ts
  var reserved = ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];
  var isReserved = (event) => reserved.includes(event);
  var maxAttachments = 10;
  var isBinary = (v) => v instanceof ArrayBuffer || ArrayBuffer.isView(v) || typeof Blob === "function" && v instanceof Blob;
  function extract(v, attachments) {
    if (typeof v !== "object" || v === null) return v;
    if (isBinary(v)) return { _placeholder: true, num: attachments.push(v) - 1 };
    if (Array.isArray(v)) return v.map((item) => extract(item, attachments));
    const json = v.toJSON;
    if (typeof json === "function") return extract(json.call(v), attachments);
    return Object.fromEntries(Object.entries(v).map(([key, value]) => [key, extract(value, attachments)]));
  }
  function encode({ type, nsp, data, id }) {
    const attachments = [];
    let prefix = "";
    if (type === 2 /* Event */ || type === 3 /* Ack */) {
      data = extract(data, attachments);
      if (attachments.length) {
        type += 5 /* BinaryEvent */ - 2 /* Event */;
        prefix = attachments.length + "-";
      }
    }
    const text = type + prefix + (nsp === "/" ? "" : nsp + ",") + (id ?? "") + (data === void 0 ? "" : JSON.stringify(data));
    return [text, ...attachments];
  }
  function restore(v, attachments) {
    if (typeof v !== "object" || v === null) return v;
    if (v._placeholder === true) {
      if (typeof v.num !== "number" || !(v.num in attachments)) throw new Error("illegal attachments");
      return attachments[v.num];
    }
    for (const key of Object.keys(v)) v[key] = restore(v[key], attachments);
    return v;
  }
  var Decoder = class {
    pending;
    missing = 0;
    attachments = [];
    /** Takes a message, and returns the packet that it completes, if any. */
    add(message) {
      if (typeof message === "string") {
        if (this.pending) throw new Error("got plaintext data when reconstructing a packet");
        const packet2 = this.parse(message);
        if (packet2.type < 5 /* BinaryEvent */) return packet2;
        packet2.type -= 5 /* BinaryEvent */ - 2 /* Event */;
        this.pending = packet2;
        return void 0;
      }
      const packet = this.pending;
      if (!packet) throw new Error("got binary data when not reconstructing a packet");
      if (this.attachments.push(message) < this.missing) return void 0;
      const attachments = this.attachments;
      this.reset();
      packet.data = restore(packet.data, attachments);
      return packet;
    }
    reset() {
      this.pending = void 0;
      this.attachments = [];
    }
    parse(text) {
      const match = /^([0-6])(?:(?<=[56])(\d+)-)?(?:(\/[^,]*)(?:,|$))?(\d+)?/.exec(text);
      if (!match) throw new Error("unknown packet type " + text[0]);
      const [head, digit, count, nsp = "/", id] = match;
      const type = +digit;
      if (type >= 5 /* BinaryEvent */) {
        this.missing = +count;
        if (!this.missing) throw new Error("Illegal attachments");
        if (this.missing > maxAttachments) throw new Error("too many attachments");
      }
      const packet = { type, nsp };
      if (id) packet.id = +id;
      const payload = text.slice(head.length);
      if (payload) {
        try {
          packet.data = JSON.parse(payload);
        } catch {
          throw new Error("invalid payload");
        }
      }
      if (!isValid(packet)) throw new Error("invalid payload");
      return packet;
    }
  };
  function isValid({ type, data }) {
    const isObject = typeof data === "object" && data !== null && !Array.isArray(data);
    switch (type) {
      case 0 /* Connect */:
        return data === void 0 || isObject;
      case 1 /* Disconnect */:
        return data === void 0;
      case 4 /* ConnectError */:
        return typeof data === "string" || isObject;
      case 3 /* Ack */:
      case 6 /* BinaryAck */:
        return Array.isArray(data);
    }
    return Array.isArray(data) && (typeof data[0] === "number" || typeof data[0] === "string" && !isReserved(data[0]));
  }

  // src/socket.ts
  var Socket = class extends Emitter {
    constructor(io2, nsp, opts = {}) {
      super();
      this.io = io2;
      this.nsp = nsp;
      this.opts = opts;
      this.auth = opts.auth;
      if (io2.opts.autoConnect !== false) this.connect();
    }
    io;
    nsp;
    opts;
    /** Known while connected. Changes with each connection. */
    id;
    connected = false;
    auth;
    /** Packets that wait for the connection. */
    sendBuffer = [];
    /** Events that came before the connection was granted. */
    receiveBuffer = [];
    flags = {};
    ids = 0;
    acks = /* @__PURE__ */ new Map();
    subscriptions;
    // undefined while not active
    anyListeners = [];
    anyOutgoingListeners = [];
    get disconnected() {
      return !this.connected;
    }
    /** Whether the socket connects again by itself. */
    get active() {
      return !!this.subscriptions;
    }
    get volatile() {
      this.flags.volatile = true;
      return this;
    }
    compress(on) {
      this.flags.compress = on;
      return this;
    }
    /** The next event's acknowledgement has to come within so many milliseconds. */
    timeout(ms) {
      this.flags.timeout = ms;
      return this;
    }
    connect() {
      if (this.connected) return this;
      if (!this.subscriptions) {
        this.subscriptions = [
          ["open", () => this.onOpen()],
          ["packet", (packet) => this.onPacket(packet)],
          ["error", (error) => !this.connected && this.fire("connect_error", error)],
          ["close", (reason, details) => this.onClose(reason, details)]
        ];
        for (const [event, fn] of this.subscriptions) this.io.on(event, fn);
      }
      if (!this.io.isReconnecting()) this.io.open();
      if (this.io.isOpen()) this.onOpen();
      return this;
    }
    open() {
      return this.connect();
    }
    disconnect() {
      const was = this.connected;
      if (was) this.io.send({ type: 1 /* Disconnect */, nsp: this.nsp });
      this.deactivate();
      if (was) this.onClose("io client disconnect");
      return this;
    }
    close() {
      return this.disconnect();
    }
    send(...args) {
      return this.emit("message", ...args);
    }
    /** Sends an event. A function as the last argument gets the acknowledgement. */
    emit(event, ...args) {
      if (isReserved(event)) throw new Error(`"${event}" is a reserved event name`);
      const { compress, volatile, timeout = this.opts.ackTimeout } = this.flags;
      this.flags = {};
      const ack = typeof args.at(-1) === "function" ? args.pop() : void 0;
      const packet = { type: 2 /* Event */, nsp: this.nsp, data: [event, ...args], compress: compress !== false };
      if (ack) this.register(packet, ack, timeout);
      const writable = this.io.engine?.state === "open" && this.io.engine.transport.writable;
      if (volatile && !writable) return this;
      if (this.connected && !this.io.engine?.expired()) this.transmit(packet);
      else this.sendBuffer.push(packet);
      return this;
    }
    /** Sends an event, and resolves to the first argument of its acknowledgement. */
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    emitWithAck(event, ...args) {
      return new Promise((resolve, reject) => {
        const withError = this.flags.timeout !== void 0 || this.opts.ackTimeout !== void 0;
        const ack = (first, second) => {
          if (!withError && !(first instanceof Lost)) resolve(first);
          else if (first) reject(first);
          else resolve(second);
        };
        ack.takesError = true;
        this.emit(event, ...args, ack);
      });
    }
    register(packet, ack, timeout) {
      const id = packet.id = this.ids++;
      const errorFirst = timeout !== void 0;
      const pending = {
        takesError: errorFirst || !!ack.takesError,
        done: (error, args) => {
          clearTimeout(timer);
          this.acks.delete(id);
          if (error) ack.call(this, error);
          else if (errorFirst) ack.call(this, null, ...args);
          else ack.apply(this, args);
        }
      };
      const timer = errorFirst ? setTimeout(() => {
        this.sendBuffer = this.sendBuffer.filter((p) => p !== packet);
        pending.done(new Error("operation has timed out"), []);
      }, timeout) : void 0;
      this.acks.set(id, pending);
    }
    transmit(packet) {
      for (const fn of [...this.anyOutgoingListeners]) fn.apply(this, packet.data);
      this.io.send(packet);
    }
    onOpen() {
      const send = (data) => this.io.send({ type: 0 /* Connect */, nsp: this.nsp, data });
      if (typeof this.auth === "function") this.auth(send);
      else send(this.auth);
    }
    onPacket(packet) {
      if (packet.nsp !== this.nsp || !this.active) return;
      switch (packet.type) {
        case 0 /* Connect */:
          if (packet.data?.sid) this.onConnect(packet.data.sid);
          else this.fire("connect_error", new Error("the server speaks an older protocol: Socket.IO 3 or later is needed"));
          break;
        case 2 /* Event */:
          this.onEvent(packet);
          break;
        case 3 /* Ack */:
          this.acks.get(packet.id)?.done(null, packet.data);
          break;
        case 1 /* Disconnect */:
          this.deactivate();
          this.onClose("io server disconnect");
          break;
        case 4 /* ConnectError */: {
          this.deactivate();
          const { message = packet.data, data } = packet.data;
          this.fire("connect_error", Object.assign(new Error(message), { data }));
        }
      }
    }
    onConnect(sid) {
      this.id = sid;
      this.connected = true;
      for (const args of this.receiveBuffer.splice(0)) this.deliver(args);
      for (const packet of this.sendBuffer.splice(0)) this.transmit(packet);
      this.fire("connect");
    }
    onEvent({ data, id }) {
      const args = data;
      if (id !== void 0) {
        let acknowledged = false;
        args.push((...answer) => {
          if (acknowledged) return;
          acknowledged = true;
          this.io.send({ type: 3 /* Ack */, nsp: this.nsp, id, data: answer });
        });
      }
      if (this.connected) this.deliver(args);
      else this.receiveBuffer.push(args);
    }
    deliver(args) {
      for (const fn of [...this.anyListeners]) fn.apply(this, args);
      this.fire(args[0], ...args.slice(1));
    }
    onClose(reason, details) {
      this.connected = false;
      this.id = void 0;
      this.fire("disconnect", reason, details);
      for (const [id, pending] of [...this.acks]) {
        if (this.sendBuffer.some((packet) => packet.id === id)) continue;
        if (pending.takesError) pending.done(new Lost("socket has been disconnected"), []);
        this.acks.delete(id);
      }
    }
    /** Takes no part in the connection any more; the last socket closes it. */
    deactivate() {
      for (const [event, fn] of this.subscriptions ?? []) this.io.off(event, fn);
      this.subscriptions = void 0;
      this.io.release();
    }
    onAny(fn) {
      this.anyListeners.push(fn);
      return this;
    }
    prependAny(fn) {
      this.anyListeners.unshift(fn);
      return this;
    }
    offAny(fn) {
      this.anyListeners = fn ? without(this.anyListeners, fn) : [];
      return this;
    }
    listenersAny() {
      return this.anyListeners;
    }
    onAnyOutgoing(fn) {
      this.anyOutgoingListeners.push(fn);
      return this;
    }
    prependAnyOutgoing(fn) {
      this.anyOutgoingListeners.unshift(fn);
      return this;
    }
    offAnyOutgoing(fn) {
      this.anyOutgoingListeners = fn ? without(this.anyOutgoingListeners, fn) : [];
      return this;
    }
    listenersAnyOutgoing() {
      return this.anyOutgoingListeners;
    }
  };
  var Lost = class extends Error {
  };
  function without(list, fn) {
    const i = list.indexOf(fn);
    return i < 0 ? list : [...list.slice(0, i), ...list.slice(i + 1)];
  }

  // src/url.ts
  function parse(address) {
    const page = typeof location === "undefined" ? void 0 : location;
    let uri = address ?? page?.origin;
    if (uri === void 0) throw new Error("an address is needed outside of a page");
    if (uri.startsWith("//")) uri = (page?.protocol ?? "https:") + uri;
    else if (uri.startsWith("/")) uri = (page?.origin ?? "https://localhost") + uri;
    else if (!/^\w+:\/\//.test(uri)) uri = (page?.protocol ?? "https:") + "//" + uri;
    const { protocol: protocol2, hostname, port, searchParams, search } = new URL(uri);
    const secure = protocol2 === "https:" || protocol2 === "wss:";
    const path = /^\w+:\/\/[^/?#]*([^?#]*)/.exec(uri)?.[1] || "/";
    const effective = port || (secure ? "443" : "80");
    return {
      hostname,
      port: effective,
      secure,
      path,
      query: search ? Object.fromEntries(searchParams) : void 0,
      id: `${secure ? "https" : "http"}://${hostname}:${effective}`
    };
  }

  // src/manager.ts
  var Manager = class extends Emitter {
    uri;
    opts;
    /** The connection of now; undefined before the first. */
    engine;
    /** The sockets by namespace. */
    nsps = {};
    state = "closed";
    reconnecting = false;
    stopped = false;
    // the connection was closed on purpose
    backoff;
    decoder = new Decoder();
    cleanups = [];
    constructor(uri, opts) {
      super();
      if (typeof uri === "object") [uri, opts] = [void 0, uri];
      const { hostname, port, secure, query, id } = parse(uri);
      this.uri = uri ?? id;
      this.opts = { hostname, port, secure, ...opts };
      if (query) this.opts.query = query;
      const { reconnectionDelay = 1e3, reconnectionDelayMax = 5e3, randomizationFactor = 0.5, autoConnect = true } = this.opts;
      this.backoff = new Backoff(reconnectionDelay, reconnectionDelayMax, randomizationFactor);
      if (autoConnect) this.open();
    }
    /** Connects. The callback gets the error of a failure, for which nothing is tried again then. */
    open(callback) {
      if (this.state !== "closed") return this;
      this.stopped = false;
      this.state = "opening";
      const engine = this.engine = new Engine(withDefaults(this.opts));
      const { timeout = 2e4 } = this.opts;
      const failed = (error) => {
        this.cleanup();
        this.state = "closed";
        this.fire("error", error);
        if (callback) callback(error);
        else if (!this.reconnecting && !this.backoff.attempts) this.reconnect();
      };
      engine.on("open", () => {
        this.onOpen(engine);
        callback?.();
      });
      engine.on("error", failed);
      if (timeout !== false) {
        const timer = setTimeout(() => {
          this.cleanup();
          engine.off().close();
          failed(new Error("timeout"));
        }, timeout);
        this.cleanups.push(() => clearTimeout(timer));
      }
      this.cleanups.push(() => engine.off());
      return this;
    }
    connect(callback) {
      return this.open(callback);
    }
    onOpen(engine) {
      this.cleanup();
      this.state = "open";
      this.reconnecting = false;
      engine.on("ping", () => this.fire("ping"));
      engine.on("data", (data) => this.onData(data));
      engine.on("error", (error) => this.fire("error", error));
      engine.on("close", (reason, details) => this.onClose(reason, details));
      this.cleanups.push(() => engine.off());
      this.fire("open");
    }
    onData(data) {
      let packet;
      try {
        packet = this.decoder.add(data);
      } catch (error) {
        this.onClose("parse error", error);
        return;
      }
      if (packet) {
        const delivered = packet;
        queueMicrotask(() => this.fire("packet", delivered));
      }
    }
    /** Returns the socket of a namespace. */
    socket(nsp, opts) {
      const known = this.nsps[nsp];
      if (!known) return this.nsps[nsp] = new Socket(this, nsp, opts);
      if (this.opts.autoConnect !== false && !known.active) known.connect();
      return known;
    }
    /** Whether the connection stands and can take packets. */
    isOpen() {
      return this.state === "open";
    }
    isReconnecting() {
      return this.reconnecting;
    }
    send(packet) {
      for (const message of encode(packet)) this.engine?.send(message, packet.compress);
    }
    /** Closes the connection, unless a socket still needs it. */
    release() {
      if (!Object.values(this.nsps).some((socket) => socket.active)) this.close();
    }
    /** Closes the connection for good: nothing is tried again until open(). */
    close() {
      this.stopped = true;
      this.reconnecting = false;
      this.onClose("forced close");
    }
    onClose(reason, details) {
      this.cleanup();
      this.engine?.close();
      this.backoff.reset();
      this.state = "closed";
      this.fire("close", reason, details);
      if (!this.stopped) this.reconnect();
    }
    cleanup() {
      for (const undo of this.cleanups.splice(0)) undo();
      this.decoder.reset();
    }
    reconnect() {
      const { reconnection = true, reconnectionAttempts } = this.opts;
      if (!reconnection || this.reconnecting || this.stopped) return;
      if (this.backoff.attempts >= (reconnectionAttempts || Infinity)) {
        this.backoff.reset();
        this.fire("reconnect_failed");
        return;
      }
      this.reconnecting = true;
      const timer = setTimeout(() => {
        if (this.stopped) return;
        this.fire("reconnect_attempt", this.backoff.attempts);
        if (this.stopped) return;
        this.open((error) => {
          this.reconnecting = false;
          if (error) {
            this.reconnect();
            this.fire("reconnect_error", error);
            return;
          }
          const attempts = this.backoff.attempts;
          this.backoff.reset();
          this.fire("reconnect", attempts);
        });
      }, this.backoff.next());
      this.cleanups.push(() => clearTimeout(timer));
    }
  };

  // src/index.ts
  var protocol = 5;
  var managers = {};
  function lookup(uri, opts = {}) {
    if (typeof uri === "object") [uri, opts] = [void 0, uri];
    const { id, path, query, ...server } = parse(uri);
    const options = { ...opts, query: query ?? opts.query };
    if (!options.query) delete options.query;
    const key = id + (opts.path ?? "/socket.io");
    const inUse = managers[key]?.nsps[path];
    const address = uri ?? id;
    const manager = opts.forceNew || opts.multiplex === false || inUse ? new Manager(address, { ...options, ...server }) : managers[key] ??= new Manager(address, { ...options, ...server });
    return manager.socket(path, opts);
  }
  var io = Object.assign(lookup, { Manager, Socket, protocol, io: lookup, connect: lookup });
  return __toCommonJS(script_exports);
})();
var io=bundle.default;if(typeof module==="object"&&module.exports)module.exports=io;else if(typeof define==="function"&&define.amd)define(function(){return io});else global.io=io})(typeof globalThis==="undefined"?self:globalThis);
//# sourceMappingURL=socket.io.js.map

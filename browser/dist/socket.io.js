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

  // src/defaults.ts
  var defaults = {};

  // src/timer.ts
  var native = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
  function timer({ useNativeTimers, autoUnref }, fn, ms = 0) {
    const { setTimeout, clearTimeout } = useNativeTimers ? native : globalThis;
    const id = setTimeout(fn, ms);
    if (autoUnref) id.unref?.();
    return () => clearTimeout(id);
  }

  // src/emitter.ts
  function call(fn, self, args) {
    try {
      fn.apply(self, args);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
  function without(list, fn) {
    const i = fn ? list.findIndex((l) => l === fn || l._fn === fn) : -1;
    return fn ? list.filter((_, at) => at !== i) : [];
  }
  var Emitter = class {
    constructor() {
      this._callbacks = /* @__PURE__ */ new Map();
    }
    // 1 and "1" are the same name
    /** Adds a listener. */
    on(event, fn) {
      this._callbacks.set("" + event, [...this._of(event), fn]);
      return this;
    }
    /** Adds a listener for the next such event only. */
    once(event, fn) {
      const wrapped = (...args) => {
        this.off(event, wrapped);
        fn.apply(this, args);
      };
      wrapped._fn = fn;
      return this.on(event, wrapped);
    }
    /** Removes one listener, all of an event, or, without arguments, all. */
    off(event, fn) {
      if (event === void 0) this._callbacks.clear();
      else this._callbacks.set("" + event, without(this._of(event), fn));
      return this;
    }
    /** Calls the listeners of an event. */
    _fire(event, ...args) {
      for (const fn of this._of(event)) call(fn, this, args);
    }
    _of(event) {
      return this._callbacks.get("" + event) ?? [];
    }
    /** Returns the listeners of an event. */
    listeners(event) {
      return this._of(event);
    }
    hasListeners(event) {
      return this._of(event).length > 0;
    }
    /** The same as on. */
    addEventListener(event, fn) {
      return this.on(event, fn);
    }
    /** The same as off. */
    removeListener(event, fn) {
      return this.off(event, fn);
    }
    /** The same as off. */
    removeEventListener(event, fn) {
      return this.off(event, fn);
    }
    /** Removes all listeners of an event, or all. */
    removeAllListeners(event) {
      return this.off(event);
    }
  };

  // src/engine/packet.ts
  var separator = "";
  async function encodeText({ type, data = "" }) {
    return typeof data === "string" ? type + data : "b" + await base64(data);
  }
  async function encodePayload(packets) {
    return (await Promise.all(packets.map(encodeText))).join(separator);
  }
  function decode(data) {
    if (typeof data !== "string") return { type: "4" /* Message */, data };
    const type = data[0];
    if (type === "b") {
      try {
        return { type: "4" /* Message */, data: Uint8Array.from(atob(data.slice(1)), (c) => c.charCodeAt(0)).buffer };
      } catch {
        return void 0;
      }
    }
    return type >= "0" && type <= "6" ? { type, data: data.slice(1) || void 0 } : void 0;
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
  async function base64(data) {
    const b = ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data instanceof ArrayBuffer ? data : await data.arrayBuffer());
    let binary = "";
    for (let i = 0; i < b.length; i += 8192) binary += String.fromCharCode(...b.subarray(i, i + 8192));
    return btoa(binary);
  }
  function sizeOf(data = "") {
    if (typeof data !== "string") return Math.ceil(("size" in data ? data.size : data.byteLength) / 3) * 4;
    let n = 0;
    for (let i = 0; i < data.length; i++) {
      const c = data.charCodeAt(i);
      n += c < 128 ? 1 : c < 2048 || c >= 55296 && c < 57344 ? 2 : 3;
    }
    return n;
  }

  // src/engine/transport.ts
  var TransportError = class extends Error {
    constructor(message, description, context) {
      super(message);
      this.description = description;
      this.context = context;
      this.type = "TransportError";
    }
  };
  var Transport = class extends Emitter {
    constructor(_opts, query) {
      super();
      this._opts = _opts;
      this.query = query;
      this.writable = false;
      this._state = "opening";
    }
    _close() {
      if (this._closed) return;
      const wasOpen = this._state !== "opening";
      this._onClose();
      this._doClose(wasOpen);
    }
    get _closed() {
      return this._state === "closed";
    }
    _onOpen() {
      this._state = "open";
      this.writable = true;
      this._fire("open");
    }
    _onData(data) {
      this._onPacket(decode(data));
    }
    _onPacket(packet) {
      this._fire("packet", packet);
    }
    _onDrain() {
      if (this._closed) return;
      this.writable = true;
      this._fire("drain");
    }
    _onError(message, description, context) {
      if (!this._closed) this._fire("error", new TransportError(message, description, context));
    }
    _onClose(details) {
      if (this._closed) return;
      this._state = "closed";
      this.writable = false;
      this._fire("close", details);
    }
    _url(scheme) {
      const { secure, hostname = "localhost", port, path = "/socket.io", addTrailingSlash, timestampRequests } = this._opts;
      const params = new URLSearchParams(this._opts.query);
      for (const [key, value] of Object.entries({ EIO: "4", transport: this.name, ...this.query })) params.set(key, value);
      if (timestampRequests ?? scheme === "http") params.set(this._opts.timestampParam ?? "t", Math.random().toString(36).slice(2, 10));
      const host = hostname.includes(":") && hostname[0] !== "[" ? `[${hostname}]` : hostname;
      const suffix = !port || +port === (secure ? 443 : 80) ? "" : ":" + port;
      return `${scheme}${secure ? "s" : ""}://${host}${suffix}${path.replace(/\/$/, "")}${addTrailingSlash === false ? "" : "/"}?${params}`;
    }
  };

  // src/engine/polling.ts
  var Polling = class extends Transport {
    constructor() {
      super(...arguments);
      this._polling = false;
      this._posting = false;
      this._aborter = new AbortController();
    }
    // called when a pause has nothing to wait for any more
    get name() {
      return "polling";
    }
    _open() {
      void this._poll();
    }
    _send(packets) {
      this.writable = false;
      void this._post(packets);
    }
    /** Stops polling once the requests under way have ended, then calls back. */
    _pause(paused) {
      this._state = "pausing";
      this._paused = paused;
      this._checkPause();
    }
    /** Goes on after a pause that has led to nothing. */
    _resume() {
      if (this._closed) return;
      this._state = "open";
      if (!this._polling) void this._poll();
    }
    _checkPause() {
      if (this._state !== "pausing" || this._polling || this._posting) return;
      this._state = "paused";
      this._paused();
    }
    async _poll() {
      this._polling = true;
      const payload = await this._request("poll");
      this._polling = false;
      if (payload === void 0) return;
      for (const packet of decodePayload(payload)) {
        if (this._closed) return;
        if (this._state === "opening" && packet?.type === "0" /* Open */) this._onOpen();
        if (packet?.type === "1" /* Close */) this._onClose({ description: "transport closed by the server" });
        else this._onPacket(packet);
      }
      if (this._state === "open") void this._poll();
      else this._checkPause();
    }
    async _post(packets) {
      this._posting = true;
      const answer = await this._request("post", packets);
      this._posting = false;
      if (answer === void 0) return;
      this._onDrain();
      this._checkPause();
    }
    /** Makes a request and returns the body of the answer, or undefined after an error. */
    async _request(kind, packets) {
      const { extraHeaders, withCredentials, requestTimeout } = this._opts;
      const cancel = requestTimeout ? timer(this._opts, () => this._aborter.abort(), requestTimeout) : void 0;
      let status = 0;
      let context;
      try {
        const response = await this._fetch(this._url("http"), {
          method: packets ? "POST" : "GET",
          body: packets && await encodePayload(packets),
          headers: { Accept: "*/*", ...packets && { "Content-type": "text/plain;charset=UTF-8" }, ...extraHeaders },
          cache: "no-store",
          credentials: withCredentials ? "include" : "same-origin",
          signal: this._aborter.signal
        });
        context = response;
        status = response.status;
        if (status === 200) return await response.text();
      } catch (error) {
        context ??= error;
      } finally {
        cancel?.();
      }
      this._onError(`xhr ${kind} error`, status, context);
      return void 0;
    }
    _fetch(url, init) {
      return fetch(url, init);
    }
    _doClose(wasOpen) {
      const abort = () => this._aborter.abort();
      if (wasOpen && !this._posting) void this._post([{ type: "1" /* Close */ }]).then(abort);
      else abort();
    }
  };

  // src/engine/websocket.ts
  var WebSocketTransport = class extends Transport {
    get name() {
      return "websocket";
    }
    _open() {
      let ws;
      try {
        ws = this._dial(this._url("ws"), this._opts.protocols ?? []);
      } catch (error) {
        timer(this._opts, () => this._onError("websocket error", error));
        return;
      }
      this._ws = ws;
      ws.binaryType = "arraybuffer";
      ws.onopen = () => this._onOpen();
      ws.onmessage = ({ data }) => this._onData(data);
      ws.onerror = (event) => this._onError("websocket error", event);
      ws.onclose = (event) => this._onClose({ description: "websocket connection closed", context: event });
    }
    _dial(url, protocols) {
      return new WebSocket(url, protocols, { headers: this._opts.extraHeaders });
    }
    _send(packets) {
      this.writable = false;
      this._write(packets).then(
        () => this._onDrain(),
        (error) => this._onError("websocket error", error)
      );
    }
    async _write(packets) {
      for (const packet of packets) {
        const { type, data = "" } = packet;
        if (typeof data === "string") this._ws?.send(type + data);
        else this._ws?.send(this._opts.forceBase64 ? await encodeText(packet) : data);
      }
    }
    _doClose() {
      this._ws?.close();
    }
  };

  // src/engine/transports.ts
  var transports = {
    polling: Polling,
    websocket: WebSocketTransport
  };

  // src/parser.ts
  var reserved = ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];
  var isReserved = (event) => reserved.includes(event);
  var isObject = (v) => typeof v === "object" && v !== null;
  function isValid({ type, data }) {
    const isArray = Array.isArray(data);
    const isRecord = isObject(data) && !isArray;
    switch (type) {
      case 0 /* Connect */:
        return data === void 0 || isRecord;
      case 1 /* Disconnect */:
        return data === void 0;
      case 4 /* ConnectError */:
        return typeof data === "string" || isRecord;
      case 3 /* Ack */:
      case 6 /* BinaryAck */:
        return isArray;
    }
    return isArray && (typeof data[0] === "number" || typeof data[0] === "string" && !isReserved(data[0]));
  }

  // src/packet.ts
  var maxAttachments = 10;
  var isBinary = (v) => v instanceof ArrayBuffer || ArrayBuffer.isView(v) || typeof Blob === "function" && v instanceof Blob;
  function hasBinary(v) {
    if (!isObject(v)) return false;
    const { toJSON } = v;
    return isBinary(v) || (typeof toJSON === "function" ? hasBinary(toJSON.call(v)) : Object.values(v).some(hasBinary));
  }
  var Encoder = class {
    /** Returns the messages that carry a packet. Throws what JSON throws. */
    encode(packet) {
      return encode(packet);
    }
  };
  function encode({ type, nsp, data, id }) {
    const attachments = [];
    let count = "";
    let json;
    if ((type === 2 /* Event */ || type === 3 /* Ack */) && hasBinary(data)) {
      json = JSON.stringify(data, function(key, value) {
        const binary = isBinary(this[key]) ? this[key] : value;
        return isBinary(binary) ? { _placeholder: true, num: attachments.push(binary) - 1 } : value;
      });
      if (attachments.length) {
        type += 5 /* BinaryEvent */ - 2 /* Event */;
        count = attachments.length + "-";
      }
    } else {
      json = JSON.stringify(data);
    }
    return [type + count + (nsp === "/" ? "" : nsp + ",") + (id ?? "") + (json ?? ""), ...attachments];
  }
  function restore(v, attachments) {
    if (!isObject(v)) return v;
    const { _placeholder, num } = v;
    if (_placeholder === true) {
      if (typeof num !== "number" || !(num in attachments)) throw new Error("illegal attachments");
      return attachments[num];
    }
    for (const key of Object.keys(v)) v[key] = restore(v[key], attachments);
    return v;
  }
  var Decoder = class extends Emitter {
    constructor() {
      super(...arguments);
      this._missing = 0;
      this._attachments = [];
    }
    /** Takes a message, and tells the packet that it completes, if any. */
    add(message) {
      const packet = this._add(message);
      if (packet) this._fire("decoded", packet);
    }
    _add(message) {
      if (typeof message === "string") {
        if (this._pending) throw new Error("got plaintext data when reconstructing a packet");
        const packet2 = this._parse(message);
        if (packet2.type < 5 /* BinaryEvent */) return packet2;
        packet2.type -= 5 /* BinaryEvent */ - 2 /* Event */;
        this._pending = packet2;
        return void 0;
      }
      const packet = this._pending;
      const attachments = this._attachments;
      if (!packet) throw new Error("got binary data when not reconstructing a packet");
      if (attachments.push(message) < this._missing) return void 0;
      this.destroy();
      packet.data = restore(packet.data, attachments);
      return packet;
    }
    /** Forgets a packet that is not complete. */
    destroy() {
      this._pending = void 0;
      this._attachments = [];
    }
    _parse(text) {
      const match = /^([0-6])(?:(?<=[56])(\d+)-)?(?:(\/[^,]*)(?:,|$))?(\d+)?/.exec(text);
      if (!match) throw new Error("unknown packet type " + text[0]);
      const [head, digit, count, nsp = "/", id] = match;
      const packet = { type: +digit, nsp };
      if (packet.type >= 5 /* BinaryEvent */) {
        this._missing = +count;
        if (!this._missing) throw new Error("Illegal attachments");
        if (this._missing > maxAttachments) throw new Error("too many attachments");
      }
      if (id) packet.id = +id;
      const payload = text.slice(head.length);
      try {
        if (payload) packet.data = JSON.parse(payload);
      } catch {
        packet.data = null;
      }
      if (!isValid(packet)) throw new Error("invalid payload");
      return packet;
    }
  };

  // src/backoff.ts
  function backoff(attempt, min, max, jitter) {
    let ms = min * 2 ** attempt;
    if (jitter) {
      const random = Math.random();
      const deviation = Math.floor(random * jitter * ms);
      ms += Math.floor(random * 10) % 2 ? deviation : -deviation;
    }
    return Math.trunc(Math.min(ms, max));
  }

  // src/engine/upgrade.ts
  function probe(engine, polling, name) {
    const candidate = engine._create(name);
    let pausing = false;
    let over = false;
    const abort = () => {
      if (over) return;
      over = true;
      candidate.off()._close();
    };
    const fail = (reason) => {
      abort();
      if (pausing) {
        engine.upgrading = false;
        polling._resume();
      }
      engine._fire("upgradeError", Object.assign(new Error("probe error: " + reason), { transport: name }));
      engine._flush();
    };
    const takeOver = () => {
      if (over) return;
      over = true;
      engine._setTransport(candidate.off());
      candidate._send([{ type: "5" /* Upgrade */ }]);
      engine.upgrading = false;
      engine._fire("upgrade", candidate);
      engine._flush();
    };
    candidate.on("open", () => candidate._send([{ type: "2" /* Ping */, data: "probe" }]));
    candidate.on("packet", (packet) => {
      if (packet?.type !== "3" /* Pong */ || packet.data !== "probe" || engine.upgrading || engine.readyState !== "open") {
        fail("not wanted");
        return;
      }
      engine.upgrading = pausing = true;
      engine._fire("upgrading", candidate);
      polling._pause(takeOver);
    });
    candidate.on("error", (error) => fail(error.message));
    candidate.on("close", () => fail("transport closed"));
    candidate._open();
    return abort;
  }

  // src/engine/engine.ts
  var webSocketWorked = false;
  var Engine = class extends Emitter {
    constructor(opts) {
      super();
      this.opts = opts;
      this.readyState = "opening";
      this.writeBuffer = [];
      this.upgrading = false;
      // nothing is sent until the new transport has taken over
      this._classes = /* @__PURE__ */ new Map();
      // of the transports that may be used
      this._sending = 0;
      // how many packets of the buffer the transport has
      this._maxPayload = 0;
      this._patience = 0;
      // milliseconds without a ping after which the server is gone
      this._expiry = Infinity;
      this._aborts = [];
      // of the upgrades that are tried
      this._offline = () => this._onClose("transport close", { description: "network connection lost" });
      this._unload = () => this.transport?.off()._close();
      const known = defaults._transports;
      for (const t of opts.transports ?? Object.keys(known)) {
        if (typeof t !== "string") this._classes.set(t.prototype.name, t);
        else if (Object.hasOwn(known, t)) this._classes.set(t, known[t]);
      }
      this._names = [...this._classes.keys()];
      if (opts.hostname !== "localhost") globalThis.addEventListener?.("offline", this._offline);
      if (opts.closeOnBeforeunload) globalThis.addEventListener?.("beforeunload", this._unload);
      if (this._names.length) this._open();
      else timer(opts, () => this._onError("No transports available"));
    }
    _open() {
      const remembered = this.opts.rememberUpgrade && webSocketWorked && this._classes.has("websocket");
      this._setTransport(this._create(remembered ? "websocket" : this._names[0]));
      this.transport._open();
    }
    /** Makes a transport for this connection. */
    _create(name) {
      const query = {};
      if (this.id) query.sid = this.id;
      if (this.opts.forceBase64) query.b64 = "1";
      return new (this._classes.get(name))({ ...this.opts, ...this.opts.transportOptions?.[name] }, query);
    }
    /** Makes t the transport that everything goes over. */
    _setTransport(t) {
      this.transport?.off();
      this.transport = t;
      webSocketWorked = this.readyState === "open" && t.name === "websocket";
      t.on("drain", () => this._onDrain());
      t.on("packet", (packet) => this._onPacket(packet));
      t.on("error", (error) => this._onError(error));
      t.on("close", (details) => this._onClose("transport close", details));
    }
    _onPacket(packet) {
      if (!packet) {
        this._onError(new TransportError("server error", "parser error"));
        return;
      }
      const { type, data = "" } = packet;
      this._fire("packet", packet);
      this._fire("heartbeat");
      switch (type) {
        case "0" /* Open */:
          if (this.readyState === "opening") this._onHandshake(data);
          break;
        case "2" /* Ping */:
          this._push({ type: "3" /* Pong */ });
          this._fire("ping");
          this._fire("pong");
          this._heartbeat();
          break;
        case "4" /* Message */:
          this._fire("data", data);
          this._fire("message", data);
          break;
        case "1" /* Close */:
          this._onClose("transport close");
      }
    }
    _onHandshake(data) {
      let handshake;
      try {
        handshake = JSON.parse(data);
      } catch (error) {
        this._onError(new TransportError("server error", "parser error", error));
        return;
      }
      this.id = this.transport.query.sid = handshake.sid;
      delete this.transport.query.b64;
      this._maxPayload = handshake.maxPayload;
      this._patience = handshake.pingInterval + handshake.pingTimeout;
      this._fire("handshake", handshake);
      this.readyState = "open";
      webSocketWorked = this.transport.name === "websocket";
      this._fire("open");
      this._flush();
      this._heartbeat();
      if (this._closes || this.opts.upgrade === false || this.transport.name !== "polling") return;
      for (const name of handshake.upgrades) {
        if (this._names.includes(name)) this._aborts.push(probe(this, this.transport, name));
      }
    }
    _heartbeat() {
      this._cancelPing?.();
      if (this.readyState === "closed") return;
      this._expiry = Date.now() + this._patience;
      this._cancelPing = timer(this.opts, () => this._onClose("ping timeout"), this._patience);
    }
    /** Reports whether the server has been silent for too long: a timer can be
     * late, as after the sleep of a laptop. The connection is closed then. */
    _expired() {
      if (Date.now() <= this._expiry) return false;
      if (this._expiry) {
        this._expiry = 0;
        timer(this.opts, () => this._onClose("ping timeout"));
      }
      return true;
    }
    /** Sends a message; the callback is called when the transport gets it. */
    send(data, options, callback) {
      this._push({ type: "4" /* Message */, data, options: { compress: true, ...options } }, callback);
      return this;
    }
    /** The same as send. */
    write(data, options, callback) {
      return this.send(data, options, callback);
    }
    _push(packet, callback) {
      if (this._closes) return;
      this._fire("packetCreate", packet);
      this.writeBuffer.push(packet);
      if (callback) this.once("flush", callback);
      this._flush();
    }
    /** Hands the buffer to the transport, if that can take it. Closes, if that only waited for it. */
    _flush() {
      if (this.upgrading) return;
      if (!this.writeBuffer.length) {
        if (this.readyState === "closing") this._onClose("forced close");
        return;
      }
      if (this.readyState === "opening" || !this.transport.writable) return;
      const batch = this.writeBuffer.slice(0, this._batchSize());
      this._sending = batch.length;
      this.transport._send(batch);
      this._fire("flush");
    }
    /** How many packets fit into one request: at least one. */
    _batchSize() {
      const all = this.writeBuffer.length;
      if (!this._maxPayload || this.transport.name !== "polling") return all;
      let size = 1;
      for (let i = 0; i < all; i++) {
        size += sizeOf(this.writeBuffer[i].data);
        if (i && size > this._maxPayload) return i;
        size += 2;
      }
      return all;
    }
    _onDrain() {
      this.writeBuffer.splice(0, this._sending);
      this._sending = 0;
      if (!this.writeBuffer.length) this._fire("drain");
      this._flush();
    }
    /** Closes after what is buffered has been sent. */
    close() {
      if (this.readyState === "opening") this._onClose("forced close");
      if (this._closes) return this;
      this.readyState = "closing";
      this._flush();
      return this;
    }
    get _closes() {
      return this.readyState === "closing" || this.readyState === "closed";
    }
    _onError(error) {
      if (this.readyState === "closed") return;
      webSocketWorked = false;
      const others = this._names.filter((name) => name !== this.transport?.name);
      if (this.opts.tryAllTransports && others.length && this.readyState === "opening") {
        this._names = others;
        this.transport.off()._close();
        this._open();
        return;
      }
      this._fire("error", error);
      this._onClose("transport error", error);
    }
    _onClose(reason, details) {
      if (this.readyState === "closed") return;
      this.readyState = "closed";
      this._cancelPing?.();
      globalThis.removeEventListener?.("offline", this._offline);
      globalThis.removeEventListener?.("beforeunload", this._unload);
      for (const abort of this._aborts) abort();
      this.transport?.off()._close();
      this._fire("close", reason, details);
      this.writeBuffer = [];
      this._sending = 0;
    }
  };

  // src/acks.ts
  var Acks = class {
    constructor() {
      this._ids = 0;
      this._waiting = /* @__PURE__ */ new Map();
    }
    /** Returns the id for a packet that is to be acknowledged, and calls expired
     * if that does not come in time. */
    _expect(answer, opts, timeout, expired) {
      const id = this._ids++;
      const settle = (...result) => {
        cancel?.();
        this._waiting.delete(id);
        answer(...result);
      };
      const expire = () => {
        expired();
        settle(new Error("operation has timed out"));
      };
      const cancel = timeout === void 0 ? void 0 : timer(opts, expire, timeout);
      this._waiting.set(id, settle);
      return id;
    }
    _settle(id, args) {
      this._waiting.get(id)?.(null, ...args);
    }
    /** Waits for nothing any more, as the connection is lost, but for the packets
     * that will be sent, and acknowledged, later. */
    _giveUp(buffered) {
      const kept = new Set(buffered.map((packet) => packet.id));
      for (const [id, settle] of [...this._waiting]) {
        if (!kept.has(id)) settle(new Error("socket has been disconnected"));
      }
    }
  };

  // src/retry.ts
  var RetryQueue = class {
    constructor(_retries, _ready) {
      this._retries = _retries;
      this._ready = _ready;
      this._entries = [];
    }
    /** Adds an event: send sends it, each time it is called. */
    _add(send, answer) {
      this._entries.push({ _send: send, _answer: answer, _tries: 0, _pending: false });
      this._drain();
    }
    /** Sends the first event, unless it is under way; after a new connection in any case. */
    _drain(force = false) {
      const entry = this._entries[0];
      if (!this._ready() || !entry || entry._pending && !force) return;
      entry._pending = true;
      entry._tries++;
      entry._send((error, ...args) => {
        if (entry !== this._entries[0]) return;
        entry._pending = false;
        if (!error || entry._tries > this._retries) {
          this._entries.shift();
          entry._answer?.(error, ...args);
        }
        this._drain();
      });
    }
  };

  // src/catchall.ts
  var CatchAll = class extends Emitter {
    constructor() {
      super(...arguments);
      this._incoming = [];
      this._outgoing = [];
    }
    /** Adds a listener for all events from the server: it gets the name and the arguments. */
    onAny(fn) {
      this._incoming = [...this._incoming, fn];
      return this;
    }
    /** Adds one that is called before the others. */
    prependAny(fn) {
      this._incoming = [fn, ...this._incoming];
      return this;
    }
    /** Removes one, or, if none is named, all. */
    offAny(fn) {
      this._incoming = without(this._incoming, fn);
      return this;
    }
    listenersAny() {
      return this._incoming;
    }
    /** Adds a listener for all events to the server, called when they are really sent. */
    onAnyOutgoing(fn) {
      this._outgoing = [...this._outgoing, fn];
      return this;
    }
    /** Adds one that is called before the others. */
    prependAnyOutgoing(fn) {
      this._outgoing = [fn, ...this._outgoing];
      return this;
    }
    /** Removes one, or, if none is named, all. */
    offAnyOutgoing(fn) {
      this._outgoing = without(this._outgoing, fn);
      return this;
    }
    listenersAnyOutgoing() {
      return this._outgoing;
    }
  };

  // src/state.ts
  var Stateful = class extends CatchAll {
    constructor() {
      super(...arguments);
      this._told = "disconnected";
      // to the watchers
      this._watchers = [];
    }
    /** Has a listener called with the state at each change. Returns a function that ends that. */
    onState(fn) {
      this._watchers = [...this._watchers, fn];
      return () => {
        this._watchers = without(this._watchers, fn);
      };
    }
    /** Tells the state to its watchers, if it is another. */
    _notify() {
      const { state } = this;
      if (state === this._told) return;
      this._told = state;
      for (const fn of this._watchers) call(fn, this, [state]);
    }
  };

  // src/socket.ts
  var authEvent = "socket.io:auth";
  var Socket = class extends Stateful {
    constructor(io2, nsp, _opts = {}) {
      super();
      this.io = io2;
      this.nsp = nsp;
      this._opts = _opts;
      this.connected = false;
      /** Whether the server has restored the state of the connection before, and what was missed. */
      this.recovered = false;
      /** Packets that wait for the connection. */
      this.sendBuffer = [];
      /** Events that came before the connection was granted. */
      this.receiveBuffer = [];
      this._flags = {};
      this._acks = new Acks();
      // undefined while not active
      this._lost = false;
      this.auth = _opts.auth;
      this._queue = new RetryQueue(_opts.retries ?? 0, () => this.connected);
      if (io2.opts.autoConnect !== false) this.connect();
    }
    get disconnected() {
      return !this.connected;
    }
    /** Whether the socket connects again by itself. */
    get active() {
      return !!this._subscriptions;
    }
    /** How the socket is, for pages to show. */
    get state() {
      if (this.connected) return "connected";
      if (!this.active || !this.io._alive) return "disconnected";
      return this._lost ? "reconnecting" : "connecting";
    }
    /** The next event is dropped if it cannot be sent at once. */
    get volatile() {
      this._flags._volatile = true;
      return this;
    }
    /** Whether the next event may be compressed. Default true. */
    compress(on) {
      this._flags._compress = on;
      return this;
    }
    /** The next event's acknowledgement has to come within so many milliseconds;
     * it gets the error "operation has timed out" otherwise, or null before its arguments. */
    timeout(ms) {
      this._flags._timeout = ms;
      return this;
    }
    /** Connects, unless that is done or tried for already. */
    connect() {
      if (this.connected) return this;
      if (!this._subscriptions) {
        this._subscriptions = [
          ["open", () => this._onOpen()],
          ["packet", (packet) => this._onPacket(packet)],
          ["error", (error) => this.connected || this._fire("connect_error", error)],
          ["close", (reason, details) => this._onClose(reason, details)]
        ];
        for (const [event, fn] of this._subscriptions) this.io.on(event, fn);
      }
      if (!this.io._reconnecting) this.io.open();
      if (this.io._state === "open") this._onOpen();
      this._notify();
      return this;
    }
    /** The same as connect. */
    open() {
      return this.connect();
    }
    /** Leaves the namespace, for good: it takes connect() to come back. The last
     * namespace closes the connection. */
    disconnect() {
      const { connected } = this;
      if (connected) this.io._send({ type: 1 /* Disconnect */, nsp: this.nsp });
      this._deactivate();
      if (connected) this._onClose("io client disconnect");
      return this;
    }
    /** The same as disconnect. */
    close() {
      return this.disconnect();
    }
    /** Sends the event "message". */
    send(...args) {
      return this.emit("message", ...args);
    }
    /** Sends an event, now or as soon as there is a connection. A function as the
     * last argument gets the acknowledgement, after an error or null if there is a
     * timeout, or retries. Throws if the name is reserved, or too many events wait. */
    emit(event, ...args) {
      return this._emit([event, ...args]);
    }
    /** Sends an event, and resolves to the first argument of its acknowledgement.
     * Rejects with "operation has timed out", "socket has been disconnected", or
     * with what emit throws. */
    emitWithAck(event, ...args) {
      return new Promise((resolve, reject) => {
        this._submit([event, ...args], (error, answer) => error ? reject(error) : resolve(answer));
      });
    }
    _emit(data) {
      const ack = typeof data.at(-1) === "function" ? data.pop() : void 0;
      const takesError = (this._flags._timeout ?? this._opts.ackTimeout) !== void 0 || this._queues(this._flags);
      if (ack && takesError) this._submit(data, (...result) => call(ack, this, result));
      else this._submit(data, ack && ((error, ...answer) => error || call(ack, this, answer)), true);
      return this;
    }
    _queues({ _volatile }) {
      return !!this._opts.retries && !_volatile;
    }
    /** Sends an event, if there is room for it. If not, the answer gets the error, or it is thrown. */
    _submit(data, answer, throws = false) {
      const flags = this._flags;
      this._flags = {};
      if (isReserved(data[0])) throw new Error(`"${data[0]}" is a reserved event name`);
      const queues = this._queues(flags);
      const full = (queues ? this._queue._entries : this.sendBuffer).length >= (this._opts.maxBuffered ?? 1e4);
      if (full && (queues || !this._reachable() && !flags._volatile)) {
        const error = new Error("send buffer is full");
        if (throws) throw error;
        queueMicrotask(() => answer(error));
      } else if (queues) this._queue._add((answered) => this._dispatch(data, flags, answered), answer);
      else this._dispatch(data, flags, answer);
    }
    _dispatch(data, { _compress, _volatile, _timeout = this._opts.ackTimeout }, answer) {
      const packet = { type: 2 /* Event */, nsp: this.nsp, data, options: { compress: _compress !== false } };
      if (answer) {
        packet.id = this._acks._expect(answer, this.io.opts, _timeout, () => {
          this.sendBuffer = this.sendBuffer.filter((p) => p !== packet);
        });
      }
      const reachable = this._reachable();
      if (_volatile && !(reachable && this.io.engine.transport.writable)) return;
      if (reachable) this._transmit(packet);
      else this.sendBuffer.push(packet);
    }
    _reachable() {
      return this.connected && !this.io.engine?._expired();
    }
    _transmit(packet) {
      for (const fn of this._outgoing) call(fn, this, packet.data);
      this.io._send(packet);
    }
    _onOpen() {
      const { nsp, _pid, _offset } = this;
      this._authenticate((data) => this.io._send({ type: 0 /* Connect */, nsp, data: _pid ? { pid: _pid, offset: _offset, ...data } : data }));
    }
    /** Gives the auth data of now to send. */
    _authenticate(send) {
      const { auth } = this;
      if (typeof auth === "function") auth(send);
      else send(auth);
    }
    _onPacket({ nsp, type, data, id }) {
      if (nsp !== this.nsp || !this.active) return;
      switch (type) {
        case 0 /* Connect */:
          if (data?.sid) this._onConnect(data.sid, data.pid);
          else this._fire("connect_error", new Error("the server speaks an older protocol: Socket.IO 3 or later is needed"));
          break;
        case 2 /* Event */:
          this._onEvent(data, id);
          break;
        case 3 /* Ack */:
          this._acks._settle(id, data);
          break;
        case 1 /* Disconnect */:
          this._deactivate();
          this._onClose("io server disconnect");
          break;
        case 4 /* ConnectError */:
          this._deactivate();
          this._fire("connect_error", Object.assign(new Error(data.message ?? data), { data: data.data }));
      }
    }
    _onConnect(sid, pid) {
      this.id = sid;
      this.recovered = !!pid && pid === this._pid;
      this._pid = pid;
      this.connected = this._lost = true;
      this._notify();
      while (this.connected && this.receiveBuffer.length) this._deliver(this.receiveBuffer.shift());
      while (this.connected && this.sendBuffer.length) this._transmit(this.sendBuffer.shift());
      this._queue._drain(true);
      if (this.connected) this._fire("connect");
    }
    _onEvent(args, id) {
      if (id !== void 0) {
        let { id: asker } = this;
        let acknowledged = false;
        args.push((...data) => {
          if (acknowledged || !this.connected || (asker ??= this.id) !== this.id) return;
          acknowledged = true;
          this.io._send({ type: 3 /* Ack */, nsp: this.nsp, id, data });
        });
      }
      if (this.connected) this._deliver(args);
      else this.receiveBuffer.push(args);
    }
    _deliver(args) {
      if (args[0] === authEvent && !this.hasListeners(authEvent)) return this._authenticate((data = {}) => args[1]?.(data));
      for (const fn of this._incoming) call(fn, this, args);
      this._fire(...args);
      const last = args.at(-1);
      if (this._pid && args.length > 1 && typeof last === "string") this._offset = last;
    }
    _onClose(reason, details) {
      this.connected = false;
      this.id = void 0;
      this._fire("disconnect", reason, details);
      this._notify();
      this._acks._giveUp(this.sendBuffer);
    }
    /** Takes no part in the connection any more; the last socket closes it. */
    _deactivate() {
      for (const [event, fn] of this._subscriptions ?? []) this.io.off(event, fn);
      this._subscriptions = void 0;
      this._lost = false;
      this.io._release();
      this._notify();
    }
  };

  // src/url.ts
  function parse(address) {
    const page = typeof location === "undefined" ? {} : location;
    const scheme = page.protocol ?? "https:";
    let uri = address ?? page.origin;
    if (uri === void 0) throw new Error("an address is needed outside of a page");
    if (uri.startsWith("//")) uri = scheme + uri;
    else if (uri.startsWith("/")) uri = (page.origin ?? "https://localhost") + uri;
    else if (!/^\w+:\/\//.test(uri)) uri = scheme + "//" + uri;
    const { protocol: protocol2, hostname, port, searchParams, search } = new URL(uri);
    const secure = protocol2 === "https:" || protocol2 === "wss:";
    const effective = port || (secure ? "443" : "80");
    return {
      hostname,
      port: effective,
      secure,
      // Not the path of URL, which would encode it.
      namespace: /^\w+:\/\/[^/?#]*([^?#]*)/.exec(uri)[1] || "/",
      query: search ? Object.fromEntries(searchParams) : void 0,
      id: `http${secure ? "s" : ""}://${hostname}:${effective}`
    };
  }

  // src/manager.ts
  var Manager = class extends Emitter {
    constructor(uri, opts = {}) {
      super();
      /** The sockets by namespace. */
      // eslint-disable-next-line @typescript-eslint/no-explicit-any
      this.nsps = {};
      this._state = "closed";
      this._reconnecting = false;
      this._stopped = false;
      // the connection was closed on purpose
      this._attempts = 0;
      this._cleanups = [];
      if (typeof uri === "object") [uri, opts] = [void 0, uri];
      if (!uri && (opts.host ?? opts.hostname)) {
        uri = `http${opts.secure ? "s" : ""}://${opts.host ?? opts.hostname}${opts.port ? ":" + opts.port : ""}`;
      }
      const { hostname, port, secure, query, id } = parse(uri);
      this.uri = uri ?? id;
      this.opts = { ...opts, hostname, port, secure, query: query ?? opts.query, _cookies: opts.withCredentials ? defaults._cookies?.() : void 0 };
      this._settings = {
        reconnection: opts.reconnection ?? true,
        reconnectionAttempts: opts.reconnectionAttempts || Infinity,
        reconnectionDelay: opts.reconnectionDelay ?? 1e3,
        reconnectionDelayMax: opts.reconnectionDelayMax ?? 5e3,
        randomizationFactor: opts.randomizationFactor ?? 0.5,
        timeout: opts.timeout ?? 2e4
      };
      const parser = opts.parser ?? defaults._parser;
      this._encoder = new parser.Encoder();
      this._decoder = new parser.Decoder();
      this._decoder.on("decoded", (packet) => this._fire("packet", packet));
      if (opts.autoConnect !== false) this.open();
    }
    /** Whether there is a connection, or it is tried for now or later. */
    get _alive() {
      return this._state !== "closed" || this._reconnecting || this._settings.reconnection && !this._stopped;
    }
    /** Has the sockets tell what has become of them. */
    _notify() {
      for (const socket of Object.values(this.nsps)) socket._notify();
    }
    /** Connects. The callback gets the error of a failure, after which nothing is tried again. */
    open(callback) {
      if (this._state !== "closed") return this;
      this._stopped = false;
      this._state = "opening";
      const engine = this.engine = new Engine(this.opts);
      const { timeout } = this._settings;
      const failed = (error) => {
        this._cleanup();
        engine.close();
        this._state = "closed";
        if (callback && !this._reconnecting) this._stopped = true;
        this._fire("error", error);
        if (callback) callback(error);
        else if (!this._attempts) this._reconnect();
        this._notify();
      };
      this._listen(engine, "open", () => {
        this._onOpen(engine);
        callback?.();
      });
      this._listen(engine, "error", failed);
      if (timeout !== false) this._cleanups.push(timer(this.opts, () => failed(new Error("timeout")), timeout));
      this._notify();
      return this;
    }
    /** The same as open. */
    connect(callback) {
      return this.open(callback);
    }
    _onOpen(engine) {
      this._cleanup();
      this._state = "open";
      this._reconnecting = false;
      this._listen(engine, "ping", () => this._fire("ping"));
      this._listen(engine, "data", (data) => this._onData(data));
      this._listen(engine, "error", (error) => this._fire("error", error));
      this._listen(engine, "close", (reason, details) => this._onClose(reason, details));
      this._fire("open");
    }
    _listen(engine, event, fn) {
      engine.on(event, fn);
      this._cleanups.push(() => engine.off(event, fn));
    }
    _onData(data) {
      try {
        this._decoder.add(data);
      } catch (error) {
        this._onClose("parse error", error);
      }
    }
    /** Returns the socket of a namespace, the same one each time. */
    socket(nsp, opts) {
      const known = this.nsps[nsp];
      if (!known) return this.nsps[nsp] = new Socket(this, nsp, opts);
      if (this.opts.autoConnect !== false && !known.active) known.connect();
      return known;
    }
    _send(packet) {
      for (const message of this._encoder.encode(packet)) this.engine?.send(message, packet.options);
    }
    /** Closes the connection, unless a socket still needs it. */
    _release() {
      if (!Object.values(this.nsps).some((socket) => socket.active)) this.close();
    }
    /** Closes the connection for good: nothing is tried again until open(). */
    close() {
      this._stopped = true;
      this._reconnecting = false;
      this._onClose("forced close");
    }
    _onClose(reason, details) {
      this._cleanup();
      this.engine?.close();
      this._attempts = 0;
      this._state = "closed";
      this._fire("close", reason, details);
      this._reconnect();
      this._notify();
    }
    /** Undoes what belongs to the present state: listeners and timers. */
    _cleanup() {
      for (const undo of this._cleanups.splice(0)) undo();
      this._decoder.destroy();
    }
    _reconnect() {
      const { reconnection, reconnectionAttempts, reconnectionDelay, reconnectionDelayMax, randomizationFactor } = this._settings;
      if (!reconnection || this._reconnecting || this._stopped || this._state !== "closed") return;
      if (this._attempts >= reconnectionAttempts) {
        this._attempts = 0;
        this._stopped = true;
        this._fire("reconnect_failed");
        return;
      }
      this._reconnecting = true;
      const attempt = () => {
        if (!this._stopped) this._fire("reconnect_attempt", this._attempts);
        if (this._stopped) {
          this._reconnecting = false;
          this._notify();
          return;
        }
        this.open((error) => {
          this._reconnecting = false;
          if (error) {
            this._reconnect();
            this._fire("reconnect_error", error);
            return;
          }
          const attempts = this._attempts;
          this._attempts = 0;
          this._fire("reconnect", attempts);
        });
      };
      const delay = backoff(this._attempts++, reconnectionDelay, reconnectionDelayMax, randomizationFactor);
      this._cleanups.push(timer(this.opts, attempt, delay));
    }
    _set(key, value) {
      if (value === void 0) return this._settings[key];
      this._settings[key] = value;
      return this;
    }
    reconnection(on) {
      if (on === false) this._stopped = true;
      return this._set("reconnection", on);
    }
    reconnectionAttempts(n) {
      return this._set("reconnectionAttempts", n);
    }
    reconnectionDelay(ms) {
      return this._set("reconnectionDelay", ms);
    }
    reconnectionDelayMax(ms) {
      return this._set("reconnectionDelayMax", ms);
    }
    randomizationFactor(share) {
      return this._set("randomizationFactor", share);
    }
    timeout(ms) {
      return this._set("timeout", ms);
    }
  };

  // src/io.ts
  var protocol = 5;
  var managers = {};
  function lookup(uri, opts = {}) {
    if (typeof uri === "object") [uri, opts] = [void 0, uri];
    const { id, namespace } = parse(uri);
    const key = id + (opts.path ?? "/socket.io");
    const shared = !opts.forceNew && opts.multiplex !== false && !managers[key]?.nsps[namespace];
    const manager = shared ? managers[key] ??= new Manager(uri, opts) : new Manager(uri, opts);
    return manager.socket(namespace, opts);
  }
  var io = Object.assign(lookup, { Manager, Socket, protocol, io: lookup, connect: lookup });

  // src/index.ts
  defaults._transports = transports;
  defaults._parser = { Encoder, Decoder };
  return __toCommonJS(script_exports);
})();
var io=bundle.default;if(typeof module==="object"&&module.exports)module.exports=io;else if(typeof define==="function"&&define.amd)define(function(){return io});else global.io=io})(typeof globalThis==="undefined"?self:globalThis);
//# sourceMappingURL=socket.io.js.map

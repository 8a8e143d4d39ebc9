// A Socket is the page's end of one namespace.

import { CatchAll } from "./catchall.js"
import { call, type Listener } from "./emitter.js"
import type { Manager, Options } from "./manager.js"
import { isReserved, PacketType, type Packet } from "./packet.js"
import { RetryQueue, type Answer } from "./retry.js"

type Auth = Record<string, unknown>

export interface SocketOptions {
  /** What the server gets as handshake.auth: an object, or a function that gives it at each connection. */
  auth: Auth | ((callback: (auth?: Auth) => void) => void)
  /** Milliseconds that an acknowledgement may take, unless timeout() says otherwise. */
  ackTimeout: number
  /** How often an event is sent again, one at a time, until it is acknowledged. Wants ackTimeout. */
  retries: number
}

interface Flags {
  _compress?: boolean
  _volatile?: boolean
  _timeout?: number
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Args = any[]

/**
 * Events: "connect", "disconnect" (reason, details), "connect_error" (error), and those of the server.
 */
export class Socket extends CatchAll {
  /** Known while connected. Changes with each connection, unless it was recovered. */
  id?: string
  connected = false
  /** Whether the server has restored the state of the connection before, and what was missed. */
  recovered = false
  auth?: SocketOptions["auth"]
  /** Packets that wait for the connection. */
  sendBuffer: Packet[] = []
  /** Events that came before the connection was granted. */
  receiveBuffer: Args[] = []

  private _flags: Flags = {}
  private _ids = 0
  private _acks = new Map<number, Answer>()
  private _subscriptions?: [string, Listener][] // undefined while not active
  private _pid?: string // what recovers the connection
  private _offset?: string // the last event that came
  private readonly _queue: RetryQueue

  constructor(
    readonly io: Manager,
    readonly nsp: string,
    private readonly _opts: Options = {},
  ) {
    super()
    this.auth = _opts.auth
    this._queue = new RetryQueue(_opts.retries ?? 0, () => this.connected)
    if (io.opts.autoConnect !== false) this.connect()
  }

  get disconnected(): boolean {
    return !this.connected
  }

  /** Whether the socket connects again by itself. */
  get active(): boolean {
    return !!this._subscriptions
  }

  /** The next event is dropped if it cannot be sent at once. */
  get volatile(): this {
    this._flags._volatile = true
    return this
  }

  /** Whether the next event may be compressed. Default true. */
  compress(on: boolean): this {
    this._flags._compress = on
    return this
  }

  /** The next event's acknowledgement has to come within so many milliseconds. */
  timeout(ms: number): this {
    this._flags._timeout = ms
    return this
  }

  connect(): this {
    if (this.connected) return this
    if (!this._subscriptions) {
      this._subscriptions = [
        ["open", () => this._onOpen()],
        ["packet", packet => this._onPacket(packet)],
        ["error", error => this.connected || this._fire("connect_error", error)],
        ["close", (reason, details) => this._onClose(reason, details)],
      ]
      for (const [event, fn] of this._subscriptions) this.io.on(event, fn)
    }
    if (!this.io._reconnecting) this.io.open()
    if (this.io._state === "open") this._onOpen()
    return this
  }

  open(): this {
    return this.connect()
  }

  disconnect(): this {
    const { connected } = this
    if (connected) this.io._send({ type: PacketType.Disconnect, nsp: this.nsp })
    this._deactivate()
    if (connected) this._onClose("io client disconnect")
    return this
  }

  close(): this {
    return this.disconnect()
  }

  /** Sends the event "message". */
  send(...args: Args): this {
    return this.emit("message", ...args)
  }

  /** Sends an event. A function as the last argument gets the acknowledgement,
   * after an error or null if there is a timeout. */
  emit(event: string | number, ...args: Args): this {
    const ack: Listener | undefined = typeof args.at(-1) === "function" ? args.pop() : undefined
    const takesError = (this._flags._timeout ?? this._opts.ackTimeout ?? this._opts.retries) !== undefined
    return this._emit(
      [event, ...args],
      ack && ((error, ...answer) => (takesError ? call(ack, this, [error, ...answer]) : error || call(ack, this, answer))),
    )
  }

  /** Sends an event, and resolves to the first argument of its acknowledgement. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  emitWithAck(event: string | number, ...args: Args): Promise<any> {
    return new Promise((resolve, reject) => {
      this._emit([event, ...args], (error, answer) => (error ? reject(error) : resolve(answer)))
    })
  }

  private _emit(data: Args, answer?: Answer): this {
    const flags = this._flags
    this._flags = {}
    if (isReserved(data[0])) throw new Error(`"${data[0]}" is a reserved event name`)
    if (this._opts.retries && !flags._volatile) this._queue._add(answered => this._dispatch(data, flags, answered), answer)
    else this._dispatch(data, flags, answer)
    return this
  }

  private _dispatch(data: Args, { _compress, _volatile, _timeout = this._opts.ackTimeout }: Flags, answer?: Answer): void {
    const packet: Packet = { type: PacketType.Event, nsp: this.nsp, data, compress: _compress !== false }
    if (answer) this._expect(packet, answer, _timeout)
    const { engine } = this.io
    if (_volatile && !(engine?.readyState === "open" && engine.transport.writable)) return
    if (this.connected && !engine?._expired()) this._transmit(packet)
    else this.sendBuffer.push(packet)
  }

  /** Notes that a packet is to be acknowledged. */
  private _expect(packet: Packet, answer: Answer, timeout?: number): void {
    const id = (packet.id = this._ids++)
    const settle: Answer = (...result) => {
      clearTimeout(timer)
      this._acks.delete(id)
      answer(...result)
    }
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => {
            this.sendBuffer = this.sendBuffer.filter(p => p !== packet)
            settle(new Error("operation has timed out"))
          }, timeout)
    this._acks.set(id, settle)
  }

  private _transmit(packet: Packet): void {
    for (const fn of this._outgoing) call(fn, this, packet.data)
    this.io._send(packet)
  }

  protected _onOpen(): void {
    const { auth, nsp, _pid, _offset } = this
    const send = (data?: Auth) =>
      this.io._send({ type: PacketType.Connect, nsp, data: _pid ? { pid: _pid, offset: _offset, ...data } : data })
    if (typeof auth === "function") auth(send)
    else send(auth)
  }

  private _onPacket({ nsp, type, data, id }: Packet): void {
    if (nsp !== this.nsp || !this.active) return
    switch (type) {
      case PacketType.Connect:
        if (data?.sid) this._onConnect(data.sid, data.pid)
        else this._fire("connect_error", new Error("the server speaks an older protocol: Socket.IO 3 or later is needed"))
        break
      case PacketType.Event:
        this._onEvent(data, id)
        break
      case PacketType.Ack:
        this._acks.get(id!)?.(null, ...data)
        break
      case PacketType.Disconnect:
        this._deactivate()
        this._onClose("io server disconnect")
        break
      case PacketType.ConnectError:
        this._deactivate()
        this._fire("connect_error", Object.assign(new Error(data.message ?? data), { data: data.data }))
    }
  }

  private _onConnect(sid: string, pid?: string): void {
    this.id = sid
    this.recovered = !!pid && pid === this._pid
    this._pid = pid
    this.connected = true
    // A listener may end it all at any time.
    while (this.connected && this.receiveBuffer.length) this._deliver(this.receiveBuffer.shift()!)
    while (this.connected && this.sendBuffer.length) this._transmit(this.sendBuffer.shift()!)
    this._queue._drain(true)
    if (this.connected) this._fire("connect")
  }

  private _onEvent(args: Args, id?: number): void {
    if (id !== undefined) {
      let { id: asker } = this // not known yet before the grant
      let acknowledged = false
      args.push((...data: Args) => {
        // Another connection would not know what it is about.
        if (acknowledged || !this.connected || (asker ??= this.id) !== this.id) return
        acknowledged = true
        this.io._send({ type: PacketType.Ack, nsp: this.nsp, id, data })
      })
    }
    if (this.connected) this._deliver(args)
    else this.receiveBuffer.push(args)
  }

  private _deliver(args: Args): void {
    for (const fn of this._incoming) call(fn, this, args)
    this._fire(...(args as [string]))
    const last = args.at(-1)
    if (this._pid && args.length > 1 && typeof last === "string") this._offset = last
  }

  private _onClose(reason: string, details?: unknown): void {
    this.connected = false
    this.id = undefined
    this._fire("disconnect", reason, details)
    // What is still in the buffer will be sent, and answered, later.
    const waiting = new Set(this.sendBuffer.map(packet => packet.id))
    for (const [id, settle] of [...this._acks]) {
      if (!waiting.has(id)) settle(new Error("socket has been disconnected"))
    }
  }

  /** Takes no part in the connection any more; the last socket closes it. */
  private _deactivate(): void {
    for (const [event, fn] of this._subscriptions ?? []) this.io.off(event, fn)
    this._subscriptions = undefined
    this.io._release()
  }
}

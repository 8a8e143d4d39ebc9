// A Socket is the page's end of one namespace.

import { Acks, type Answer } from "./acks.js"
import { call } from "./emitter.js"
import type {
  AllButLast,
  Answered,
  DecorateAcknowledgements,
  DefaultEventsMap,
  EventNames,
  EventParams,
  EventsMap,
  Last,
  Listener,
} from "./events.js"
import type { Manager, ManagerReservedEvents, Options } from "./manager.js"
import { isReserved, PacketType, type Packet } from "./parser.js"
import { RetryQueue } from "./retry.js"
import { Stateful } from "./state.js"
import type { DisconnectReason, SocketOptions, SocketReservedEvents, SocketState } from "./types.js"

interface Flags {
  _compress?: boolean
  _volatile?: boolean
  _timeout?: number
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Args = any[]

/** The event by which a server of ours asks for the auth data of now. */
const authEvent = "socket.io:auth"

/** A namespace of a server. The type parameters are the events that come from
 * the server, and those that go there. */
export class Socket<Listen extends EventsMap = DefaultEventsMap, Emit extends EventsMap = Listen> extends Stateful<
  Listen,
  SocketReservedEvents
> {
  /** Known while connected. Changes with each connection, unless it was recovered. */
  id?: string
  connected = false
  /** Whether the server has restored the state of the connection before, and what was missed. */
  recovered = false
  /** What the server gets at the next connection. */
  auth?: SocketOptions["auth"]
  /** Packets that wait for the connection. */
  sendBuffer: Packet[] = []
  /** Events that came before the connection was granted. */
  receiveBuffer: Args[] = []

  private _flags: Flags = {}
  private readonly _acks = new Acks()
  private _subscriptions?: [keyof ManagerReservedEvents, Listener][] // undefined while not active
  private _lost = false // there was a connection, and shall be one again
  private _pid?: string // what recovers the connection
  private _offset?: string // the last event that came
  private readonly _queue: RetryQueue

  constructor(
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    readonly io: Manager<any, any>,
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

  /** How the socket is, for pages to show. */
  get state(): SocketState {
    if (this.connected) return "connected"
    if (!this.active || !this.io._alive) return "disconnected"
    return this._lost ? "reconnecting" : "connecting"
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

  /** The next event's acknowledgement has to come within so many milliseconds;
   * it gets the error "operation has timed out" otherwise, or null before its arguments. */
  timeout(ms: number): Socket<Listen, DecorateAcknowledgements<Emit>> {
    this._flags._timeout = ms
    return this as unknown as Socket<Listen, DecorateAcknowledgements<Emit>>
  }

  /** Connects, unless that is done or tried for already. */
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
    this._notify()
    return this
  }

  /** The same as connect. */
  open(): this {
    return this.connect()
  }

  /** Leaves the namespace, for good: it takes connect() to come back. The last
   * namespace closes the connection. */
  disconnect(): this {
    const { connected } = this
    if (connected) this.io._send({ type: PacketType.Disconnect, nsp: this.nsp })
    this._deactivate()
    if (connected) this._onClose("io client disconnect")
    return this
  }

  /** The same as disconnect. */
  close(): this {
    return this.disconnect()
  }

  /** Sends the event "message". */
  send(...args: Args): this {
    return (this as unknown as Socket).emit("message", ...args) as unknown as this
  }

  /** Sends an event, now or as soon as there is a connection. A function as the
   * last argument gets the acknowledgement, after an error or null if there is a
   * timeout, or retries. Throws if the name is reserved, or too many events wait. */
  emit<Ev extends EventNames<Emit>>(event: Ev, ...args: EventParams<Emit, Ev>): this {
    return this._emit([event, ...args])
  }

  /** Sends an event, and resolves to the first argument of its acknowledgement.
   * Rejects with "operation has timed out", "socket has been disconnected", or
   * with what emit throws. */
  emitWithAck<Ev extends EventNames<Emit>>(
    event: Ev,
    ...args: AllButLast<EventParams<Emit, Ev>>
  ): Promise<Answered<Last<EventParams<Emit, Ev>>>> {
    return new Promise((resolve, reject) => {
      this._submit([event, ...args], (error, answer) => (error ? reject(error) : resolve(answer)))
    })
  }

  private _emit(data: Args): this {
    const ack: Listener | undefined = typeof data.at(-1) === "function" ? data.pop() : undefined
    const takesError = (this._flags._timeout ?? this._opts.ackTimeout) !== undefined || this._queues(this._flags)
    if (ack && takesError) this._submit(data, (...result) => call(ack, this, result))
    else this._submit(data, ack && ((error, ...answer) => error || call(ack, this, answer)), true)
    return this
  }

  private _queues({ _volatile }: Flags): boolean {
    return !!this._opts.retries && !_volatile
  }

  /** Sends an event, if there is room for it. If not, the answer gets the error, or it is thrown. */
  private _submit(data: Args, answer?: Answer, throws = false): void {
    const flags = this._flags
    this._flags = {}
    if (isReserved(data[0])) throw new Error(`"${data[0]}" is a reserved event name`)
    const queues = this._queues(flags)
    const full = (queues ? this._queue._entries : this.sendBuffer).length >= (this._opts.maxBuffered ?? 10_000)
    if (full && (queues || (!this._reachable() && !flags._volatile))) {
      const error = new Error("send buffer is full")
      if (throws) throw error
      queueMicrotask(() => answer!(error)) // as with any answer, not before the caller is done
    } else if (queues) this._queue._add(answered => this._dispatch(data, flags, answered), answer)
    else this._dispatch(data, flags, answer)
  }

  private _dispatch(data: Args, { _compress, _volatile, _timeout = this._opts.ackTimeout }: Flags, answer?: Answer): void {
    const packet: Packet = { type: PacketType.Event, nsp: this.nsp, data, options: { compress: _compress !== false } }
    if (answer) {
      packet.id = this._acks._expect(answer, this.io.opts, _timeout, () => {
        this.sendBuffer = this.sendBuffer.filter(p => p !== packet)
      })
    }
    const reachable = this._reachable()
    if (_volatile && !(reachable && this.io.engine!.transport.writable)) return
    if (reachable) this._transmit(packet)
    else this.sendBuffer.push(packet)
  }

  private _reachable(): boolean {
    return this.connected && !this.io.engine?._expired()
  }

  private _transmit(packet: Packet): void {
    for (const fn of this._outgoing) call(fn, this, packet.data)
    this.io._send(packet)
  }

  protected _onOpen(): void {
    const { nsp, _pid, _offset } = this
    this._authenticate(data => this.io._send({ type: PacketType.Connect, nsp, data: _pid ? { pid: _pid, offset: _offset, ...data } : data }))
  }

  /** Gives the auth data of now to send. */
  private _authenticate(send: (data?: object) => void): void {
    const { auth } = this
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
        this._acks._settle(id!, data)
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
    this.connected = this._lost = true
    this._notify()
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
    // A listener of the page's own may answer instead.
    if (args[0] === authEvent && !this.hasListeners(authEvent)) return this._authenticate((data = {}) => args[1]?.(data))
    for (const fn of this._incoming) call(fn, this, args)
    this._fire(...(args as [string]))
    const last = args.at(-1)
    if (this._pid && args.length > 1 && typeof last === "string") this._offset = last
  }

  private _onClose(reason: string, details?: unknown): void {
    this.connected = false
    this.id = undefined
    this._fire("disconnect", reason, details)
    this._notify()
    this._acks._giveUp(this.sendBuffer)
  }

  /** Takes no part in the connection any more; the last socket closes it. */
  private _deactivate(): void {
    for (const [event, fn] of this._subscriptions ?? []) this.io.off(event, fn)
    this._subscriptions = undefined
    this._lost = false
    this.io._release()
    this._notify()
  }
}

export declare namespace Socket {
  export { DisconnectReason }
}

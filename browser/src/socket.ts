// A Socket is the page's end of one namespace.

import { Emitter, type Listener } from "./emitter.js"
import type { Manager, Options } from "./manager.js"
import { isReserved, PacketType, type Packet } from "./packet.js"

type Auth = Record<string, unknown>

export interface SocketOptions {
  /** What the server gets as handshake.auth: an object, or a function that gives it at each connection. */
  auth: Auth | ((callback: (auth: Auth) => void) => void)
  /** Milliseconds that an acknowledgement may take, unless timeout() says otherwise. */
  ackTimeout: number
}

interface Flags {
  compress?: boolean
  volatile?: boolean
  timeout?: number
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Args = any[]

interface Pending {
  done: (error: Error | null, args: Args) => void
  takesError: boolean // whether it is told when the connection is lost
}

export class Socket extends Emitter {
  /** Known while connected. Changes with each connection. */
  id?: string
  connected = false
  auth?: SocketOptions["auth"]
  /** Packets that wait for the connection. */
  sendBuffer: Packet[] = []
  /** Events that came before the connection was granted. */
  receiveBuffer: Args[] = []

  private flags: Flags = {}
  private ids = 0
  private acks = new Map<number, Pending>()
  private subscriptions?: [string, Listener][] // undefined while not active
  private anyListeners: Listener[] = []
  private anyOutgoingListeners: Listener[] = []

  constructor(
    readonly io: Manager,
    readonly nsp: string,
    private readonly opts: Options = {},
  ) {
    super()
    this.auth = opts.auth
    if (io.opts.autoConnect !== false) this.connect()
  }

  get disconnected(): boolean {
    return !this.connected
  }

  /** Whether the socket connects again by itself. */
  get active(): boolean {
    return !!this.subscriptions
  }

  get volatile(): this {
    this.flags.volatile = true
    return this
  }

  compress(on: boolean): this {
    this.flags.compress = on
    return this
  }

  /** The next event's acknowledgement has to come within so many milliseconds. */
  timeout(ms: number): this {
    this.flags.timeout = ms
    return this
  }

  connect(): this {
    if (this.connected) return this
    if (!this.subscriptions) {
      this.subscriptions = [
        ["open", () => this.onOpen()],
        ["packet", packet => this.onPacket(packet)],
        ["error", error => !this.connected && this.fire("connect_error", error)],
        ["close", (reason, details) => this.onClose(reason, details)],
      ]
      for (const [event, fn] of this.subscriptions) this.io.on(event, fn)
    }
    if (!this.io.isReconnecting()) this.io.open()
    if (this.io.isOpen()) this.onOpen()
    return this
  }

  open(): this {
    return this.connect()
  }

  disconnect(): this {
    const was = this.connected
    if (was) this.io.send({ type: PacketType.Disconnect, nsp: this.nsp })
    this.deactivate()
    if (was) this.onClose("io client disconnect")
    return this
  }

  close(): this {
    return this.disconnect()
  }

  send(...args: Args): this {
    return this.emit("message", ...args)
  }

  /** Sends an event. A function as the last argument gets the acknowledgement. */
  emit(event: string | number, ...args: Args): this {
    if (isReserved(event)) throw new Error(`"${event}" is a reserved event name`)
    const { compress, volatile, timeout = this.opts.ackTimeout } = this.flags
    this.flags = {}
    const ack = typeof args.at(-1) === "function" ? (args.pop() as Listener & { takesError?: boolean }) : undefined
    const packet: Packet = { type: PacketType.Event, nsp: this.nsp, data: [event, ...args], compress: compress !== false }
    if (ack) this.register(packet, ack, timeout)
    const writable = this.io.engine?.state === "open" && this.io.engine.transport.writable
    if (volatile && !writable) return this
    if (this.connected && !this.io.engine?.expired()) this.transmit(packet)
    else this.sendBuffer.push(packet)
    return this
  }

  /** Sends an event, and resolves to the first argument of its acknowledgement. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  emitWithAck(event: string | number, ...args: Args): Promise<any> {
    return new Promise((resolve, reject) => {
      const withError = this.flags.timeout !== undefined || this.opts.ackTimeout !== undefined
      const ack: Listener & { takesError?: boolean } = (first, second) => {
        if (!withError && !(first instanceof Lost)) resolve(first)
        else if (first) reject(first)
        else resolve(second)
      }
      ack.takesError = true
      this.emit(event, ...args, ack)
    })
  }

  private register(packet: Packet, ack: Listener & { takesError?: boolean }, timeout?: number): void {
    const id = (packet.id = this.ids++)
    const errorFirst = timeout !== undefined
    const pending: Pending = {
      takesError: errorFirst || !!ack.takesError,
      done: (error, args) => {
        clearTimeout(timer)
        this.acks.delete(id)
        if (error) ack.call(this, error)
        else if (errorFirst) ack.call(this, null, ...args)
        else ack.apply(this, args)
      },
    }
    const timer = errorFirst
      ? setTimeout(() => {
          this.sendBuffer = this.sendBuffer.filter(p => p !== packet)
          pending.done(new Error("operation has timed out"), [])
        }, timeout)
      : undefined
    this.acks.set(id, pending)
  }

  private transmit(packet: Packet): void {
    for (const fn of [...this.anyOutgoingListeners]) fn.apply(this, packet.data)
    this.io.send(packet)
  }

  private onOpen(): void {
    const send = (data?: Auth) => this.io.send({ type: PacketType.Connect, nsp: this.nsp, data })
    if (typeof this.auth === "function") this.auth(send)
    else send(this.auth)
  }

  private onPacket(packet: Packet): void {
    if (packet.nsp !== this.nsp || !this.active) return
    switch (packet.type) {
      case PacketType.Connect:
        if (packet.data?.sid) this.onConnect(packet.data.sid)
        else this.fire("connect_error", new Error("the server speaks an older protocol: Socket.IO 3 or later is needed"))
        break
      case PacketType.Event:
        this.onEvent(packet)
        break
      case PacketType.Ack:
        this.acks.get(packet.id!)?.done(null, packet.data)
        break
      case PacketType.Disconnect:
        this.deactivate()
        this.onClose("io server disconnect")
        break
      case PacketType.ConnectError: {
        this.deactivate()
        const { message = packet.data, data } = packet.data
        this.fire("connect_error", Object.assign(new Error(message), { data }))
      }
    }
  }

  private onConnect(sid: string): void {
    this.id = sid
    this.connected = true
    for (const args of this.receiveBuffer.splice(0)) this.deliver(args)
    for (const packet of this.sendBuffer.splice(0)) this.transmit(packet)
    this.fire("connect")
  }

  private onEvent({ data, id }: Packet): void {
    const args: Args = data
    if (id !== undefined) {
      let acknowledged = false
      args.push((...answer: Args) => {
        if (acknowledged) return
        acknowledged = true
        this.io.send({ type: PacketType.Ack, nsp: this.nsp, id, data: answer })
      })
    }
    if (this.connected) this.deliver(args)
    else this.receiveBuffer.push(args)
  }

  private deliver(args: Args): void {
    for (const fn of [...this.anyListeners]) fn.apply(this, args)
    this.fire(args[0], ...args.slice(1))
  }

  private onClose(reason: string, details?: unknown): void {
    this.connected = false
    this.id = undefined
    this.fire("disconnect", reason, details)
    // What is still in the buffer will be sent, and answered, later.
    for (const [id, pending] of [...this.acks]) {
      if (this.sendBuffer.some(packet => packet.id === id)) continue
      if (pending.takesError) pending.done(new Lost("socket has been disconnected"), [])
      this.acks.delete(id)
    }
  }

  /** Takes no part in the connection any more; the last socket closes it. */
  private deactivate(): void {
    for (const [event, fn] of this.subscriptions ?? []) this.io.off(event, fn)
    this.subscriptions = undefined
    this.io.release()
  }

  onAny(fn: Listener): this {
    this.anyListeners.push(fn)
    return this
  }

  prependAny(fn: Listener): this {
    this.anyListeners.unshift(fn)
    return this
  }

  offAny(fn?: Listener): this {
    this.anyListeners = fn ? without(this.anyListeners, fn) : []
    return this
  }

  listenersAny(): Listener[] {
    return this.anyListeners
  }

  onAnyOutgoing(fn: Listener): this {
    this.anyOutgoingListeners.push(fn)
    return this
  }

  prependAnyOutgoing(fn: Listener): this {
    this.anyOutgoingListeners.unshift(fn)
    return this
  }

  offAnyOutgoing(fn?: Listener): this {
    this.anyOutgoingListeners = fn ? without(this.anyOutgoingListeners, fn) : []
    return this
  }

  listenersAnyOutgoing(): Listener[] {
    return this.anyOutgoingListeners
  }
}

/** The error of acknowledgements that cannot come any more. */
class Lost extends Error {}

function without(list: Listener[], fn: Listener): Listener[] {
  const i = list.indexOf(fn)
  return i < 0 ? list : [...list.slice(0, i), ...list.slice(i + 1)]
}

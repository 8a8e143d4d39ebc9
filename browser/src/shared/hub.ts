// A Hub is the one connection to a namespace that the pages of a host share.

import { PacketType, type Packet } from "../packet.js"

/** What a hub sees of a page. */
export interface Member {
  _post(type: "ask", nsp: string): void
  _post(type: "event", event: "packet", packet: Packet): void
}

type Data = Record<string, unknown>

/** How many acknowledgements are waited for; beyond, the oldest is given up. */
const maxAcks = 100_000

let ids = 0 // of sessions, acknowledgements: nothing has the same one

/** How the ids of pages' sessions begin. */
const session = "tab "

/** Adds to a map, and removes the oldest entry if it is full. */
function keep<V>(map: Map<number, V>, value: V): number {
  map.set(++ids, value)
  if (map.size > maxAcks) map.delete(map.keys().next().value!)
  return ids
}

export class Hub {
  /** The pages in the namespace, the newest last, each with the id of its
   * session: it takes the place of the server's, which is of no use to a page. */
  private _members = new Map<Member, string | undefined>()
  private _asked?: Member // for the auth data
  private _requested = false // the CONNECT packet is on its way
  private _sid?: string // while connected
  private _pid?: string // what recovers the connection
  private _offset?: string
  private _toPage = new Map<number, { _member: Member; _id: number }>() // acknowledgements that pages wait for
  private _toServer = new Map<number, number>() // and the server

  constructor(
    private readonly _nsp: string,
    private readonly _send: (packet: Packet) => void,
  ) {}

  _join(member: Member): void {
    if (this._members.has(member)) return
    this._members.set(member, undefined)
    if (this._sid) this._grant(member)
    else this._ask()
  }

  _leave(member: Member): void {
    if (!this._members.delete(member)) return
    if (this._asked === member) this._asked = undefined
    for (const [id, { _member }] of this._toPage) if (_member === member) this._toPage.delete(id)
    if (this._members.size) this._ask()
    else if (this._sid) this._disconnect()
  }

  /** There is a connection to the server. */
  _onOpen(): void {
    this._onClose() // what was asked before does not count
    this._ask()
  }

  /** Asks the newest page for the auth data, unless that is done already. */
  private _ask(): void {
    if (this._asked || this._requested || this._sid) return
    this._asked = [...this._members.keys()].at(-1)
    this._asked?._post("ask", this._nsp)
  }

  /** The connection to the server is gone; the pages stay. */
  _onClose(): void {
    this._asked = this._sid = undefined
    this._requested = false
    this._toPage.clear()
    this._toServer.clear()
  }

  private _disconnect(): void {
    this._send({ type: PacketType.Disconnect, nsp: this._nsp })
    this._pid = undefined
    this._onClose()
  }

  /** Takes a packet from a page. */
  _fromPage(member: Member, packet: Packet): void {
    const { type, data, id } = packet
    switch (type) {
      case PacketType.Connect:
        if (member === this._asked) this._request(data)
        break
      case PacketType.Disconnect:
        this._leave(member)
        break
      case PacketType.Event:
        // Without a connection it is lost, as what is on its way when one breaks.
        if (!this._sid || !this._members.has(member)) break
        this._send(id === undefined ? packet : { ...packet, id: keep(this._toPage, { _member: member, _id: id }) })
        break
      case PacketType.Ack: {
        const asked = this._toServer.get(id!)
        if (asked === undefined) break // another page was faster
        this._toServer.delete(id!)
        this._send({ ...packet, id: asked })
      }
    }
  }

  private _request(data?: Data): void {
    this._asked = undefined
    this._requested = true
    const { _pid: pid, _offset: offset } = this
    if (String(data?.pid).startsWith(session)) {
      const { pid: _, offset: __, ...auth } = data!
      data = auth
    }
    this._send({ type: PacketType.Connect, nsp: this._nsp, data: pid ? { pid, offset, ...data } : data })
  }

  /** Takes a packet from the server. */
  _fromServer(packet: Packet): void {
    const { type, data, id } = packet
    switch (type) {
      case PacketType.Connect:
        this._onConnect(packet)
        break
      case PacketType.Ack: {
        const to = this._toPage.get(id!)
        this._toPage.delete(id!)
        to?._member._post("event", "packet", { ...packet, id: to._id })
        break
      }
      case PacketType.Event: {
        const last = data.at(-1)
        if (id !== undefined) packet = { ...packet, id: keep(this._toServer, id) }
        else if (this._pid && data.length > 1 && typeof last === "string") this._offset = last
        this._tell(packet)
        break
      }
      default: // the end
        this._tell(packet)
        this._onClose()
        this._members.clear()
    }
  }

  private _onConnect(packet: Packet): void {
    const { sid, pid } = packet.data ?? {}
    if (!sid) return this._tell(packet) // an older protocol
    const recovered = !!pid && pid === this._pid
    this._requested = false
    this._sid = sid
    this._pid = pid
    if (!this._members.size) return this._disconnect() // they left while it was on its way
    for (const [member, known] of this._members) this._grant(member, recovered ? known : undefined)
  }

  /** Tells a page that it is connected; with the same session as before, that it has missed nothing. */
  private _grant(member: Member, pid = this._pid && session + ++ids): void {
    this._members.set(member, pid)
    member._post("event", "packet", { type: PacketType.Connect, nsp: this._nsp, data: { sid: this._sid, pid } })
  }

  private _tell(packet: Packet): void {
    for (const member of this._members.keys()) member._post("event", "packet", packet)
  }
}

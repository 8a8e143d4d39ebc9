// A SharedManager stands for a connection that another has: the worker. It
// hands the packets of this page's sockets there, and gets what comes for them.

import type { Engine } from "../engine/engine.js"
import { Manager, type Options } from "../manager.js"
import type { Packet } from "../packet.js"
import type { Socket } from "../socket.js"
import { SharedEngine } from "./engine.js"
import { Link } from "./link.js"
import { batch, type Settings, type ToPage } from "./messages.js"
import { plain, revive } from "./plain.js"
import { SharedSocket } from "./socket.js"

export class SharedManager extends Manager {
  private readonly _link: Link
  private readonly _shown = new SharedEngine()
  private _taken = 0
  private _wanted = false // the connection
  private _closing = 0 // until it has been left so often, what comes is old

  constructor(key: string, script: string | URL, settings: Settings, autoConnect?: boolean) {
    super(settings.uri, { ...settings.opts, autoConnect: false })
    this.opts.autoConnect = autoConnect
    this.engine = this._shown as unknown as Engine
    this._link = new Link(
      key,
      script,
      settings,
      message => this._receive(message),
      () => {
        this._closing = 0
        this._again("the worker has ended")
      },
    )
    addEventListener("pagehide", () => this._leave())
    addEventListener("pageshow", event => {
      if (event.persisted) this._again("the page was put away")
    })
    if (autoConnect !== false) this.open()
  }

  override open(callback?: (error?: Error) => void): this {
    if (this._state === "open") return this
    if (callback) {
      const done = (error?: Error) => {
        this.off("open", done).off("error", done)
        callback(error)
      }
      this.on("open", done).on("error", done)
    }
    this._wanted = true
    this._link._post("open")
    return this
  }

  /** Takes this page's sockets out of the connection, which the last page closes. */
  override close(): void {
    this._wanted = false
    this._leave()
    this._onEvent("close", "forced close")
  }

  private _leave(): void {
    this._closing++
    this._link._post("close")
  }

  override socket(nsp: string, opts?: Options): Socket {
    this.nsps[nsp] ??= new SharedSocket(this, nsp, opts)
    return super.socket(nsp, opts)
  }

  override _send(packet: Packet): void {
    this._link._post("packet", { ...packet, data: plain(packet.data) } as Packet)
  }

  _join(nsp: string): void {
    this._link._post("join", nsp)
  }

  private _receive(message: ToPage): void {
    if (++this._taken % batch === 0) this._link._post("taken")
    if (message[0] === "closed") this._closing--
    if (this._closing) return
    switch (message[0]) {
      case "event":
        this._onEvent(message[1], ...message.slice(2))
        break
      case "engine":
        this._shown._over(message[1], message[2])
        break
      case "ask":
        void (this.nsps[message[1]] as SharedSocket | undefined)?._answer()
        break
      case "lagging":
        this._again("the page did not keep up")
    }
  }

  private _onEvent(event: string, ...args: unknown[]): void {
    if (event === "open" && this._state === "open") return // asked for twice
    if (event === "open" || event === "close") this._state = this._shown.readyState = event === "open" ? "open" : "closed"
    if (event.endsWith("error")) args[0] = revive(args[0])
    if (event === "close") this._shown._fire(event, ...args)
    this._fire(event, ...args)
  }

  /** Connects anew: the host does not know this page any more. */
  private _again(description: string): void {
    if (!this._wanted) return
    this._taken = 0
    this._onEvent("close", "transport close", { description })
    if (this._wanted) this.open()
  }
}

// A Host has the connection that pages share: in the worker, or, where that
// cannot be, in the page itself, for this page alone.

import { Manager } from "../manager.js"
import { Hub } from "./hub.js"
import { watch } from "./locks.js"
import { batch, type Settings, type ToHost, type ToPage } from "./messages.js"
import { describe } from "./plain.js"

/** What waits for a page, in messages; beyond, it has to begin anew. */
const maxWaiting = 10_000

/** The manager's events that pages get, beside those of the connection. */
const forwarded = ["error", "reconnect_attempt", "reconnect", "reconnect_error", "reconnect_failed"] as const

class Page {
  _waiting = 0 // messages that it has not taken

  constructor(
    private readonly _port: MessagePort,
    private readonly _lags?: (page: Page) => void,
  ) {}

  _post(...message: ToPage): void {
    this._port.postMessage(message)
    if (++this._waiting === maxWaiting) this._lags?.(this)
  }
}

export class Host {
  private readonly _manager: Manager
  private readonly _pages = new Set<Page>() // that want the connection
  private readonly _hubs = new Map<string, Hub>()

  constructor({ uri, opts }: Settings) {
    const manager = (this._manager = new Manager(uri, { ...opts, autoConnect: false }))
    manager.on("open", () => {
      manager.engine!.on("upgrade", () => this._pages.forEach(page => this._show(page)))
      for (const page of this._pages) this._welcome(page)
      for (const hub of this._hubs.values()) hub._onOpen()
    })
    manager.on("close", (...args) => {
      for (const hub of this._hubs.values()) hub._onClose()
      this._tell("close", ...args)
    })
    manager.on("packet", packet => this._hubs.get(packet.nsp)?._fromServer(packet))
    for (const event of forwarded) manager.on(event, (...args: unknown[]) => this._tell(event, ...args))
  }

  /** Adds the page that it runs in. */
  _addOwn(port: MessagePort): void {
    this._listen(port, new Page(port)) // which cannot lag behind itself
  }

  /** Adds a page. It and the host know each other's end by their locks. */
  _add(port: MessagePort, theirs: string, own: string): void {
    const page = new Page(port, lagging => {
      this._remove(lagging)
      lagging._post("lagging")
    })
    this._listen(port, page)
    watch(theirs, () => this._remove(page))
    page._post("hello", own)
  }

  private _listen(port: MessagePort, page: Page): void {
    port.onmessage = ({ data }) => this._onMessage(page, data)
  }

  private _onMessage(page: Page, [type, arg]: ToHost): void {
    switch (type) {
      case "open":
        page._waiting = 0
        this._open(page)
        break
      case "close":
        this._remove(page)
        page._post("closed")
        break
      case "join":
        if (this._pages.has(page)) this._hub(arg)._join(page)
        break
      case "packet":
        this._hub(arg.nsp)._fromPage(page, arg)
        break
      case "taken":
        page._waiting -= batch
    }
  }

  private _open(page: Page): void {
    this._pages.add(page)
    if (this._manager._state === "open") this._welcome(page)
    else if (!this._manager._reconnecting) this._manager.open()
  }

  private _welcome(page: Page): void {
    this._show(page)
    page._post("event", "open")
  }

  private _show(page: Page): void {
    const { id, transport } = this._manager.engine!
    page._post("engine", id!, transport.name)
  }

  /** Takes a page out of everything; the last one closes the connection. */
  private _remove(page: Page): void {
    for (const hub of this._hubs.values()) hub._leave(page)
    if (this._pages.delete(page) && !this._pages.size) this._manager.close()
  }

  private _hub(nsp: string): Hub {
    let hub = this._hubs.get(nsp)
    if (!hub) this._hubs.set(nsp, (hub = new Hub(nsp, packet => this._manager._send(packet))))
    return hub
  }

  private _tell(event: string, ...args: unknown[]): void {
    for (const page of this._pages) page._post("event", event, ...args.map(describe))
  }
}

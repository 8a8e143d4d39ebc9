// What a page sees of the connection that the worker has.

import { Emitter } from "../emitter.js"

/** Events: "upgrade" (transport), "close" (reason, details). */
export class SharedEngine extends Emitter {
  id?: string
  readyState: "open" | "closed" = "closed"
  transport = { name: "", writable: true }

  /** Notes what the connection goes over. */
  _over(id: string, name: string): void {
    const upgraded = this.id === id && this.transport.name !== name
    this.id = id
    this.transport = { name, writable: true }
    if (upgraded) this._fire("upgrade", this.transport)
  }

  _expired(): boolean {
    return false
  }
}

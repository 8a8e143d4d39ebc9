// Listeners for whatever event comes in, and for whatever goes out.

import { Emitter, without } from "./emitter.js"
import type { EventsMap, Listener } from "./events.js"

export class CatchAll<Own extends EventsMap, Reserved extends EventsMap> extends Emitter<Own, Reserved> {
  protected _incoming: Listener[] = []
  protected _outgoing: Listener[] = []

  /** Adds a listener for all events from the server: it gets the name and the arguments. */
  onAny(fn: Listener): this {
    this._incoming = [...this._incoming, fn]
    return this
  }

  /** Adds one that is called before the others. */
  prependAny(fn: Listener): this {
    this._incoming = [fn, ...this._incoming]
    return this
  }

  /** Removes one, or, if none is named, all. */
  offAny(fn?: Listener): this {
    this._incoming = without(this._incoming, fn)
    return this
  }

  listenersAny(): Listener[] {
    return this._incoming
  }

  /** Adds a listener for all events to the server, called when they are really sent. */
  onAnyOutgoing(fn: Listener): this {
    this._outgoing = [...this._outgoing, fn]
    return this
  }

  /** Adds one that is called before the others. */
  prependAnyOutgoing(fn: Listener): this {
    this._outgoing = [fn, ...this._outgoing]
    return this
  }

  /** Removes one, or, if none is named, all. */
  offAnyOutgoing(fn?: Listener): this {
    this._outgoing = without(this._outgoing, fn)
    return this
  }

  listenersAnyOutgoing(): Listener[] {
    return this._outgoing
  }
}

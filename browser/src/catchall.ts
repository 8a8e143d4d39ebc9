// Listeners for whatever event comes in, and for whatever goes out.

import { Emitter, without, type Listener } from "./emitter.js"

export class CatchAll extends Emitter {
  protected _incoming: Listener[] = []
  protected _outgoing: Listener[] = []

  /** Adds a listener for all events from the server: it gets the name and the arguments. */
  onAny(fn: Listener): this {
    this._incoming = [...this._incoming, fn]
    return this
  }

  prependAny(fn: Listener): this {
    this._incoming = [fn, ...this._incoming]
    return this
  }

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

  prependAnyOutgoing(fn: Listener): this {
    this._outgoing = [fn, ...this._outgoing]
    return this
  }

  offAnyOutgoing(fn?: Listener): this {
    this._outgoing = without(this._outgoing, fn)
    return this
  }

  listenersAnyOutgoing(): Listener[] {
    return this._outgoing
  }
}

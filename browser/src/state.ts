// How a socket is, and who is told when that changes. It is no event, as the
// names of those are the application's.

import { CatchAll } from "./catchall.js"
import { call, without } from "./emitter.js"
import type { EventsMap } from "./events.js"
import type { SocketState } from "./types.js"

export abstract class Stateful<Own extends EventsMap, Reserved extends EventsMap> extends CatchAll<Own, Reserved> {
  private _told: SocketState = "disconnected" // to the watchers
  private _watchers: ((state: SocketState) => void)[] = []

  abstract get state(): SocketState

  /** Has a listener called with the state at each change. Returns a function that ends that. */
  onState(fn: (state: SocketState) => void): () => void {
    this._watchers = [...this._watchers, fn]
    return () => {
      this._watchers = without(this._watchers, fn)
    }
  }

  /** Tells the state to its watchers, if it is another. */
  _notify(): void {
    const { state } = this
    if (state === this._told) return
    this._told = state
    for (const fn of this._watchers) call(fn, this, [state])
  }
}

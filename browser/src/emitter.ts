// A small event emitter with the methods that Socket.IO's users know.
//
// Here and elsewhere, names that begin with _ are the library's own: the bundler
// shortens them.

import type { DefaultEventsMap, EventListener, EventNames, EventsMap, Listener } from "./events.js"

interface Once extends Listener {
  _fn?: Listener // what once() wraps
}

/** Calls a listener. What it throws is reported as uncaught, and stops nothing else. */
export function call(fn: Listener, self: unknown, args: unknown[]): void {
  try {
    fn.apply(self, args)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}

/** Returns the list without one listener, or, if none is named, an empty list.
 * It is a new list, so that one that is being walked stays as it is. */
export function without<T extends Listener>(list: T[], fn?: Listener): T[] {
  const i = fn ? list.findIndex((l: Once) => l === fn || l._fn === fn) : -1
  return fn ? list.filter((_, at) => at !== i) : []
}

/** The type parameters are the events of the application, and those of the library. */
export class Emitter<Own extends EventsMap = DefaultEventsMap, Reserved extends EventsMap = {}> {
  private _callbacks = new Map<string, Listener[]>() // 1 and "1" are the same name

  /** Adds a listener. */
  on<Ev extends EventNames<Own> | EventNames<Reserved>>(event: Ev, fn: EventListener<Own, Reserved, Ev>): this {
    this._callbacks.set("" + event, [...this._of(event), fn as Listener])
    return this
  }

  /** Adds a listener for the next such event only. */
  once<Ev extends EventNames<Own> | EventNames<Reserved>>(event: Ev, fn: EventListener<Own, Reserved, Ev>): this {
    const wrapped: Once = (...args) => {
      this.off(event, wrapped as typeof fn)
      ;(fn as Listener).apply(this, args)
    }
    wrapped._fn = fn as Listener
    return this.on(event, wrapped as typeof fn)
  }

  /** Removes one listener, all of an event, or, without arguments, all. */
  off<Ev extends EventNames<Own> | EventNames<Reserved>>(event?: Ev, fn?: EventListener<Own, Reserved, Ev>): this {
    if (event === undefined) this._callbacks.clear()
    else this._callbacks.set("" + event, without(this._of(event), fn as Listener))
    return this
  }

  /** Calls the listeners of an event. */
  _fire(event: string | number, ...args: unknown[]): void {
    for (const fn of this._of(event)) call(fn, this, args)
  }

  private _of(event: string | number): Listener[] {
    return this._callbacks.get("" + event) ?? []
  }

  /** Returns the listeners of an event. */
  listeners<Ev extends EventNames<Own> | EventNames<Reserved>>(event: Ev): EventListener<Own, Reserved, Ev>[] {
    return this._of(event) as EventListener<Own, Reserved, Ev>[]
  }

  hasListeners(event: EventNames<Own> | EventNames<Reserved>): boolean {
    return this._of(event).length > 0
  }

  /** The same as on. */
  addEventListener<Ev extends EventNames<Own> | EventNames<Reserved>>(event: Ev, fn: EventListener<Own, Reserved, Ev>): this {
    return this.on(event, fn)
  }

  /** The same as off. */
  removeListener<Ev extends EventNames<Own> | EventNames<Reserved>>(event?: Ev, fn?: EventListener<Own, Reserved, Ev>): this {
    return this.off(event, fn)
  }

  /** The same as off. */
  removeEventListener<Ev extends EventNames<Own> | EventNames<Reserved>>(event?: Ev, fn?: EventListener<Own, Reserved, Ev>): this {
    return this.off(event, fn)
  }

  /** Removes all listeners of an event, or all. */
  removeAllListeners(event?: EventNames<Own> | EventNames<Reserved>): this {
    return this.off(event)
  }
}

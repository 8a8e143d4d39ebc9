// A small event emitter with the methods that Socket.IO's users know.
//
// Here and elsewhere, names that begin with _ are the library's own: the bundler
// shortens them.

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Listener = (...args: any[]) => void

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
export function without(list: Listener[], fn?: Listener): Listener[] {
  const i = fn ? list.findIndex((l: Once) => l === fn || l._fn === fn) : -1
  return fn ? list.filter((_, at) => at !== i) : []
}

export class Emitter {
  private _callbacks = new Map<string, Listener[]>() // 1 and "1" are the same name

  on(event: string | number, fn: Listener): this {
    this._callbacks.set("" + event, [...this.listeners(event), fn])
    return this
  }

  once(event: string | number, fn: Listener): this {
    const wrapped: Once = (...args) => {
      this.off(event, wrapped)
      fn.apply(this, args)
    }
    wrapped._fn = fn
    return this.on(event, wrapped)
  }

  /** Removes one listener, all of an event, or, without arguments, all. */
  off(event?: string | number, fn?: Listener): this {
    if (event === undefined) this._callbacks.clear()
    else this._callbacks.set("" + event, without(this.listeners(event), fn))
    return this
  }

  /** Calls the listeners of an event. */
  _fire(event: string | number, ...args: unknown[]): void {
    for (const fn of this.listeners(event)) call(fn, this, args)
  }

  listeners(event: string | number): Listener[] {
    return this._callbacks.get("" + event) ?? []
  }

  hasListeners(event: string | number): boolean {
    return this.listeners(event).length > 0
  }

  addEventListener(event: string | number, fn: Listener): this {
    return this.on(event, fn)
  }

  removeListener(event?: string | number, fn?: Listener): this {
    return this.off(event, fn)
  }

  removeEventListener(event?: string | number, fn?: Listener): this {
    return this.off(event, fn)
  }

  removeAllListeners(event?: string | number): this {
    return this.off(event)
  }
}

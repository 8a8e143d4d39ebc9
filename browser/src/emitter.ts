// A small event emitter with the methods that Socket.IO's users know.

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Listener = (...args: any[]) => void

interface Once extends Listener {
  fn?: Listener // what once() wraps
}

export class Emitter {
  private callbacks = new Map<string | number, Once[]>()

  on(event: string | number, fn: Listener): this {
    const list = this.callbacks.get(event)
    if (list) list.push(fn)
    else this.callbacks.set(event, [fn])
    return this
  }

  once(event: string | number, fn: Listener): this {
    const wrapped: Once = (...args) => {
      this.off(event, wrapped)
      fn.apply(this, args)
    }
    wrapped.fn = fn
    return this.on(event, wrapped)
  }

  /** Removes one listener, all of an event, or, without arguments, all. */
  off(event?: string | number, fn?: Listener): this {
    if (event === undefined) {
      this.callbacks.clear()
    } else if (!fn) {
      this.callbacks.delete(event)
    } else {
      const list = this.callbacks.get(event) ?? []
      const i = list.findIndex(l => l === fn || l.fn === fn)
      if (i >= 0) {
        // A new list, so that one that is being walked stays as it is.
        const rest = [...list.slice(0, i), ...list.slice(i + 1)]
        if (rest.length) this.callbacks.set(event, rest)
        else this.callbacks.delete(event)
      }
    }
    return this
  }

  /** Calls the listeners of an event. Subclasses send events by emit(). */
  protected fire(event: string | number, ...args: unknown[]): void {
    for (const fn of [...(this.callbacks.get(event) ?? [])]) fn.apply(this, args)
  }

  listeners(event: string | number): Listener[] {
    return [...(this.callbacks.get(event) ?? [])]
  }

  hasListeners(event: string | number): boolean {
    return this.callbacks.has(event)
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

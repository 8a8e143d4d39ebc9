// Typists knows who is typing. Somebody of whom nothing is heard for a while
// has stopped, as the word that they did may be lost.
export class Typists {
  #timers = new Map()
  #changed

  constructor(changed) {
    this.#changed = changed
  }

  set(name, on) {
    if (!on && !this.#timers.has(name)) return
    clearTimeout(this.#timers.get(name))
    if (on) this.#timers.set(name, setTimeout(() => this.set(name, false), 5000))
    else this.#timers.delete(name)
    this.#changed([...this.#timers.keys()])
  }

  clear() {
    for (const name of [...this.#timers.keys()]) this.set(name, false)
  }
}

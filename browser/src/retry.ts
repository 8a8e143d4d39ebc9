// The queue of a socket with the option "retries": one event is under way at a
// time, and is sent again until it is acknowledged or the tries are used up.

import type { Answer } from "./acks.js"

interface Entry {
  _send: (answer: Answer) => void
  _answer?: Answer
  _tries: number
  _pending: boolean
}

export class RetryQueue {
  _entries: Entry[] = []

  constructor(
    private readonly _retries: number,
    private readonly _ready: () => boolean, // whether the socket is connected
  ) {}

  /** Adds an event: send sends it, each time it is called. */
  _add(send: Entry["_send"], answer?: Answer): void {
    this._entries.push({ _send: send, _answer: answer, _tries: 0, _pending: false })
    this._drain()
  }

  /** Sends the first event, unless it is under way; after a new connection in any case. */
  _drain(force = false): void {
    const entry = this._entries[0]
    if (!this._ready() || !entry || (entry._pending && !force)) return
    entry._pending = true
    entry._tries++
    entry._send((error, ...args) => {
      if (entry !== this._entries[0]) return
      entry._pending = false
      if (!error || entry._tries > this._retries) {
        this._entries.shift()
        entry._answer?.(error, ...args)
      }
      this._drain()
    })
  }
}

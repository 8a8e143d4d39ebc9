// The acknowledgements that a socket waits for.

import type { Packet } from "./parser.js"
import { timer, type TimerOptions } from "./timer.js"

/** What gets an acknowledgement: an error, or null and the arguments. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Answer = (error: Error | null, ...args: any[]) => void

export class Acks {
  private _ids = 0
  private _waiting = new Map<number, Answer>()

  /** Returns the id for a packet that is to be acknowledged, and calls expired
   * if that does not come in time. */
  _expect(answer: Answer, opts: Partial<TimerOptions>, timeout: number | undefined, expired: () => void): number {
    const id = this._ids++
    const settle: Answer = (...result) => {
      cancel?.()
      this._waiting.delete(id)
      answer(...result)
    }
    const expire = () => {
      expired()
      settle(new Error("operation has timed out"))
    }
    const cancel = timeout === undefined ? undefined : timer(opts, expire, timeout)
    this._waiting.set(id, settle)
    return id
  }

  _settle(id: number, args: unknown[]): void {
    this._waiting.get(id)?.(null, ...args)
  }

  /** Waits for nothing any more, as the connection is lost, but for the packets
   * that will be sent, and acknowledged, later. */
  _giveUp(buffered: Packet[]): void {
    const kept = new Set(buffered.map(packet => packet.id))
    for (const [id, settle] of [...this._waiting]) {
      if (!kept.has(id)) settle(new Error("socket has been disconnected"))
    }
  }
}

// A page's socket: the ordinary one, but for how it comes into the namespace.

import { PacketType } from "../packet.js"
import { Socket } from "../socket.js"
import type { SharedManager } from "./manager.js"

export class SharedSocket extends Socket {
  declare readonly io: SharedManager

  /** Joins the pages in the namespace, one of which is asked for its auth data. */
  protected override _onOpen(): void {
    this.io._join(this.nsp)
  }

  /** Sends what the namespace needs, as this page is asked. */
  _answer(): void {
    if (this.active) super._onOpen()
  }

  override disconnect(): this {
    if (!this.connected) this.io._send({ type: PacketType.Disconnect, nsp: this.nsp }) // it may have joined
    return super.disconnect()
  }
}

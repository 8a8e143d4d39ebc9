// The move from polling to a better transport, while packets flow:
//
//   new transport                 polling
//   probe ping  →
//               ←  probe pong     pause: requests under way are waited for
//   upgrade     →                 over; everything goes over the new transport

import { Type, type Packet } from "./packet.js"
import type { Engine } from "./engine.js"
import type { Polling } from "./polling.js"

/** Tries a transport beside the one in use. Failure changes nothing. Returns a
 * function that gives the try up, for when the connection closes. */
export function probe(engine: Engine, polling: Polling, name: string): () => void {
  const candidate = engine._create(name)
  let pausing = false
  let over = false

  const abort = () => {
    if (over) return
    over = true
    candidate.off()._close()
  }

  const fail = (reason: unknown) => {
    abort()
    if (pausing) {
      engine.upgrading = false
      polling._resume()
    }
    engine._fire("upgradeError", Object.assign(new Error("probe error: " + reason), { transport: name }))
    engine._flush()
  }

  const takeOver = () => {
    if (over) return
    over = true
    engine._setTransport(candidate.off())
    candidate._send([{ type: Type.Upgrade }])
    engine.upgrading = false
    engine._fire("upgrade", candidate)
    engine._flush()
  }

  candidate.on("open", () => candidate._send([{ type: Type.Ping, data: "probe" }]))
  candidate.on("packet", (packet?: Packet) => {
    // There is nothing else before the upgrade, and one upgrade only.
    if (packet?.type !== Type.Pong || packet.data !== "probe" || engine.upgrading || engine.readyState !== "open") {
      fail("not wanted")
      return
    }
    engine.upgrading = pausing = true
    engine._fire("upgrading", candidate)
    polling._pause(takeOver)
  })
  candidate.on("error", error => fail(error.message))
  candidate.on("close", () => fail("transport closed"))
  candidate._open()

  return abort
}

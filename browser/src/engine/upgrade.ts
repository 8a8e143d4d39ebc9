// The move from polling to a better transport, while packets flow:
//
//   new transport                 polling
//   probe ping  →
//               ←  probe pong     pause: requests under way are waited for
//   upgrade     →                 closed; everything goes over the new transport

import { Type, type Packet } from "./packet.js"
import type { Engine } from "./engine.js"
import type { Polling } from "./polling.js"

export interface Upgrade {
  abort(): void
}

/** Tries a transport beside the one in use. Failure changes nothing. */
export function probe(engine: Engine, polling: Polling, name: string): Upgrade {
  const candidate = engine.create(name)
  let over = false

  const fail = (error: unknown) => {
    if (over) return
    over = true
    const paused = engine.upgrading
    engine.upgrading = false
    candidate.off().close()
    if (engine.state === "closed") return
    if (paused) polling.resume()
    announce("upgradeError", error)
    engine.flush()
  }

  const announce = (event: string, argument: unknown) => {
    // Engine's events are its own to fire, but for these.
    ;(engine as unknown as { fire(e: string, a: unknown): void }).fire(event, argument)
  }

  const takeOver = () => {
    if (over || engine.state === "closed") return
    over = true
    candidate.off()
    engine.setTransport(candidate)
    candidate.send([{ type: Type.Upgrade }])
    engine.upgrading = false
    announce("upgrade", candidate)
    engine.flush()
  }

  candidate.on("open", () => candidate.send([{ type: Type.Ping, data: "probe" }]))
  candidate.on("packet", (packet?: Packet) => {
    if (packet?.type !== Type.Pong || packet.data !== "probe" || engine.upgrading || engine.state !== "open") {
      fail(new Error("probe error"))
      return
    }
    engine.upgrading = true
    announce("upgrading", candidate)
    polling.pause(takeOver)
  })
  candidate.on("error", error => fail(new Error("probe error: " + (error?.message ?? error))))
  candidate.on("close", () => fail(new Error("probe error: transport closed")))
  candidate.open()

  return {
    abort() {
      if (over) return
      over = true
      candidate.off().close()
    },
  }
}

// A Link is a page's way to its host: the worker of that name, or one of its
// own where there can be no worker.

import { Host } from "./host.js"
import { hold, watch } from "./locks.js"
import { workerName, type Settings, type ToHost, type ToPage } from "./messages.js"

/** Milliseconds that a worker may take to start. */
const patience = 5000

/** The lock of this page. */
let lock: Promise<string> | undefined

export class Link {
  private _port?: MessagePort // once there is an answer
  private _early: ToHost[] = []

  constructor(
    private readonly _key: string,
    private readonly _script: string | URL,
    private readonly _settings: Settings,
    private readonly _receive: (message: ToPage) => void,
    private readonly _lost: () => void, // the host has ended, and all that was said is void
  ) {
    void this._start()
  }

  _post(...message: ToHost): void {
    if (this._port) this._port.postMessage(message)
    else this._early.push(message)
  }

  private async _start(): Promise<void> {
    const port = await this._worker().catch(() => this._local())
    port.onmessage = ({ data }) => this._receive(data)
    this._port = port
    for (const message of this._early.splice(0)) port.postMessage(message)
  }

  /** Rejects if there is no worker, it cannot be reached, or the settings cannot. */
  private async _worker(): Promise<MessagePort> {
    const hello: ToHost = ["hello", this._settings, await (lock ??= hold())]
    const { port, theirs } = await new Promise<{ port: MessagePort; theirs: string }>((resolve, reject) => {
      const worker = new SharedWorker(this._script, { type: "module", name: workerName(this._key) })
      const { port } = worker
      const timer = setTimeout(reject, patience)
      worker.onerror = reject
      port.onmessage = ({ data: [, theirs] }) => {
        clearTimeout(timer)
        resolve({ port, theirs })
      }
      port.postMessage(hello)
    })
    watch(theirs, () => {
      this._port = undefined
      this._lost()
      void this._start()
    })
    return port
  }

  private _local(): MessagePort {
    const { port1, port2 } = new MessageChannel()
    new Host(this._settings)._addOwn(port2)
    return port1
  }
}

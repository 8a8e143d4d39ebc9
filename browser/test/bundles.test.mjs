// The files as they are loaded: by a script tag, require() and AMD loaders.

import assert from "node:assert/strict"
import { createRequire } from "node:module"
import vm from "node:vm"
import { dist, test } from "./support.mjs"

for (const name of ["socket.io.js", "socket.io.min.js"]) {
  test(`${name} as a script, a module, and for a loader`, async () => {
    const check = io => {
      assert.deepEqual([typeof io, io.protocol, typeof io.Manager, typeof io.Socket, typeof io.io, typeof io.connect], ["function", 5, ...Array(4).fill("function")])
    }
    const code = await dist(name)
    const page = vm.createContext({})
    vm.runInContext(code, page)
    check(page.io)
    assert.deepEqual(Object.keys(page), ["io"], "one global name")

    const required = createRequire(import.meta.url)("../dist/" + name)
    check(required)

    const define = Object.assign(factory => check(factory()), { amd: {} })
    const loader = vm.createContext({ define })
    vm.runInContext(code, loader)
    assert.equal(loader.io, undefined)
  })
}

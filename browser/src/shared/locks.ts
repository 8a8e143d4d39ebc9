// A lock is held as long as a page or worker lives, and whoever waits for it
// learns exactly when that ends, without pings.

/** Takes a lock that nobody else has, for good, and returns its name. Rejects
 * where there are no locks: in pages that are not secure, or without an origin. */
export function hold(): Promise<string> {
  return new Promise((resolve, reject) => {
    const name = crypto.randomUUID()
    navigator.locks
      .request(name, () => {
        resolve(name)
        return new Promise(() => {})
      })
      .catch(reject)
  })
}

/** Calls fn when the holder of a lock has ended. */
export function watch(name: string, fn: () => void): void {
  void navigator.locks.request(name, fn)
}

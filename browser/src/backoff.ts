// The delay before an attempt to connect: doubling, with jitter, capped.

/**
 * Returns the delay in milliseconds before attempt 0, 1, …; jitter, 0 to 1, is
 * the share by which it may differ. The cap comes last.
 */
export function backoff(attempt: number, min: number, max: number, jitter: number): number {
  let ms = min * 2 ** attempt
  if (jitter) {
    const random = Math.random()
    const deviation = Math.floor(random * jitter * ms)
    ms += Math.floor(random * 10) % 2 ? deviation : -deviation
  }
  return Math.trunc(Math.min(ms, max))
}

// The delays between attempts to connect: doubling, with jitter, capped.

export class Backoff {
  attempts = 0

  constructor(
    public min: number,
    public max: number,
    public jitter: number, // 0 to 1: the share by which a delay may differ
  ) {}

  /** Returns the next delay in milliseconds, and counts an attempt. */
  next(): number {
    let ms = this.min * 2 ** this.attempts++
    if (this.jitter) {
      const random = Math.random()
      const deviation = Math.floor(random * this.jitter * ms)
      ms += Math.floor(random * 10) % 2 ? deviation : -deviation
    }
    return Math.floor(Math.min(ms, this.max))
  }

  reset(): void {
    this.attempts = 0
  }
}

// Timers, of which the options say how they are made.

export interface TimerOptions {
  /** Uses the timer functions as they were when the client was loaded, also when tests have since replaced them. Default false. */
  useNativeTimers: boolean
  /** Node: lets the process end although a connection lasts. Default false. */
  autoUnref: boolean
}

const native = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout }

/** Calls fn after so many milliseconds. Returns a function that prevents it. */
export function timer({ useNativeTimers, autoUnref }: Partial<TimerOptions>, fn: () => void, ms = 0): () => void {
  // Not called as methods, which browsers take for misuse.
  const { setTimeout, clearTimeout } = useNativeTimers ? native : globalThis
  const id = setTimeout(fn, ms) as unknown
  if (autoUnref) (id as { unref?: () => void }).unref?.()
  return () => clearTimeout(id as number)
}

// What can go through a port, and comes out as if it had been sent as JSON.

/** Returns what JSON would make of a value, but with its binary values as they are. */
export function plain(value: unknown): unknown {
  if (typeof value === "function" || typeof value === "symbol") return undefined
  if (typeof value !== "object" || value === null) return value
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value) || value instanceof Blob) return value
  const { toJSON } = value as { toJSON?: unknown }
  if (typeof toJSON === "function") return plain(toJSON.call(value))
  if (Array.isArray(value)) return value.map(plain)
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, plain(v)]))
}

/** Returns what is known of an error, which a port would shorten to its message. */
export const describe = (value: unknown): unknown => plain(value instanceof Error ? { ...value, message: value.message } : value)

/** Makes an error of its description. */
export const revive = (description: unknown): Error => Object.assign(new Error(), description)

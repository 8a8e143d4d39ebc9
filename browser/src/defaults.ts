// What a build of the client brings along. Its entry says so, and nothing that
// it does not name becomes part of the bundle.

import type { TransportClass } from "./engine/transport.js"
import type { Cookies } from "./node/cookies.js"
import type { Parser } from "./parser.js"

export const defaults = {} as {
  /** The transports by name, in the order in which they are used. */
  _transports: Record<string, TransportClass>
  _parser: Parser
  /** Makes what keeps the cookies of a manager. */
  _cookies?: () => Cookies
}

// The cookies that a server has set on a connection, for the option withCredentials.

interface Cookie {
  _value: string
  _expires: number // milliseconds since 1970
}

export class Cookies {
  private _cookies = new Map<string, Cookie>()

  /** Takes the Set-Cookie headers of an answer. Where cookies are for does not count: there is one server, and one path. */
  _set(headers: string[] = []): void {
    for (const header of headers) {
      const [pair, ...attributes] = header.split(";")
      const at = pair.indexOf("=")
      const name = pair.slice(0, at).trim()
      if (at < 1 || !name) continue
      let expires = Infinity
      for (const attribute of attributes) {
        const [key, value = ""] = attribute.split("=").map(part => part.trim())
        // Max-Age wins over Expires, whatever their order.
        if (/^max-age$/i.test(key) && /^-?\d+$/.test(value)) {
          expires = +value > 0 ? Date.now() + +value * 1000 : 0
          break
        }
        if (/^expires$/i.test(key) && !isNaN(Date.parse(value))) expires = Date.parse(value)
      }
      this._cookies.set(name, { _value: pair.slice(at + 1).trim(), _expires: expires })
    }
  }

  /** Returns the Cookie header, "" if there is none to send. */
  _header(): string {
    for (const [name, { _expires }] of this._cookies) if (_expires <= Date.now()) this._cookies.delete(name)
    return [...this._cookies].map(([name, { _value }]) => `${name}=${_value}`).join("; ")
  }
}

// What is used of Node, so that nothing has to be installed to check types.

declare module "node:http" {
  import type { Socket } from "node:net"

  export interface IncomingMessage {
    statusCode: number
    headers: Record<string, string | undefined> & { "set-cookie"?: string[] }
    setEncoding(encoding: string): void
    on(event: "data", fn: (chunk: string) => void): this
    on(event: "end" | "close" | "aborted", fn: () => void): this
    on(event: "error", fn: (error: Error) => void): this
    resume(): this
  }
  export interface ClientRequest {
    on(event: "response", fn: (response: IncomingMessage) => void): this
    on(event: "upgrade", fn: (response: IncomingMessage, socket: Socket, head: Uint8Array) => void): this
    on(event: "socket", fn: (socket: Socket) => void): this
    on(event: "error", fn: (error: Error) => void): this
    end(body?: string): void
    destroy(error?: Error): void
  }
  export function request(url: URL, options: object): ClientRequest
}

declare module "node:https" {
  export { request } from "node:http"
}

declare module "node:net" {
  export interface Socket {
    on(event: "data", fn: (chunk: Uint8Array) => void): this
    on(event: "end" | "close", fn: () => void): this
    on(event: "error", fn: (error: Error) => void): this
    write(data: Uint8Array): boolean
    end(): void
    destroy(error?: Error): void
    unref(): void
    cork(): void
    uncork(): void
    setNoDelay(on: boolean): void
    setTimeout(ms: number): void
  }
}

declare module "node:crypto" {
  export function randomBytes(n: number): Uint8Array
  export function createHash(algorithm: string): { update(text: string): { digest(encoding: string): string } }
}

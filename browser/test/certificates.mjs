// An authority, and certificates of it for a server on this machine and for a
// client, made anew by each run.

import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const dir = mkdtempSync(join(tmpdir(), "certificates-"))
const openssl = (...args) => execFileSync("openssl", args, { cwd: dir, stdio: ["ignore", "ignore", "pipe"] })
const read = name => readFileSync(join(dir, name))
const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]

openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.crt", "-subj", "/CN=authority", "-days", "2")
function certificate(name, alternative) {
  openssl("req", ...key, "-keyout", name + ".key", "-out", name + ".csr", "-subj", "/CN=" + name)
  writeFileSync(join(dir, name + ".ext"), "subjectAltName=" + alternative)
  openssl("x509", "-req", "-in", name + ".csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", name + ".ext", "-out", name + ".crt")
  return { key: read(name + ".key"), cert: read(name + ".crt") }
}

export const server = certificate("server", "DNS:localhost,IP:127.0.0.1")
export const client = certificate("client", "DNS:client")
export const authority = read("ca.crt")
rmSync(dir, { recursive: true })

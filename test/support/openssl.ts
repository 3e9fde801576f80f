import { execFileSync } from 'node:child_process'

/** Runs OpenSSL to its end. Its password is test data, and may be in argv. */
export function openssl(args: readonly string[], input?: Buffer): Buffer {
  return execFileSync('openssl', args, {
    input,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

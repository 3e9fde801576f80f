import { scryptSync as opensslScrypt } from 'node:crypto'
import { scrypt, scryptSync } from 'ethers'
import { soak } from './tools.js'

/**
 * Has ethers derive keys by OpenSSL, since its own scrypt takes many seconds at
 * geth's cost. In the soak it keeps its own; npm test has ox's at that cost.
 */
export function quickenEthers(): void {
  if (soak) return
  const derive = (
    password: Uint8Array,
    salt: Uint8Array,
    ...[N, r, p, length]: [number, number, number, number]
  ) => opensslScrypt(password, salt, length, { N, r, p, maxmem: 2 ** 30 })
  scryptSync.register(derive)
  scrypt.register(async (password, salt, N, r, p, length) =>
    derive(password, salt, N, r, p, length),
  )
}

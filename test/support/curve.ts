import { createECDH, randomBytes } from 'node:crypto'

/** Order of secp256k1. */
export const order =
  0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** k times the generator, 65 bytes, by OpenSSL: core computes none itself. */
export function multiply(k: bigint): Buffer {
  const ecdh = createECDH('secp256k1')
  ecdh.setPrivateKey(toBytes(k))
  return ecdh.getPublicKey()
}

/** 1..n-1. */
export function randomScalar(): bigint {
  for (;;) {
    const value = toBigInt(randomBytes(32))
    if (value > 0n && value < order) return value
  }
}

export function invert(value: bigint): bigint {
  let [a, b] = [mod(value), order]
  let [x, y] = [1n, 0n]
  while (b !== 0n) {
    const quotient = a / b
    ;[a, b] = [b, a % b]
    ;[x, y] = [y, x - quotient * y]
  }
  return mod(x)
}

export function mod(value: bigint): bigint {
  const rest = value % order
  return rest < 0n ? rest + order : rest
}

export function toBytes(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex')
}

export function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x0${Buffer.from(bytes).toString('hex')}`)
}

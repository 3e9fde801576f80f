import { createHash, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  invert,
  mod,
  multiply,
  order,
  randomScalar,
  toBigInt,
} from '../../../test/support/curve.js'
import wycheproof from '../../../test/vectors/wycheproof.ecdsa_secp256k1_sha256_test.json' with {
  type: 'json',
}
import { findYParity } from './findYParity.js'
import { loadEngine, recoverPublicKey } from './recoverPublicKey.js'
import * as Signature from './Signature.js'

const engine = await loadEngine()
const hex = (text: string) => Buffer.from(text, 'hex')

/** The parity by which recovery yields the key: both are tried. */
function search(digest: Buffer, signature: Signature.Signature, key: Buffer) {
  return ([0, 1] as const).find((yParity) => {
    const recovered = { ...signature, yParity }
    const point = recoverPublicKey(engine, digest, recovered)
    return point !== undefined && key.equals(point)
  })
}

test("gives the same result as trying both parities for Wycheproof's signatures", () => {
  const seen = { 0: 0, 1: 0, none: 0 }
  for (const { publicKey, tests } of wycheproof.testGroups)
    for (const { tcId, msg, sig } of tests) {
      const key = hex(publicKey.uncompressed)
      const digest = createHash('sha256').update(hex(msg)).digest()
      let signature: Signature.Signature
      try {
        signature = Signature.toLowS(Signature.fromDer(hex(sig)))
      } catch {
        continue
      }
      const yParity = findYParity(engine, digest, signature, key)
      expect([tcId, yParity]).toEqual([tcId, search(digest, signature, key)])
      seen[yParity ?? 'none']++
    }
  expect(seen).toMatchInlineSnapshot(`
    {
      "0": 69,
      "1": 97,
      "none": 24,
    }
  `)
})

test('signatures by random keys, and values close to them', () => {
  for (let i = 0; i < 200; i++) {
    const [d, k] = [randomScalar(), randomScalar()]
    // A digest of n and above counts as what is left of it.
    const digest = i % 4 === 0 ? Buffer.alloc(32, 0xff) : randomBytes(32)
    const key = multiply(d)
    const point = multiply(k)
    const r = mod(toBigInt(point.subarray(1, 33)))
    const s = mod(invert(k) * (toBigInt(digest) + r * d))
    const parity = ((point[64] ?? 0) % 2) as 0 | 1
    const find = (r: bigint, s: bigint, of = key, bytes = digest) =>
      findYParity(engine, bytes, { r, s }, of)
    expect(find(r, s)).toBe(parity)
    expect(find(r, order - s)).toBe(1 - parity)
    expect(find(r + 1n, s)).toBeUndefined()
    expect(find(r, mod(s + 1n))).toBeUndefined()
    expect(find(r, s, multiply(mod(d + 1n)))).toBeUndefined()
    expect(find(r, s, key, Buffer.alloc(32, 1))).toBeUndefined()
  }
})

test('digests of 0 and n are signed like others', () => {
  const [d, k] = [3n, 5n]
  const point = multiply(k)
  const r = toBigInt(point.subarray(1, 33))
  for (const text of ['', order.toString(16)]) {
    const digest = hex(text.padStart(64, '0'))
    const s = mod(invert(k) * r * d)
    expect(findYParity(engine, digest, { r, s }, multiply(d))).toBe(
      search(digest, { r, s }, multiply(d)),
    )
  }
})

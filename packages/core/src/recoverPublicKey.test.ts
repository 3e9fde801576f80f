import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  invert,
  mod,
  multiply,
  order,
  toBigInt,
} from '../../../test/support/curve.js'
import { createMemoryKey } from '../../../test/support/memoryKeyService.js'
import wycheproof from '../../../test/vectors/wycheproof.ecdsa_secp256k1_sha256_test.json' with {
  type: 'json',
}
import * as Digest from './digest/index.js'
import { loadEngine, recoverPublicKey } from './recoverPublicKey.js'
import * as Signature from './Signature.js'
import * as SigningKey from './SigningKey.js'

const hex = (text: string) => Buffer.from(text, 'hex')

/** True when one of both recovery ids yields the key. */
async function isBy(point: Buffer, digest: Buffer, der: Buffer) {
  const engine = await loadEngine()
  const signature = Signature.toLowS(Signature.fromDer(der))
  return ([0, 1] as const).some((yParity) => {
    const recovered = recoverPublicKey(engine, digest, {
      ...signature,
      yParity,
    })
    return recovered !== undefined && point.equals(recovered)
  })
}

test("recovery agrees with verification for Wycheproof's signatures", async () => {
  const wrong: [number, string, string][] = []
  let judged = 0
  for (const { publicKey, tests } of wycheproof.testGroups)
    for (const { tcId, msg, sig, result, comment } of tests) {
      const digest = createHash('sha256').update(hex(msg)).digest()
      const verdict = await isBy(
        hex(publicKey.uncompressed),
        digest,
        hex(sig),
      ).catch((error: unknown) => {
        expect(error).toBeInstanceOf(Signature.InvalidSignatureError)
        return false
      })
      judged++
      if (verdict !== (result === 'valid')) wrong.push([tcId, result, comment])
    }
  expect(judged).toBe(wycheproof.numberOfTests)
  // Their R has an x of n or above, so r is x - n. Ethereum's yParity cannot
  // say so (nor would one of 2^127 signatures be such): they are refused.
  expect(wrong).toEqual([
    [350, 'valid', 'k*G has a large x-coordinate'],
    [
      471,
      'valid',
      'r = 2, x = n + 2 is the smallest possible x with a reduction',
    ],
  ])
})

test('numbers that no signature has give no key', async () => {
  const engine = await loadEngine()
  const digest = new Uint8Array(32).fill(1)
  for (const r of [0n, 5n, order, 2n ** 256n])
    for (const s of [0n, 1n, order, 2n ** 256n])
      for (const yParity of [0, 1] as const) {
        if (r === 5n || s !== 1n)
          expect(
            recoverPublicKey(engine, digest, { r, s, yParity }),
          ).toBeUndefined()
      }
})

/** k = 1/2 has an r of 21 bytes, the shortest that is known. */
const half = invert(2n)

test('signatures with a short r or s of every length sign and verify', async () => {
  const digest = createHash('sha256').update('short').digest()
  const z = toBigInt(digest)
  expect(toBigInt(multiply(half).subarray(1, 33)).toString(16)).toHaveLength(42)
  for (let bytes = 1; bytes <= 31; bytes++)
    for (const highS of [false, true]) {
      // s is what is wanted, so the key is what must fit it.
      for (const k of [half, 3n]) {
        const s = 0xabn << BigInt(8 * (bytes - 1))
        const r = mod(toBigInt(multiply(k).subarray(1, 33)))
        const d = mod((s * k - z) * invert(r))
        const memory = createMemoryKey({ d, k: () => k, highS: () => highS })
        const key = await SigningKey.connect({
          service: memory.service,
          keyId: 'alias/short',
        })
        const signature = await key.sign(Digest.from(digest))
        expect(signature).toMatchObject({ r, s })
        expect(Signature.toHex(signature)).toMatch(/^0x[0-9a-f]{130}$/)
      }
    }
})

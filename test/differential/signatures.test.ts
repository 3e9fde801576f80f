import { randomBytes } from 'node:crypto'
import { SigningKey as EthersKey } from 'ethers'
import { recoverPublicKey } from 'viem'
import { expect, test } from 'vitest'
import * as Digest from '../../packages/core/src/digest/index.js'
import {
  PublicKey,
  Signature,
  SigningKey,
} from '../../packages/core/src/index.js'
import { order } from '../support/curve.js'
import {
  createMemoryKey,
  keyArn,
  toDer,
  toSpki,
} from '../support/memoryKeyService.js'
import { soak } from '../support/tools.js'

const keyId = 'alias/differential'
const timeoutMs = soak ? 1_200_000 : 60_000
const toHex = (bytes: Uint8Array) =>
  `0x${Buffer.from(bytes).toString('hex')}` as const

test(
  'random keys and digests: viem and ethers recover the same key',
  async () => {
    for (let i = 0; i < (soak ? 20_000 : 50); i++) {
      const memory = createMemoryKey()
      const key = await SigningKey.connect({ service: memory.service, keyId })
      const digest = randomBytes(32)
      const signature = await key.sign(Digest.from(digest))
      const hex = Signature.toHex(signature)
      expect(hex).toHaveLength(132)
      expect(signature.s <= order >> 1n).toBe(true)
      const publicKey = toHex(PublicKey.fromSpki(memory.spki))
      const seen = [memory.privateKey, toHex(digest), hex]
      expect([
        ...seen,
        EthersKey.recoverPublicKey(digest, Signature.toRpc(signature)),
      ]).toEqual([...seen, publicKey])
      // Five times as slow, and of the same kin: a fifth of the cases.
      if (i % 5 === 0)
        expect(
          await recoverPublicKey({ hash: toHex(digest), signature: hex }),
        ).toBe(publicKey)
    }
  },
  timeoutMs,
)

/** The smallest x of that many bytes that a point has, from a start on. */
async function findX(bytes: number, hash: `0x${string}`): Promise<bigint> {
  const start = BigInt(`0x${randomBytes(bytes).toString('hex')}`)
  const first = 2n ** BigInt(8 * bytes - 8)
  for (let x = start < first ? start + first : start; ; x++)
    try {
      const signature = Signature.toHex({ r: x, s: 1n, yParity: 0 })
      await recoverPublicKey({ hash, signature })
      return x
    } catch {
      // No point has this x; about every second one has.
    }
}

const lengths = soak
  ? Array.from({ length: 31 }, (_, i) => i + 1)
  : [1, 2, 15, 16, 30, 31]

// For any r that is an x of the curve there is a key whose signature it is:
// recovery yields it, so nobody has to know its private key.
test('r and s of 1 to 31 bytes, both halves of s, both parities', async () => {
  const digest = randomBytes(32)
  const hash = toHex(digest)
  for (const bytes of lengths) {
    const r = await findX(bytes, hash)
    for (const s of [0x80n << BigInt(8 * bytes - 8), order >> 2n])
      for (const yParity of [0, 1] as const) {
        const low = { r, s, yParity }
        const publicKey = await recoverPublicKey({
          hash,
          signature: Signature.toHex(low),
        })
        const spki = toSpki(Buffer.from(publicKey.slice(2), 'hex'))
        for (const der of [toDer(low), toDer({ r, s: order - s })]) {
          const key = await SigningKey.connect({
            keyId,
            service: {
              getPublicKey: async () => ({ spki, keyRef: keyArn }),
              signDigest: async () => ({ der, keyRef: keyArn }),
            },
          })
          expect(await key.sign(Digest.from(digest))).toMatchObject(low)
        }
        expect(EthersKey.recoverPublicKey(digest, Signature.toRpc(low))).toBe(
          publicKey,
        )
      }
  }
})

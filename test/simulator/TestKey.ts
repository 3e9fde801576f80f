import { SigningKey, Transaction } from '../../packages/core/src/index.js'
import { loadEngine } from '../../packages/core/src/recoverPublicKey.js'
import { invert, mod, multiply, order, toBigInt } from '../support/curve.js'
import { toDer, toSpki } from '../support/memoryKeyService.js'
import type { Random } from './random.js'

type Address = `0x${string}`
type Hex = `0x${string}`

/** A fixed key whose signatures cost microseconds. */
export type TestKey = {
  spki: Uint8Array
  keyArn: string
  address: Address
  /** A signature of its own at each call, high s as often as low. */
  sign(digest: Uint8Array, random: Random): Uint8Array
  /** Signs a whole transaction, as another wallet of the same key does. */
  signTransaction(
    transaction: Transaction.Unsigned,
    random: Random,
  ): Promise<Hex>
}

const keyArn =
  'arn:aws:kms:us-east-1:000000000000:key/51515151-5151-4151-8151-515151515151'

const secret =
  0x51_4d_55_4c_41_54_4f_52_4b_45_59_00_11_22_33_44_55_66_77_88_99_aa_bb_cc_dd_ee_ff_01_02_03_04n

/** Points for nonces: few are enough where the key is known anyway. */
const pointCount = 64

let opened: Promise<TestKey> | undefined

export function open(): Promise<TestKey> {
  opened ??= create()
  return opened
}

async function create(): Promise<TestKey> {
  const publicKey = multiply(secret)
  const spki = new Uint8Array(toSpki(publicKey))
  const points = Array.from({ length: pointCount }, (_, index) => {
    const k = mod(secret * BigInt(index + 3) + 0x5eedn)
    const point = multiply(k)
    const r = mod(toBigInt(point.subarray(1, 33)))
    const isOdd = (point[64] ?? 0) % 2 === 1
    return { inverse: invert(k), r, rd: mod(r * secret), isOdd }
  })
  const know = await rememberRecoveries(new Uint8Array(publicKey))

  function sign(digest: Uint8Array, random: Random): Uint8Array {
    const point = points[random.below(pointCount)] as (typeof points)[number]
    const s = mod(point.inverse * (toBigInt(digest) + point.rd))
    const isHigh = s > order >> 1n
    const low = isHigh ? order - s : s
    know(digest, point.r, low, point.isOdd !== isHigh ? 1 : 0)
    const { r } = point
    return toDer({ r, s: random.chance(0.5) ? low : order - low })
  }

  const service = (random: Random) => ({
    getPublicKey: async () => ({ spki, keyRef: keyArn }),
    signDigest: async (_: string, digest: Uint8Array) => ({
      der: sign(digest, random),
      keyRef: keyArn,
    }),
  })
  const { address } = await SigningKey.connect({
    service: service({ below: () => 0, chance: () => true } as never),
    keyId: keyArn,
  })
  return {
    spki,
    keyArn,
    address: address.toLowerCase() as Address,
    sign,
    async signTransaction(transaction, random) {
      const key = SigningKey.open({
        service: service(random),
        keyId: keyArn,
        expectedAddress: address,
      })
      return (await Transaction.sign(key, transaction)).raw
    },
  }
}

/** Beyond it, what is known is forgotten. */
const maxKnown = 20_000

/**
 * Recovering a key takes 70 us, twice per signature and once per reading of
 * stored bytes; of signatures made here the answer is known.
 */
async function rememberRecoveries(publicKey: Uint8Array) {
  const engine = await loadEngine()
  const recover = engine.recoverPublicKey
  const known = new Map<string, Uint8Array | undefined>()
  const nameOf = (signature: Uint8Array, digest: Uint8Array) =>
    `${Buffer.from(signature).toString('latin1')}${Buffer.from(digest).toString('latin1')}`
  engine.recoverPublicKey = (signature, digest) => {
    const name = nameOf(signature, digest)
    if (known.has(name)) {
      const found = known.get(name)
      if (found === undefined) throw new Error('no such point')
      return found.slice()
    }
    if (known.size > maxKnown) known.clear()
    const found = recover(signature, digest)
    known.set(name, found)
    return found
  }
  return (digest: Uint8Array, r: bigint, s: bigint, yParity: 0 | 1) => {
    const bytes = Buffer.from(
      `0${yParity}${r.toString(16).padStart(64, '0')}${s.toString(16).padStart(64, '0')}`,
      'hex',
    )
    if (known.size > maxKnown) known.clear()
    known.set(nameOf(bytes, digest), publicKey)
    bytes[0] = 1 - yParity
    // The other parity belongs to another key, or to none.
    known.set(nameOf(bytes, digest), undefined)
  }
}

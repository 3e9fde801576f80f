import { createPublicKey, randomInt } from 'node:crypto'
import type { KeyService } from '../../packages/core/src/KeyService.js'
import {
  invert,
  mod,
  multiply,
  order,
  randomScalar,
  toBigInt,
  toBytes,
} from './curve.js'

export const keyArn =
  'arn:aws:kms:us-east-1:000000000000:key/11111111-2222-4333-8444-555555555555'

export type MemoryKey = {
  /** 0x and 64 digits, as viem, ethers and cast take it. */
  privateKey: `0x${string}`
  d: bigint
  spki: Buffer
  service: KeyService
  /** What was asked of the service, in order. */
  calls: ('getPublicKey' | 'signDigest')[]
}

type Options = {
  d?: bigint
  arn?: string
  /** Of each signature's k; random unless given, as in KMS. */
  k?: () => bigint
  /** s in the upper half; for half of the signatures unless given, as in KMS. */
  highS?: () => boolean
}

/** KMS in the test's own process, with a key that the test knows. */
export function createMemoryKey(options: Options = {}): MemoryKey {
  const {
    d = randomScalar(),
    arn = keyArn,
    k = randomScalar,
    highS = () => randomInt(2) === 1,
  } = options
  const spki = toSpki(multiply(d))
  const calls: MemoryKey['calls'] = []
  return {
    privateKey: `0x${toBytes(d).toString('hex')}`,
    d,
    spki,
    calls,
    service: {
      async getPublicKey() {
        calls.push('getPublicKey')
        return { spki, keyRef: arn }
      },
      async signDigest(_, digest) {
        calls.push('signDigest')
        const signature = signDigest(d, digest, { k, highS })
        return { der: toDer(signature), keyRef: arn }
      },
    },
  }
}

/** SEC 1, 4.1.3, with the k and the half of s that the caller wants. */
function signDigest(
  d: bigint,
  digest: Uint8Array,
  options: { k: () => bigint; highS: () => boolean },
): { r: bigint; s: bigint } {
  for (;;) {
    const k = options.k()
    const r = mod(toBigInt(multiply(k).subarray(1, 33)))
    const s = mod(invert(k) * (toBigInt(digest) + r * d))
    if (r === 0n || s === 0n) continue
    return { r, s: options.highS() === s > order >> 1n ? s : order - s }
  }
}

/** ECDSA-Sig-Value as KMS encodes it. */
export function toDer({ r, s }: { r: bigint; s: bigint }): Buffer {
  const body = Buffer.concat([toInteger(r), toInteger(s)])
  return Buffer.concat([Buffer.from([0x30, body.length]), body])
}

function toInteger(value: bigint): Buffer {
  const hex = value.toString(16)
  const bytes = Buffer.from(
    hex.padStart(hex.length + (hex.length % 2), '0'),
    'hex',
  )
  const padded =
    (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes
  return Buffer.concat([Buffer.from([0x02, padded.length]), padded])
}

/** SubjectPublicKeyInfo as OpenSSL writes it. */
export function toSpki(point: Buffer): Buffer {
  const key = createPublicKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'secp256k1',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    },
  })
  return key.export({ format: 'der', type: 'spki' })
}

import { createHash, createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { unwrapKwp, unwrapOaep } from './import/WrappingAlgorithm.js'
import * as Signature from './Signature.js'

type Vectors<Group, Vector> = {
  testGroups: (Group & {
    tests: (Vector & { tcId: number; result: string })[]
  })[]
}

const read = <Group, Vector>(name: string): Vectors<Group, Vector> =>
  JSON.parse(
    readFileSync(
      new URL(
        `../../../../test/vectors/wycheproof.${name}_test.json`,
        import.meta.url,
      ),
      'utf8',
    ),
  ) as Vectors<Group, Vector>

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex')

test('ECDSA over secp256k1 with SHA-256', () => {
  const { testGroups } = read<
    { publicKey: { uncompressed: string } },
    { msg: string; sig: string }
  >('ecdsa_secp256k1_sha256')
  const wrong: number[] = []
  let count = 0
  for (const { publicKey, tests } of testGroups)
    for (const { tcId, msg, sig, result } of tests) {
      count += 1
      const digest = createHash('sha256').update(bytes(msg)).digest()
      const point = bytes(publicKey.uncompressed)
      const valid = Signature.verify(bytes(sig), digest, point)
      if (valid !== (result === 'valid')) wrong.push(tcId)
    }
  expect({ count, wrong }).toEqual({ count: 476, wrong: [] })
})

describe('key wrapping', () => {
  test('AES-KWP under 256-bit keys', () => {
    const { testGroups } = read<
      { keySize: number },
      { key: string; msg: string; ct: string }
    >('aes_kwp')
    const wrong: number[] = []
    let count = 0
    for (const { keySize, tests } of testGroups)
      for (const { tcId, key, msg, ct, result } of tests) {
        if (keySize !== 256) continue
        count += 1
        const got = unwrapKwp(bytes(key), bytes(ct))?.toString('hex')
        if (got !== (result === 'valid' ? msg : undefined)) wrong.push(tcId)
      }
    expect({ count: count > 50, wrong }).toEqual({ count: true, wrong: [] })
  })

  test('RSA-OAEP with SHA-256', () => {
    const { testGroups } = read<
      { privateKeyPkcs8: string },
      { msg: string; ct: string; label: string }
    >('rsa_oaep_2048_sha256_mgf1sha256')
    const wrong: number[] = []
    let labelled = 0
    for (const { privateKeyPkcs8, tests } of testGroups) {
      const key = createPrivateKey({
        key: bytes(privateKeyPkcs8),
        format: 'der',
        type: 'pkcs8',
      })
      for (const { tcId, msg, ct, label, result } of tests) {
        // An import has an empty label; with any other, nothing is unwrapped.
        if (label !== '') labelled += 1
        const got = unwrapOaep(key, bytes(ct), 'sha256')?.toString('hex')
        const valid = result === 'valid' && label === ''
        if (got !== (valid ? msg : undefined)) wrong.push(tcId)
      }
    }
    expect({ labelled, wrong }).toEqual({ labelled: 8, wrong: [] })
  })
})

import { createHash, randomBytes } from 'node:crypto'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { expect, test } from 'vitest'
import { createTestKms } from '../../../../test/support/createTestKms.js'
import * as Signature from './Signature.js'

const privateKey = secp256k1.utils.randomSecretKey()
const publicKey = secp256k1.getPublicKey(privateKey, false)
const half = secp256k1.Point.Fn.ORDER / 2n

test('signatures of one digest differ, and half of them have a high s', () => {
  const digest = randomBytes(32)
  const signatures = Array.from({ length: 400 }, () =>
    Signature.sign(digest, privateKey),
  )
  const distinct = new Set(signatures.map((der) => Buffer.from(der).toString()))
  expect(distinct.size).toBe(400)
  const high = signatures.filter(
    (der) => secp256k1.Signature.fromBytes(der, 'der').s > half,
  ).length
  // Outside these bounds once in 10^9 runs.
  expect(high).toBeGreaterThan(140)
  expect(high).toBeLessThan(260)
  for (const der of signatures.slice(0, 20))
    expect(Signature.verify(der, digest, publicKey)).toBe(true)
})

test('either form of s is valid to Verify, another digest is not', () => {
  const digest = randomBytes(32)
  const { r, s } = secp256k1.Signature.fromBytes(
    Signature.sign(digest, privateKey),
    'der',
  )
  const other = secp256k1.Point.Fn.ORDER - s
  for (const each of [s, other]) {
    const der = new secp256k1.Signature(r, each).toBytes('der')
    expect(Signature.verify(der, digest, publicKey)).toBe(true)
    expect(Signature.verify(der, randomBytes(32), publicKey)).toBe(false)
  }
})

test('RAW is SHA-256 of the message, DIGEST the bytes as they are', async () => {
  const aws = createTestKms()
  const { keyId, arn } = await aws.createKey()
  const message = Buffer.from('thirty-two bytes, or as many here')
  const asked = { KeyId: keyId, SigningAlgorithm: 'ECDSA_SHA_256' }
  const raw = { ...asked, Message: message.toString('base64') }
  const digest = {
    ...asked,
    MessageType: 'DIGEST',
    Message: createHash('sha256').update(message).digest('base64'),
  }
  const valid = {
    status: 200,
    body: {
      KeyId: arn,
      SignatureValid: true,
      SigningAlgorithm: 'ECDSA_SHA_256',
    },
  }
  for (const [signed, verified] of [
    [raw, digest],
    [digest, { ...raw, MessageType: 'RAW' }],
  ]) {
    const answer = await aws.ok('Sign', signed)
    expect({ ...answer, Signature: '' }).toEqual({
      KeyId: arn,
      Signature: '',
      SigningAlgorithm: 'ECDSA_SHA_256',
    })
    const { Signature: given } = answer
    expect(await aws.send('Verify', { ...verified, Signature: given })).toEqual(
      valid,
    )
  }
  aws.kms.close()
})

import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
} from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { createTestKms } from '../../../../../test/support/createTestKms.js'
import { soak } from '../../../../../test/support/tools.js'
import {
  importKey,
  newPkcs8,
  wrapKeyMaterial,
} from '../../../../../test/support/wrapKeyMaterial.js'

const aws = createTestKms()
afterAll(() => aws.kms.close())
const external = () => aws.createKey({ Origin: 'EXTERNAL' })
const dayMs = 86_400_000

const spkiOf = (pkcs8: Buffer): string =>
  createPublicKey(
    createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }),
  )
    .export({ format: 'der', type: 'spki' })
    .toString('base64')

const getSet = async (keyId: string, algorithm = 'RSAES_OAEP_SHA_256') => {
  const set = await aws.ok('GetParametersForImport', {
    KeyId: keyId,
    WrappingAlgorithm: algorithm,
    WrappingKeySpec: 'RSA_2048',
  })
  return {
    token: String(set.ImportToken),
    publicKey: Buffer.from(String(set.PublicKey), 'base64'),
    answer: set,
  }
}
const put = async (
  keyId: string,
  token: string,
  wrapped: Buffer,
  extra: object = { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' },
  server = aws,
) =>
  await server.send('ImportKeyMaterial', {
    KeyId: keyId,
    ImportToken: token,
    EncryptedKeyMaterial: wrapped.toString('base64'),
    ...extra,
  })
const refused = (type: string, message?: string) => ({
  status: 400,
  body: { __type: type, ...(message !== undefined && { message }) },
})
const imported = (arn: string) => ({ status: 200, body: { KeyId: arn } })

// Larger keys take long to create and behave the same.
const specs = ['RSA_2048', ...(soak ? ['RSA_3072', 'RSA_4096'] : [])]
describe.each(specs)('%s', (spec) => {
  test.each([
    'RSAES_OAEP_SHA_1',
    'RSAES_OAEP_SHA_256',
    'RSA_AES_KEY_WRAP_SHA_1',
    'RSA_AES_KEY_WRAP_SHA_256',
  ])('%s', async (algorithm) => {
    const { keyId, arn } = await external()
    const pkcs8 = newPkcs8()
    expect(await importKey(aws, keyId, pkcs8, { algorithm, spec })).toEqual(
      imported(arn),
    )
    const { PublicKey } = await aws.ok('GetPublicKey', { KeyId: keyId })
    expect(PublicKey).toBe(spkiOf(pkcs8))
  })
})

describe('tokens', () => {
  test('last 24 hours, and newer sets do not end older ones', async () => {
    const { keyId, arn } = await external()
    const pkcs8 = newPkcs8()
    const first = await getSet(keyId)
    const second = await getSet(keyId)
    expect(first.publicKey).not.toEqual(second.publicKey)
    expect(first.answer.ParametersValidTo).toBe((aws.clock.now + dayMs) / 1000)
    const wrapped = wrapKeyMaterial(
      'RSAES_OAEP_SHA_256',
      first.publicKey,
      pkcs8,
    )
    const before = aws.clock.now
    aws.clock.now = before + dayMs - 1
    expect(await put(keyId, first.token, wrapped)).toEqual(imported(arn))
    aws.clock.now = before + dayMs
    expect(await put(keyId, first.token, wrapped)).toEqual(
      refused('ExpiredImportTokenException'),
    )
    // Its wrapping key is already erased; the token still shows why.
    await getSet(keyId)
    expect(await put(keyId, first.token, wrapped)).toEqual(
      refused('ExpiredImportTokenException'),
    )
    aws.clock.now = before
  })

  test('belong to one key, one set and one algorithm', async () => {
    const a = await external()
    const b = await external()
    const pkcs8 = newPkcs8()
    const set = await getSet(a.keyId)
    const other = await getSet(a.keyId)
    const good = wrapKeyMaterial('RSAES_OAEP_SHA_256', set.publicKey, pkcs8)
    expect(await put(b.keyId, set.token, good)).toEqual(
      refused('InvalidImportTokenException'),
    )
    expect(await put(a.keyId, other.token, good)).toEqual(
      refused('InvalidCiphertextException'),
    )
    const sha1 = wrapKeyMaterial('RSAES_OAEP_SHA_1', set.publicKey, pkcs8)
    expect(await put(a.keyId, set.token, sha1)).toEqual(
      refused('InvalidCiphertextException'),
    )
    for (const length of [255, 257])
      expect(await put(a.keyId, set.token, randomBytes(length))).toEqual(
        refused('ValidationException', 'Invalid encrypted key size.'),
      )
    const token = Buffer.from(set.token, 'base64')
    for (let at = 0; at < token.length; at += soak ? 1 : 7) {
      const bad = Buffer.from(token)
      bad[at] = (bad[at] ?? 0) ^ 1
      expect(await put(a.keyId, bad.toString('base64'), good)).toEqual(
        refused('InvalidImportTokenException'),
      )
    }
    expect(await put(a.keyId, set.token, good, {})).toEqual(
      refused(
        'ValidationException',
        'A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES',
      ),
    )
    // None of these failures used the token up.
    expect(await put(a.keyId, set.token, good)).toEqual(imported(a.arn))
  })

  test('work after a restart', async () => {
    const first = createTestKms()
    const { keyId, arn } = await first.createKey({ Origin: 'EXTERNAL' })
    const set = await first.ok('GetParametersForImport', {
      KeyId: keyId,
      WrappingAlgorithm: 'RSA_AES_KEY_WRAP_SHA_256',
      WrappingKeySpec: 'RSA_2048',
    })
    const second = first.reopen()
    const wrapped = wrapKeyMaterial(
      'RSA_AES_KEY_WRAP_SHA_256',
      Buffer.from(String(set.PublicKey), 'base64'),
      newPkcs8(),
    )
    expect(
      await put(keyId, String(set.ImportToken), wrapped, undefined, second),
    ).toEqual(imported(arn))
    second.kms.close()
  })
})

describe('material', () => {
  test('of another form or curve is refused', async () => {
    const { keyId } = await external()
    const pem = { format: 'pem', type: 'pkcs8' } as const
    const k256 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
    const p256 = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    const { token, publicKey } = await getSet(keyId)
    const texts: Record<string, string> = {}
    for (const [name, bytes] of Object.entries({
      sec1: k256.privateKey.export({ format: 'der', type: 'sec1' }),
      raw: randomBytes(32),
      pem: Buffer.from(k256.privateKey.export(pem)).subarray(0, 190),
      p256: p256.privateKey.export({ format: 'der', type: 'pkcs8' }),
      public: k256.publicKey.export({ format: 'der', type: 'spki' }),
    })) {
      const { body } = await put(
        keyId,
        token,
        wrapKeyMaterial('RSAES_OAEP_SHA_256', publicKey, bytes),
      )
      texts[name] = `${body.__type}: ${body.message}`
    }
    const start =
      'IncorrectKeyMaterialException: The key material cannot be imported: '
    expect(texts).toEqual({
      sec1: `${start}it is not a PKCS #8 private key in DER.`,
      raw: `${start}it is not a PKCS #8 private key in DER.`,
      pem: `${start}it is not a PKCS #8 private key in DER.`,
      p256: `${start}its curve is not named secp256k1 (1.3.132.0.10).`,
      public: `${start}it is not a PKCS #8 private key in DER.`,
    })
  })

  test('of the key never changes, after deletion and restart either', async () => {
    const first = createTestKms()
    const { keyId, arn } = await first.createKey({ Origin: 'EXTERNAL' })
    const pkcs8 = newPkcs8()
    const other = refused(
      'IncorrectKeyMaterialException',
      'The key material cannot be imported: it is not the key material that was first imported into this key.',
    )
    expect(await importKey(first, keyId, pkcs8)).toEqual(imported(arn))
    expect(await importKey(first, keyId, newPkcs8())).toEqual(other)
    await first.ok('DeleteImportedKeyMaterial', { KeyId: keyId })
    const second = first.reopen()
    expect(await importKey(second, keyId, newPkcs8())).toEqual(other)
    expect(
      await importKey(second, keyId, pkcs8, {
        algorithm: 'RSA_AES_KEY_WRAP_SHA_1',
      }),
    ).toEqual(imported(arn))
    const { PublicKey } = await second.ok('GetPublicKey', { KeyId: keyId })
    expect(PublicKey).toBe(spkiOf(pkcs8))
    second.kms.close()
  })

  test('that expires leaves the key pending import', async () => {
    const test = createTestKms()
    const { keyId } = await test.createKey({ Origin: 'EXTERNAL' })
    const pkcs8 = newPkcs8()
    const validTo = test.clock.now + dayMs
    const at = (ms: number) => ({
      extra: { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: ms / 1000 },
    })
    for (const wrong of [test.clock.now, test.clock.now + 365 * dayMs + 1])
      expect(await importKey(test, keyId, pkcs8, at(wrong))).toMatchObject({
        body: { __type: 'ValidationException' },
      })
    await importKey(test, keyId, pkcs8, at(validTo))
    const state = async (server = test) =>
      (await server.ok('DescribeKey', { KeyId: keyId })).KeyMetadata
    expect(await state()).toMatchObject({
      KeyState: 'Enabled',
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      ValidTo: validTo / 1000,
    })
    test.clock.now = validTo
    const second = test.reopen()
    const after = await state(second)
    expect(after).toMatchObject({ KeyState: 'PendingImport', Enabled: false })
    expect(after).not.toHaveProperty('ValidTo')
    expect(await importKey(second, keyId, pkcs8)).toMatchObject({ status: 200 })
    expect(await state(second)).toMatchObject({ KeyState: 'Enabled' })
    second.kms.close()
  })

  test('of two racing first imports is one only', async () => {
    const { keyId, arn } = await external()
    const both = await Promise.all(
      [newPkcs8(), newPkcs8()].map((pkcs8) => importKey(aws, keyId, pkcs8)),
    )
    expect(both.map((reply) => reply.status).sort()).toEqual([200, 400])
    expect(both).toContainEqual(imported(arn))
  })
})

import {
  constants,
  createCipheriv,
  createPublicKey,
  generateKeyPairSync,
  publicEncrypt,
  randomBytes,
} from 'node:crypto'
import type { TestKms } from './openTestKms.js'

/** PKCS#8 of a new k256 key, made by OpenSSL. */
export const newPkcs8 = (): Buffer =>
  generateKeyPairSync('ec', {
    namedCurve: 'secp256k1',
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
    publicKeyEncoding: { type: 'spki', format: 'der' },
  }).privateKey

/** Wraps as a client of AWS does, for any of the four algorithms. */
export const wrapKeyMaterial = (
  algorithm: string,
  publicKey: Buffer,
  material: Uint8Array,
): Buffer => {
  const oaep = {
    key: createPublicKey({ key: publicKey, format: 'der', type: 'spki' }),
    padding: constants.RSA_PKCS1_OAEP_PADDING,
    oaepHash: algorithm.endsWith('SHA_1') ? 'sha1' : 'sha256',
  }
  if (algorithm.startsWith('RSAES')) return publicEncrypt(oaep, material)
  const aesKey = randomBytes(32)
  const iv = Buffer.from('a65959a6', 'hex')
  const cipher = createCipheriv('id-aes256-wrap-pad', aesKey, iv)
  return Buffer.concat([
    publicEncrypt(oaep, aesKey),
    cipher.update(material),
    cipher.final(),
  ])
}

/** One import from parameters to material, with what the test changes. */
export const importKey = async (
  test: TestKms,
  keyId: string,
  material: Uint8Array,
  options: { algorithm?: string; spec?: string; extra?: object } = {},
) => {
  const { algorithm = 'RSAES_OAEP_SHA_256', spec = 'RSA_2048' } = options
  const set = await test.ok('GetParametersForImport', {
    KeyId: keyId,
    WrappingAlgorithm: algorithm,
    WrappingKeySpec: spec,
  })
  const publicKey = Buffer.from(String(set.PublicKey), 'base64')
  return await test.send('ImportKeyMaterial', {
    KeyId: keyId,
    ImportToken: set.ImportToken,
    EncryptedKeyMaterial: wrapKeyMaterial(
      algorithm,
      publicKey,
      material,
    ).toString('base64'),
    ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    ...options.extra,
  })
}

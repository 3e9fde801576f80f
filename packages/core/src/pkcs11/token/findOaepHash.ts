import { generateKeyPairSync } from 'node:crypto'
import { hashes, keyType, mechanism, objectClass } from '../constants.js'
import { Pkcs11Error } from '../errors.js'
import type * as Session from '../Session.js'
import * as Objects from './objects.js'
import { callWrap, toRsaPublic } from './wrapKey.js'

/**
 * The strongest hash that the token supports for wrapping with RSA-OAEP. The
 * token's mechanism list doesn't show this, so each hash is tried with session
 * keys.
 */
export async function findOaepHash(
  session: Session.Session,
): Promise<keyof typeof hashes> {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const rsa = await Objects.create(session, {
    ...{ class: objectClass.publicKey, keyType: keyType.rsa, token: false },
    ...{ wrap: true },
    ...toRsaPublic(publicKey.export({ format: 'der', type: 'spki' })),
  })
  const aes = await Objects.generateAes(session, {
    ...{ class: objectClass.secretKey, keyType: keyType.aes, token: false },
    ...{ extractable: true, valueLength: 32 },
  })
  const how = session.cryptoki.toOaep(mechanism.rsaOaep, hashes.sha256)
  try {
    await callWrap(session, how, rsa, aes)
    return 'sha256'
  } catch (error) {
    if (error instanceof Pkcs11Error) return 'sha1'
    throw error
  }
}

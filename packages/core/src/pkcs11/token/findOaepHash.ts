import { generateKeyPairSync } from 'node:crypto'
import type { Handle } from '../Cryptoki.js'
import { hashes, keyType, mechanism, objectClass } from '../constants.js'
import { Pkcs11Error } from '../errors.js'
import * as Session from '../Session.js'
import * as Template from '../Template.js'
import { callWrap, toRsaPublic } from './wrapKey.js'

/**
 * The better hash that the token has for wrapping by RSA-OAEP: tried with keys
 * of this session, as its list of mechanisms does not tell.
 */
export async function findOaepHash(
  session: Session.Session,
): Promise<keyof typeof hashes> {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const rsa = await createObject(session, 'C_CreateObject', {
    ...{ class: objectClass.publicKey, keyType: keyType.rsa, token: false },
    ...{ wrap: true },
    ...toRsaPublic(publicKey.export({ format: 'der', type: 'spki' })),
  })
  const aes = await createObject(session, 'C_GenerateKey', {
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

async function createObject(
  session: Session.Session,
  by: 'C_CreateObject' | 'C_GenerateKey',
  values: Template.Values,
): Promise<Handle> {
  const { cryptoki } = session
  const template = Template.encode(values, cryptoki.ulongBytes)
  const handle: Handle[] = [0]
  const how =
    by === 'C_GenerateKey' ? [cryptoki.toMechanism(mechanism.aesKeyGen)] : []
  await Session.call(session, by, ...how, template, template.length, handle)
  return handle[0] ?? 0
}

import { createPublicKey, randomUUID } from 'node:crypto'
import type { Handle, Mechanism } from '../Cryptoki.js'
import { hashes, keyType, mechanism, objectClass } from '../constants.js'
import { Pkcs11ConfigurationError } from '../errors.js'
import { findKey, readSpki } from '../findKey.js'
import type { Pkcs11Options } from '../openSessions.js'
import * as Session from '../Session.js'
import * as Template from '../Template.js'
import * as Objects from './objects.js'
import { withSession } from './withSession.js'

/** A key that left its token, wrapped for one recipient. */
export type WrappedKey = {
  /** SubjectPublicKeyInfo of the key itself. */
  spki: Uint8Array
  label: string
  /** The hash for RSA-OAEP and its MGF1. */
  hash: keyof typeof hashes
  /** A 256-bit AES key under RSA-OAEP, then PKCS#8 under KWP (RFC 5649). */
  bytes: Uint8Array
}

/**
 * Label prefix of the objects made for one wrapping, including those that a
 * crash leaves behind.
 */
const prefix = 'keyward-wrapping-'

/**
 * Wraps an extractable key for the holder of `recipient`'s private key. The
 * security officer creates, and so trusts, both wrapping keys; the user wraps
 * with them and destroys them. Neither can do it alone, and nothing leaves the
 * token in clear text.
 *
 * @param request.recipient - SubjectPublicKeyInfo of an RSA key.
 * @param request.hash - The hash for RSA-OAEP: see `findOaepHash`.
 */
export async function wrapKey(
  options: Pkcs11Options,
  officerPin: string,
  request: { keyId: string; recipient: Uint8Array; hash: keyof typeof hashes },
): Promise<WrappedKey> {
  const name = prefix + randomUUID()
  const rsa = toRsaPublic(request.recipient)
  await withSession(options, 'user', 'check the key', (session) =>
    assertExportable(session, request.keyId),
  )
  const officer = { ...options, pin: officerPin }
  await withSession(
    officer,
    'securityOfficer',
    'create wrapping keys',
    (session) => createWrappingKeys(session, name, rsa),
  )
  return withSession(options, 'user', 'wrap the key', async (session) => {
    try {
      return await wrap(session, name, request)
    } finally {
      await Objects.destroy(session, { label: name })
    }
  })
}

/** Destroys objects left behind by an interrupted wrapping. */
export async function removeLeftovers(
  session: Session.Session,
): Promise<number> {
  let removed = 0
  for (const kind of [objectClass.secretKey, objectClass.publicKey])
    for (const handle of await Session.find(session, { class: kind })) {
      const { label } = await Session.read(session, handle, ['label'])
      if (
        !Buffer.from(label ?? [])
          .toString('utf8')
          .startsWith(prefix)
      )
        continue
      await Session.call(session, 'C_DestroyObject', handle)
      removed++
    }
  return removed
}

/**
 * A key may leave its token only if it was created as extractable and nobody
 * could have copied it.
 *
 * @throws Pkcs11ConfigurationError
 */
export async function assertExportable(
  session: Session.Session,
  keyId: string,
): Promise<void> {
  const { handle } = await findKey(session, keyId)
  const read = await Session.read(session, handle, [
    'extractable',
    'sensitive',
    'wrapWithTrusted',
  ])
  if (Template.toBoolean(read.extractable) !== true)
    throw new Pkcs11ConfigurationError(
      `the key "${keyId}" can never leave its token; move the account's funds to a new ` +
        'key instead',
    )
  if (Template.toBoolean(read.sensitive) !== true)
    throw new Pkcs11ConfigurationError(
      `the key "${keyId}" lacks CKA_SENSITIVE, so anyone with the PIN can read it, and may have done so. Keyward does not export such keys; move the account's funds to a new key`,
    )
  if (Template.toBoolean(read.wrapWithTrusted) !== true)
    throw new Pkcs11ConfigurationError(
      `the key "${keyId}" lacks CKA_WRAP_WITH_TRUSTED, so anyone with the PIN can wrap it with any key, and may have done so. Keyward does not export such keys; move the account's funds to a new key`,
    )
}

export type RsaPublic = { modulus: Uint8Array; publicExponent: Uint8Array }

export function toRsaPublic(spki: Uint8Array): RsaPublic {
  const key = createPublicKey({
    key: Buffer.from(spki),
    format: 'der',
    type: 'spki',
  })
  const { n = '', e = '' } = key.export({ format: 'jwk' })
  const modulus = Buffer.from(String(n), 'base64url')
  if (key.asymmetricKeyType !== 'rsa' || modulus.length < 256)
    throw new Pkcs11ConfigurationError(
      'the recipient is not an RSA key of 2048 bits or more',
    )
  return { modulus, publicExponent: Buffer.from(String(e), 'base64url') }
}

/** Anyone with the PIN can use these keys to wrap, but for nothing else. */
async function createWrappingKeys(
  session: Session.Session,
  label: string,
  rsa: RsaPublic,
): Promise<void> {
  const common = {
    ...{ token: true, private: false, modifiable: false, label },
    ...{ trusted: true, wrap: true, encrypt: false },
  }
  await Objects.generateAes(session, {
    ...{ class: objectClass.secretKey, keyType: keyType.aes, ...common },
    ...{ sensitive: true, extractable: true, wrapWithTrusted: true },
    ...{ unwrap: false, decrypt: false, valueLength: 32 },
  })
  await Objects.create(session, {
    ...{ class: objectClass.publicKey, keyType: keyType.rsa, ...common },
    ...{ verify: false, ...rsa },
  })
}

async function wrap(
  session: Session.Session,
  name: string,
  { keyId, hash }: { keyId: string; hash: keyof typeof hashes },
): Promise<WrappedKey> {
  const key = await findKey(session, keyId)
  const spki = await readSpki(session, key, keyId)
  const one = async (kind: number) => {
    // Anyone may add other keys with this label, but only the officer can mark
    // one as trusted.
    const made = { class: kind, label: name, trusted: true }
    const [handle] = await Session.find(session, made)
    if (handle === undefined)
      throw new Pkcs11ConfigurationError(
        'the wrapping keys that the security officer created no longer exist',
      )
    return handle
  }
  const aes = await one(objectClass.secretKey)
  const rsa = await one(objectClass.publicKey)
  const { cryptoki } = session
  const oaep = cryptoki.toOaep(mechanism.rsaOaep, hashes[hash])
  const bytes = await callWrap(session, oaep, rsa, aes)
  const how = cryptoki.toMechanism(mechanism.aesKeyWrapPad)
  const material = await callWrap(session, how, aes, key.handle)
  return {
    spki,
    label: key.label,
    hash,
    bytes: Uint8Array.of(...bytes, ...material),
  }
}

export async function callWrap(
  session: Session.Session,
  how: Mechanism,
  by: Handle,
  what: Handle,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(2048)
  const length: Handle[] = [bytes.length]
  await Session.call(session, 'C_WrapKey', how, by, what, bytes, length)
  return bytes.slice(0, Number(length[0]))
}

import { createHash, createPublicKey, randomBytes } from 'node:crypto'
import type { Handle } from '../Cryptoki.js'
import { hashes, keyType, mechanism, objectClass } from '../constants.js'
import { noRsaKey, Pkcs11KeyError, Pkcs11ResponseError } from '../errors.js'
import { findKey } from '../findKey.js'
import * as KeyUri from '../KeyUri.js'
import * as Session from '../Session.js'
import * as Spki from '../Spki.js'
import { assertFree, toPrivate, toPublic } from './createKey.js'
import * as Objects from './objects.js'
import type { WrappedKey } from './wrapKey.js'

/** Size of a recipient's RSA key in bits. */
const recipientBits = 3072

/**
 * Generates the RSA pair of a token that will receive a key. Only this token
 * can unwrap keys that are wrapped for it.
 *
 * @returns SubjectPublicKeyInfo
 */
export async function createRecipient(
  session: Session.Session,
  label: string,
): Promise<Uint8Array> {
  await assertFree(session, label)
  const id = randomBytes(16)
  const handle = await Objects.generatePair(session, 'rsaKeyPairGen', {
    publicKey: {
      ...{ token: true, private: true, label, id, modifiable: false },
      ...{ wrap: true, encrypt: false, verify: false },
      ...{ modulusBits: recipientBits },
      publicExponent: Uint8Array.of(1, 0, 1),
    },
    privateKey: {
      ...{ token: true, private: true, sensitive: true, label, id },
      ...{ extractable: false, modifiable: false },
      ...{ unwrap: true, decrypt: false, sign: false },
    },
  })
  return readRsa(session, handle)
}

/** @returns SubjectPublicKeyInfo */
export async function readRecipient(
  session: Session.Session,
  label: string,
): Promise<Uint8Array> {
  const [handle] = await Session.find(session, {
    class: objectClass.publicKey,
    keyType: keyType.rsa,
    // Ignore a key that someone could have put there without a PIN.
    private: true,
    label,
  })
  if (handle === undefined)
    throw new Pkcs11KeyError(
      label,
      noRsaKey,
      'Use the label of the RSA key that keyward key recipient created.',
      'label',
    )
  return readRsa(session, handle)
}

async function readRsa(
  session: Session.Session,
  handle: Handle,
): Promise<Uint8Array> {
  const read = await Session.read(session, handle, [
    'modulus',
    'publicExponent',
  ])
  const toText = (bytes: Uint8Array | undefined) =>
    Buffer.from(bytes ?? []).toString('base64url')
  const jwk = {
    kty: 'RSA',
    n: toText(read.modulus),
    e: toText(read.publicExponent),
  }
  return createPublicKey({ key: jwk, format: 'jwk' }).export({
    format: 'der',
    type: 'spki',
  })
}

/** SHA-256 of a SubjectPublicKeyInfo, in groups that can be read aloud. */
export function fingerprint(spki: Uint8Array): string {
  const hex = createHash('sha256').update(spki).digest('hex')
  return hex.match(/.{4}/g)?.join(' ') ?? ''
}

/**
 * Imports a key that was wrapped for a recipient on this token.
 *
 * @returns the key's name (RFC 7512)
 * @throws Pkcs11KeyError if the label is in use
 */
export async function unwrapKey(
  session: Session.Session,
  request: {
    recipientLabel: string
    wrapped: Pick<WrappedKey, 'spki' | 'hash' | 'bytes'>
    label: string
    isExtractable: boolean
  },
): Promise<string> {
  const { wrapped, label, recipientLabel } = request
  await assertFree(session, label)
  const [rsa] = await Session.find(session, {
    class: objectClass.privateKey,
    keyType: keyType.rsa,
    label: recipientLabel,
  })
  if (rsa === undefined)
    throw new Pkcs11KeyError(
      recipientLabel,
      noRsaKey,
      'Use the label of the RSA key that keyward key recipient created.',
      'label',
    )
  const size = await sizeOf(session, recipientLabel)
  if (wrapped.bytes.length <= size)
    throw new Pkcs11ResponseError('C_WrapKey', 'it is cut off')
  const { cryptoki } = session
  const aes = await Objects.unwrap(
    session,
    {
      how: cryptoki.toOaep(mechanism.rsaOaep, hashes[wrapped.hash]),
      by: rsa,
      bytes: wrapped.bytes.slice(0, size),
    },
    {
      ...{ class: objectClass.secretKey, keyType: keyType.aes, token: false },
      ...{ sensitive: true, extractable: false, unwrap: true, decrypt: false },
    },
  )
  const id = randomBytes(16)
  // A wrapped key doesn't include its public key. The public key is created
  // first, because it is harmless on its own if the rest fails.
  const beside = await Objects.create(session, {
    ...{ class: objectClass.publicKey, keyType: keyType.ec },
    ...toPublic(label, id),
    ecParams: Spki.secp256k1,
    ecPoint: Uint8Array.of(0x04, 0x41, ...wrapped.spki.slice(-65)),
  })
  try {
    await Objects.unwrap(
      session,
      {
        how: cryptoki.toMechanism(mechanism.aesKeyWrapPad),
        by: aes,
        bytes: wrapped.bytes.slice(size),
      },
      {
        ...{ class: objectClass.privateKey, keyType: keyType.ec },
        ...toPrivate(label, id, request.isExtractable),
      },
    )
  } catch (error) {
    await Session.call(session, 'C_DestroyObject', beside)
    throw error
  }
  return (await findKey(session, KeyUri.fromId(id))).keyRef
}

/** Length in bytes of an RSA ciphertext for the recipient. */
async function sizeOf(
  session: Session.Session,
  label: string,
): Promise<number> {
  const spki = Buffer.from(await readRecipient(session, label))
  const { asymmetricKeyDetails } = createPublicKey({
    key: spki,
    format: 'der',
    type: 'spki',
  })
  return (asymmetricKeyDetails?.modulusLength ?? 0) / 8
}

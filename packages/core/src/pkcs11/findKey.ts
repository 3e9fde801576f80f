import type { Handle } from './Cryptoki.js'
import { keyType, objectClass } from './constants.js'
import { Pkcs11KeyError, Pkcs11ResponseError } from './errors.js'
import * as KeyUri from './KeyUri.js'
import * as Session from './Session.js'
import * as Spki from './Spki.js'
import * as Template from './Template.js'

/** A secp256k1 private key on a token. */
export type TokenKey = {
  /** Handle of the private key. */
  handle: Handle
  /** An RFC 7512 URI with token, serial, id and object. */
  keyRef: string
  label: string
  id: Uint8Array
}

const otherToken =
  'Correct the name of the key, or use the token that the name specifies.'
const otherKey = 'Use a key on the curve secp256k1.'

/**
 * @throws Pkcs11KeyError for no key, several keys, or a key on another curve
 */
export async function findKey(
  session: Session.Session,
  keyId: string,
): Promise<TokenKey> {
  const uri = KeyUri.parse(keyId)
  const { label, serial } = session.token
  if (uri.token !== undefined && uri.token !== label)
    throw new Pkcs11KeyError(
      keyId,
      `this token has the label ${JSON.stringify(label)}`,
      otherToken,
    )
  if (uri.serial !== undefined && uri.serial !== serial)
    throw new Pkcs11KeyError(
      keyId,
      `this token has the serial number ${serial}`,
      otherToken,
    )
  const found = await Session.find(session, {
    class: objectClass.privateKey,
    ...toValues(uri),
  })
  const [handle] = found
  if (handle === undefined)
    throw new Pkcs11KeyError(keyId, 'no private key has this name')
  if (found.length > 1)
    throw new Pkcs11KeyError(
      keyId,
      `${found.length} private keys have this name`,
      'Specify the key by its id, such as pkcs11:id=%01 (RFC 7512).',
    )
  await assertCurve(session, handle, keyId)
  return describe(session, handle)
}

export async function describe(
  session: Session.Session,
  handle: Handle,
): Promise<TokenKey> {
  const { id = new Uint8Array(), label } = await Session.read(session, handle, [
    'id',
    'label',
  ])
  const name = Buffer.from(label ?? []).toString('utf8')
  const { label: token, serial } = session.token
  const keyRef = KeyUri.format({ token, serial, id, label: name })
  return { handle, keyRef, label: name, id }
}

function toValues({ label, id }: KeyUri.KeyUri): Template.Values {
  return {
    ...(label === undefined ? {} : { label }),
    ...(id === undefined ? {} : { id }),
  }
}

async function assertCurve(
  session: Session.Session,
  handle: Handle,
  keyId: string,
): Promise<void> {
  const found = await Session.read(session, handle, ['keyType', 'ecParams'])
  if (Template.toNumber(found.keyType) !== keyType.ec)
    throw new Pkcs11KeyError(keyId, 'it is not an EC key', otherKey)
  const params = found.ecParams ?? new Uint8Array()
  if (Buffer.compare(params, Spki.secp256k1) !== 0)
    throw new Pkcs11KeyError(keyId, 'its curve is not secp256k1', otherKey)
}

/**
 * SubjectPublicKeyInfo of the public key that belongs to a private key.
 *
 * @throws Pkcs11KeyError, Pkcs11ResponseError
 */
export async function readSpki(
  session: Session.Session,
  key: TokenKey,
  keyId: string,
): Promise<Uint8Array> {
  // Some tokens also store the point with the private key.
  const own = await Session.read(session, key.handle, ['ecPoint'])
  const points: Uint8Array[] = own.ecPoint?.length ? [own.ecPoint] : []
  const beside = await Session.find(session, {
    class: objectClass.publicKey,
    keyType: keyType.ec,
    ...(key.id.length > 0 ? { id: key.id } : { label: key.label }),
  })
  for (const handle of beside) {
    const { ecPoint } = await Session.read(session, handle, ['ecPoint'])
    if (ecPoint !== undefined) points.push(ecPoint)
  }
  const [spki, ...others] = new Set(
    points.map((point) => {
      const spki = Spki.fromEcPoint(point)
      if (spki === undefined)
        throw new Pkcs11ResponseError(
          'C_GetAttributeValue',
          'its CKA_EC_POINT is not an uncompressed point',
        )
      return Buffer.from(spki).toString('hex')
    }),
  )
  if (spki === undefined)
    throw new Pkcs11KeyError(
      keyId,
      'no public key has its id',
      "Create the key's public key on the token, with the same id.",
    )
  if (others.length > 0)
    throw new Pkcs11KeyError(
      keyId,
      'several public keys have its id',
      'Delete the public keys that belong to other keys from the token.',
    )
  return Buffer.from(spki, 'hex')
}

import { Message, PublicKey, SigningKey } from '@keyward/core'
import {
  createPkcs11Service,
  Pkcs11KeyError,
  type Pkcs11Options,
  type TokenKeyInfo,
} from '@keyward/core/pkcs11'

/** Signs with a key of a token, and closes what was opened for it. */
export async function withTokenKey<value>(
  options: Pkcs11Options,
  keyId: string,
  work: (key: SigningKey.SigningKey) => Promise<value>,
): Promise<value> {
  const service = await createPkcs11Service(options)
  try {
    return await work(await SigningKey.connect({ service, keyId }))
  } finally {
    await service.close()
  }
}

/**
 * Whose a token's key is, shown by a signature: the public key beside it may be
 * anybody's who reaches the token.
 *
 * @throws InvalidSignatureError where it is another's
 */
export function proveTokenKey(
  options: Pkcs11Options,
  keyId: string,
): Promise<{ address: string; keyRef: string }> {
  return withTokenKey(options, keyId, async (key) => {
    await Message.sign(key, 'Keyward: this shows whose a key on a token is.')
    return key.checkAddress()
  })
}

/** EIP-55; null where no public key stands beside it. */
export function addressOfToken({ spki }: TokenKeyInfo): string | null {
  return spki === undefined
    ? null
    : PublicKey.toAddress(PublicKey.fromSpki(spki))
}

/** The one of a list that a key reference names. @throws Pkcs11KeyError */
export function findByRef(
  keys: readonly TokenKeyInfo[],
  keyRef: string,
): TokenKeyInfo {
  const found = keys.find((key) => key.keyRef === keyRef)
  if (found === undefined)
    throw new Pkcs11KeyError(keyRef, 'it no longer exists')
  return found
}

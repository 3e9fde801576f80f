import { Message, PublicKey, SigningKey } from '@keyward/core'
import {
  createPkcs11Service,
  Pkcs11KeyError,
  type Pkcs11Options,
  type TokenKeyInfo,
} from '@keyward/core/pkcs11'

/** Signs with a token's key, and then closes everything that it opened. */
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
 * Proves the account of a token's key with a signature, because the public key
 * stored with it may come from anyone with access to the token.
 *
 * @throws InvalidSignatureError if another key signed
 */
export function proveTokenKey(
  options: Pkcs11Options,
  keyId: string,
): Promise<{ address: string; keyRef: string }> {
  return withTokenKey(options, keyId, async (key) => {
    await Message.sign(
      key,
      'Keyward: this signature shows to which account a key on a token belongs.',
    )
    return key.checkAddress()
  })
}

/** EIP-55 form; null if the token has no matching public key. */
export function addressOfToken({ spki }: TokenKeyInfo): string | null {
  return spki === undefined
    ? null
    : PublicKey.toAddress(PublicKey.fromSpki(spki))
}

/** Finds the key with a given reference in a list. @throws Pkcs11KeyError */
export function findByRef(
  keys: readonly TokenKeyInfo[],
  keyRef: string,
): TokenKeyInfo {
  const found = keys.find((key) => key.keyRef === keyRef)
  if (found === undefined)
    throw new Pkcs11KeyError(keyRef, 'it no longer exists')
  return found
}

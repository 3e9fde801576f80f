import { randomBytes } from 'node:crypto'
import { objectClass } from '../constants.js'
import { Pkcs11KeyError } from '../errors.js'
import { findKey } from '../findKey.js'
import * as KeyUri from '../KeyUri.js'
import * as Session from '../Session.js'
import * as Spki from '../Spki.js'
import type * as Template from '../Template.js'
import * as Objects from './objects.js'

/**
 * Makes the token create a key that can only sign. An extractable key can leave
 * the token only wrapped by a key that the security officer trusts; otherwise
 * anyone with the PIN could wrap it with any key.
 *
 * @returns the key's name (RFC 7512)
 * @throws Pkcs11KeyError if the label is in use
 */
export async function createKey(
  session: Session.Session,
  { label, isExtractable }: { label: string; isExtractable: boolean },
): Promise<string> {
  await assertFree(session, label)
  const id = randomBytes(16)
  await Objects.generatePair(session, 'ecKeyPairGen', {
    publicKey: { ...toPublic(label, id), ecParams: Spki.secp256k1 },
    privateKey: {
      ...toPrivate(label, id, isExtractable),
      // Set only for generated keys, because SoftHSM2 can't unwrap unmodifiable
      // ones.
      modifiable: false,
    },
  })
  const { keyRef } = await findKey(session, KeyUri.fromId(id))
  return keyRef
}

/** @throws Pkcs11KeyError if the label is not a valid key name or is in use */
export async function assertFree(
  session: Session.Session,
  label: string,
): Promise<void> {
  if (label === '' || /^pkcs11:/i.test(label) || /\p{Cc}/u.test(label))
    throw new Pkcs11KeyError(
      label,
      'a label must be one line of text and must not begin with "pkcs11:"',
      'Choose another label.',
      'label',
    )
  const found = await Session.find(session, {
    class: objectClass.privateKey,
    label,
  })
  if (found.length > 0)
    throw new Pkcs11KeyError(
      label,
      'another key already has this label',
      'Choose another label.',
      'label',
    )
}

export function toPublic(label: string, id: Uint8Array): Template.Values {
  return {
    // If this needed no login, anyone with access to the token could replace
    // the public key, and with it the account.
    ...{ token: true, private: true, modifiable: false },
    ...{ verify: true, label, id },
  }
}

export function toPrivate(
  label: string,
  id: Uint8Array,
  isExtractable: boolean,
): Template.Values {
  return {
    ...{ token: true, private: true, sensitive: true, label, id },
    ...{ sign: true, decrypt: false, unwrap: false, derive: false },
    extractable: isExtractable,
    ...(isExtractable ? { wrapWithTrusted: true } : {}),
  }
}

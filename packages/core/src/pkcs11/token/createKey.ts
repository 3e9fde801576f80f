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
 * Has the token make a key that signs and does nothing else. One that may leave
 * it does so only wrapped, by a key that the security officer trusts: else
 * whoever has the PIN could wrap it with any key.
 *
 * @returns its name (RFC 7512)
 * @throws Pkcs11KeyError where the label is in use
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
      // Not for every key: SoftHSM2 unwraps none that can't be changed.
      modifiable: false,
    },
  })
  const { keyRef } = await findKey(session, KeyUri.fromId(id))
  return keyRef
}

/** @throws Pkcs11KeyError where no key can be named by it, or one is */
export async function assertFree(
  session: Session.Session,
  label: string,
): Promise<void> {
  if (label === '' || /^pkcs11:/i.test(label) || /\p{Cc}/u.test(label))
    throw new Pkcs11KeyError(
      JSON.stringify(label),
      'a label must be one line of text that does not begin with pkcs11:',
    )
  const found = await Session.find(session, {
    class: objectClass.privateKey,
    label,
  })
  if (found.length > 0)
    throw new Pkcs11KeyError(label, 'another key already has this label')
}

export function toPublic(label: string, id: Uint8Array): Template.Values {
  return {
    // Without a login anybody who reaches the token could put another in its
    // place, and so another account.
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

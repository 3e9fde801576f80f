import { keyType, objectClass } from '../constants.js'
import { describe, readSpki } from '../findKey.js'
import * as Session from '../Session.js'
import * as Spki from '../Spki.js'
import * as Template from '../Template.js'

/** A secp256k1 private key on a token, as described by its attributes. */
export type TokenKeyInfo = {
  /** An RFC 7512 URI with token, serial, id and object. */
  keyRef: string
  label: string
  /** Hex. */
  id: string
  /**
   * SubjectPublicKeyInfo; undefined if the token has no matching public key.
   */
  spki: Uint8Array | undefined
  /** Whether it can leave the token in wrapped form. */
  isExtractable: boolean
  /** Whether it has never been extractable. */
  wasNeverExtractable: boolean
  /** Whether only keys trusted by the security officer can wrap it. */
  isForTrustedOnly: boolean
  /** Whether its value can never be read. */
  isSensitive: boolean
  /** Whether the token generated it, rather than imported it. */
  isLocal: boolean
}

/** All private keys on the curve, by label. */
export async function listKeys(
  session: Session.Session,
): Promise<TokenKeyInfo[]> {
  const handles = await Session.find(session, {
    class: objectClass.privateKey,
    keyType: keyType.ec,
    ecParams: Spki.secp256k1,
  })
  const keys: TokenKeyInfo[] = []
  for (const handle of handles) {
    const key = await describe(session, handle)
    const read = await Session.read(session, handle, [
      'extractable',
      'neverExtractable',
      'wrapWithTrusted',
      'sensitive',
      'local',
    ])
    const is = (name: keyof typeof read, fallback: boolean) =>
      Template.toBoolean(read[name]) ?? fallback
    keys.push({
      keyRef: key.keyRef,
      label: key.label,
      id: Buffer.from(key.id).toString('hex'),
      spki: await readSpki(session, key, key.keyRef).catch(() => undefined),
      // For a missing attribute, assume the worse value.
      isExtractable: is('extractable', true),
      wasNeverExtractable: is('neverExtractable', false),
      isForTrustedOnly: is('wrapWithTrusted', false),
      isSensitive: is('sensitive', false),
      isLocal: is('local', false),
    })
  }
  return keys.sort((a, b) => (a.label < b.label ? -1 : 1))
}

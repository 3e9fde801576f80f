import { keyType, objectClass } from '../constants.js'
import { describe, readSpki } from '../findKey.js'
import * as Session from '../Session.js'
import * as Spki from '../Spki.js'
import * as Template from '../Template.js'

/** A private key of secp256k1 on a token, as its attributes tell. */
export type TokenKeyInfo = {
  /** RFC 7512, with token, serial, id and object. */
  keyRef: string
  label: string
  /** Hex. */
  id: string
  /** SubjectPublicKeyInfo; undefined where no public key stands beside it. */
  spki: Uint8Array | undefined
  /** Whether it can leave the token, wrapped. */
  isExtractable: boolean
  /** Whether it was never otherwise. */
  wasNeverExtractable: boolean
  /** Whether only a key that the security officer trusts can wrap it. */
  isForTrustedOnly: boolean
  /** Whether its value cannot be read. */
  isSensitive: boolean
  /** Whether the token made it, and nobody has brought it. */
  isLocal: boolean
}

/** Every private key of the curve, by label. */
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
      // What is not told is taken for the worse.
      isExtractable: is('extractable', true),
      wasNeverExtractable: is('neverExtractable', false),
      isForTrustedOnly: is('wrapWithTrusted', false),
      isSensitive: is('sensitive', false),
      isLocal: is('local', false),
    })
  }
  return keys.sort((a, b) => (a.label < b.label ? -1 : 1))
}

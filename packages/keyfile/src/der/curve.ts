import {
  compareAddress,
  copyAgain,
  createAnother,
  KeyFileError,
} from '../KeyFileError.js'
import { type Element, tag } from './Der.js'
import { curveName, oid } from './oids.js'

/**
 * Checks that the curve is named. Explicit parameters are refused even if they
 * are those of secp256k1: keys with look-alike parameters are a known attack,
 * and KMS accepts only the name.
 *
 * @throws KeyFileError
 */
export function assertCurve(
  element: Element | undefined,
  what: string,
  kind: 'private' | 'public' = 'private',
): void {
  if (element?.tag === tag.sequence)
    throw new KeyFileError(
      `${what} specifies its curve with explicit parameters instead of by name.`,
      `Only the named curve secp256k1 is allowed. If OpenSSL knows the curve, convert the key: ${conversion[kind]}`,
    )
  if (element?.tag !== tag.oid)
    throw new KeyFileError(`${what} doesn't name its curve.`, copyAgain)
  if (element.content.toString('hex') !== oid.secp256k1)
    throw new KeyFileError(
      `${what} is on ${curveName(element.content)}, but Ethereum uses secp256k1.`,
      kind === 'private'
        ? createAnother
        : 'Pass the public key of an Ethereum account.',
    )
}

const conversion = {
  private: `openssl ec -in FILE -param_enc named_curve -out NEW. ${compareAddress}`,
  public: 'openssl ec -pubin -in FILE -param_enc named_curve -out NEW.',
}

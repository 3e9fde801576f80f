import { KeyFileError } from '../KeyFileError.js'
import { type Element, tag } from './Der.js'
import { curveName, oid } from './oids.js'

/**
 * The curve has to be named. Parameters spelt out are refused even when they
 * are those of secp256k1: keys with other parameters that look alike are a
 * known attack, and KMS takes the name only.
 *
 * @throws KeyFileError
 */
export function assertCurve(element: Element | undefined, what: string): void {
  if (element?.tag === tag.sequence)
    throw new KeyFileError(
      `${what} spells its curve out in parameters instead of naming it.`,
      'Only the named curve secp256k1 is allowed. OpenSSL writes the name: openssl ec -in FILE -param_enc named_curve -out NEW. It does so for a curve that it knows; compare the address afterwards.',
    )
  if (element?.tag !== tag.oid)
    throw new KeyFileError(`${what} does not name its curve.`)
  if (element.content.toString('hex') !== oid.secp256k1)
    throw new KeyFileError(
      `${what} is on the curve ${curveName(element.content)}, and Ethereum's is secp256k1.`,
      'Make a key by keyward key generate, or openssl ecparam -name secp256k1 -genkey -noout.',
    )
}
